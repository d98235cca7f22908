//! Commands as docs/operations.md shows them, so that what runs is what a person types.

use std::{fs, process::Command};

use test_tools::repository;

use crate::deployed::tools;

/// Where the platform team reads what to type.
const GUIDE: &str = "docs/operations.md";

/// A line of a shell block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is typed, without its comment.
    pub typed: String,
    /// The comment: a part of the answer to expect.
    pub answer: Option<String>,
}

/// The lines of the first shell block that holds these words.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn block(words: &str) -> Vec<Step> {
    let text = fs::read_to_string(repository().join(GUIDE)).expect("the guide is there");
    steps(&text, words).unwrap_or_else(|| panic!("{GUIDE} has no shell block with {words}"))
}

fn steps(text: &str, words: &str) -> Option<Vec<Step>> {
    let mut blocks = text.split("```sh\n").skip(1);
    let block =
        blocks.find_map(|rest| rest.split_once("```").filter(|(b, _)| b.contains(words)))?;
    let lines = block.0.lines().filter(|line| !line.trim().is_empty());
    Some(lines.map(step).collect())
}

fn step(line: &str) -> Step {
    let (typed, answer) = match line.split_once(" # ") {
        Some((typed, answer)) => (typed, Some(answer.trim().to_owned())),
        None => (line, None),
    };
    Step {
        typed: typed.trim().to_owned(),
        answer,
    }
}

/// Types the steps into one shell, in the repository; what each printed to its standard output.
///
/// # Errors
/// What was printed, when a step fails.
pub fn run(steps: &[Step], prepare: impl FnOnce(&mut Command)) -> Result<Vec<String>, String> {
    let script: String = steps
        .iter()
        .map(|step| format!("{}\nprintf '\\n{MARK}\\n'\n", step.typed))
        .collect();
    // A function that cannot start leaves SAM CLI waiting for ever.
    let mut bash = tools::command("timeout".as_ref());
    bash.args([LIMIT, "bash", "-euo", "pipefail", "-c", &script]);
    prepare(&mut bash);
    let output = bash.output().map_err(|error| error.to_string())?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{}: {stdout}{stderr}", output.status));
    }
    let mut printed: Vec<_> = stdout.split(MARK).map(|s| s.trim().to_owned()).collect();
    printed.truncate(steps.len());
    Ok(printed)
}

/// How long the steps may take: a build from nothing does, on a busy machine.
const LIMIT: &str = "60m";
const MARK: &str = "-- the next line --";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployed::tools::FUNCTIONS;

    #[test]
    fn each_function_is_tried_with_two_events_and_their_answers() {
        let steps = block("sam local invoke");
        for (prefix, logical_id) in FUNCTIONS {
            let start = format!("sam local invoke {logical_id} -e events/{prefix}.");
            let tried: Vec<_> = steps
                .iter()
                .filter(|s| s.typed.starts_with(&start))
                .collect();
            assert_eq!(tried.len(), 2, "{logical_id}");
            for step in tried {
                let event = step.typed.split(' ').nth(5).map(|e| repository().join(e));
                assert!(event.is_some_and(|event| event.is_file()), "{}", step.typed);
                assert!(step.answer.is_some(), "{}", step.typed);
            }
        }
    }

    #[test]
    fn a_block_is_found_by_its_words() {
        let text =
            "```sh\ncargo run\n```\ntext\n```sh\na=1\n\nsam go -e \"$a\"   # \"status\":4\n```\n";
        let step = |typed: &str, answer: Option<&str>| Step {
            typed: typed.into(),
            answer: answer.map(str::to_owned),
        };
        let wanted = vec![
            step("a=1", None),
            step("sam go -e \"$a\"", Some("\"status\":4")),
        ];
        assert_eq!(steps(text, "sam go"), Some(wanted));
        assert_eq!(steps(text, "sam stop"), None);
    }

    #[test]
    fn steps_share_a_shell_and_keep_their_answers_apart() {
        let typed = ["a=b", "echo \"$a\"", "echo c; echo d >&2"];
        let steps = typed.map(step);
        let printed = run(&steps, |_| {});
        assert_eq!(printed, Ok(vec![String::new(), "b".into(), "c".into()]));
    }

    #[test]
    fn a_step_that_fails_says_what_it_printed() {
        let steps = ["echo a", "echo no >&2; false", "echo b"].map(step);
        let failed = run(&steps, |_| {}).expect_err("it fails");
        assert!(failed.contains('a') && failed.contains("no\n"), "{failed}");
        assert!(!failed.contains('b'), "{failed}");
    }
}
