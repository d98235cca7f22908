//! What the documents say that can be checked: their links, and the paths, commands and tests that
//! they name.

use std::{collections::BTreeSet, fs, path::PathBuf, process::Command};

use serde_json::Value;

use crate::crates::{metadata, workspace};

/// README is read at a sitting.
const README_LINES: usize = 120;

/// What a repository path begins with.
const FOLDERS: &[&str] = &[
    ".ci/",
    "deploy/",
    "docs/",
    "events/",
    "functions/",
    "samples/",
    "shared/",
    "tests/",
    "tools/",
];

/// A document with its text.
struct Document {
    file: PathBuf,
    text: String,
}

/// A part of a text between back ticks, or a line of a block of code.
fn code(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut in_block = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if in_block {
            all.push(line.trim().to_owned());
        } else {
            all.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    all
}

pub fn files(ending: &str) -> Vec<PathBuf> {
    let mut git = Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    let listed = git.current_dir(workspace()).output().unwrap().stdout;
    let listed = String::from_utf8(listed).unwrap();
    let ours = listed.lines().filter(|name| name.ends_with(ending));
    ours.map(|name| workspace().join(name))
        .filter(|file| file.is_file())
        .collect()
}

fn documents() -> Vec<Document> {
    let documents = files(".md").into_iter().filter(|file| {
        let inside = file.strip_prefix(workspace()).unwrap();
        // Prompts are no documents.
        inside.components().count() == 1 || inside.starts_with("docs")
    });
    documents
        .map(|file| Document {
            text: fs::read_to_string(&file).unwrap(),
            file,
        })
        .collect()
}

/// A heading as GitHub makes it an anchor.
fn anchor(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let text: String = text.chars().filter(kept).collect();
    text.replace(' ', "-")
}

fn links(text: &str) -> impl Iterator<Item = &str> {
    let after = text.split("](").skip(1);
    after.filter_map(|rest| rest.split_once(')').map(|(link, _)| link))
}

fn broken_link(document: &Document, link: &str) -> Option<String> {
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (path, heading) = link.split_once('#').unwrap_or((link, ""));
    let file = match path {
        "" => document.file.clone(),
        path => document.file.parent().unwrap().join(path),
    };
    if !file.exists() {
        return Some(format!("{link}: no such file"));
    }
    if heading.is_empty() {
        return None;
    }
    let text = match path {
        "" => document.text.clone(),
        _ => fs::read_to_string(&file).unwrap(),
    };
    let mut headings = text.lines().filter(|line| line.starts_with('#'));
    let known = headings.any(|line| anchor(line) == heading);
    (!known).then(|| format!("{link}: no such heading"))
}

/// Words that stand for something else, such as `<name>` or `stage.*.md`, end what is looked up.
fn broken_path(word: &str) -> Option<String> {
    let word = word.trim_matches(['(', ')', ',', ';', ':', '"', '\'']);
    let word = word.split("::").next().unwrap();
    if !FOLDERS.iter().any(|folder| word.starts_with(folder)) {
        return None;
    }
    let stands_for = |part: &&str| part.contains(['<', '*', '…', '$', '{']) || *part == "...";
    let known: PathBuf = word
        .split('/')
        .take_while(|part| !stands_for(part))
        .collect();
    (!workspace().join(known).exists()).then(|| format!("{word}: no such path"))
}

fn after<'a>(words: &[&'a str], option: &str) -> Option<&'a str> {
    let at = words.iter().position(|word| *word == option)?;
    words.get(at + 1).copied()
}

fn broken_command(line: &str, packages: &[Value]) -> Option<String> {
    let line = line.split(" # ").next().unwrap();
    let at = line.find("cargo ")?;
    let words: Vec<&str> = line[at..].split_whitespace().collect();
    let words = match words.iter().position(|word| *word == "--") {
        Some(end) => &words[..end],
        None => &words[..],
    };
    let package = after(words, "-p").or_else(|| after(words, "--package"));
    let of_package = |p: &&Value| package.is_none_or(|name| p["name"] == name);
    let meant: Vec<&Value> = packages.iter().filter(of_package).collect();
    if meant.is_empty() {
        return Some(format!("{line}: no such package"));
    }
    for kind in ["test", "bin", "example"] {
        let Some(name) = after(words, &format!("--{kind}")) else {
            continue;
        };
        let mut targets = meant.iter().flat_map(|p| p["targets"].as_array().unwrap());
        if !targets.any(|target| target["name"] == name && target["kind"][0] == kind) {
            return Some(format!("{line}: no such {kind}"));
        }
    }
    None
}

/// The last part of `module::name` is a test's name when it is a sentence.
fn broken_test(word: &str, sources: &str) -> Option<String> {
    let (_, name) = word.rsplit_once("::")?;
    let is_name = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !is_name || name.matches('_').count() < 3 || word.contains(' ') {
        return None;
    }
    let known = sources.contains(&format!("fn {name}(")) || sources.contains(&format!("{name},"));
    (!known).then(|| format!("{word}: no such test"))
}

fn in_document(document: &Document, packages: &[Value], sources: &str) -> Vec<String> {
    let links = links(&document.text).filter_map(|link| broken_link(document, link));
    let mut wrong: Vec<String> = links.collect();
    for piece in code(&document.text) {
        wrong.extend(broken_command(&piece, packages));
        for word in piece.split_whitespace() {
            wrong.extend(broken_path(word));
            wrong.extend(broken_test(word, sources));
        }
    }
    let inside = document.file.strip_prefix(workspace()).unwrap();
    let wrong = wrong.into_iter();
    wrong
        .map(|why| format!("{}: {why}", inside.display()))
        .collect()
}

#[test]
fn links_paths_commands_and_tests_that_documents_name_exist() {
    let packages = metadata();
    let sources: String = files(".rs")
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    let documents = documents();
    assert!(documents.len() > 5, "they were not found");
    let wrong: BTreeSet<String> = documents
        .iter()
        .flat_map(|document| in_document(document, &packages, &sources))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_readme_is_read_at_a_sitting() {
    let text = fs::read_to_string(workspace().join("README.md")).unwrap();
    assert!(text.lines().count() <= README_LINES);
}

#[test]
fn what_does_not_exist_is_noticed() {
    let document = Document {
        file: workspace().join("README.md"),
        text: "# One heading\n[a](#one-heading) [b](#another) [c](nothing.md) `tests/nothing.rs` \
               `tests/<name>.rs` `e2e::no_such_test_at_all` `cargo run -p nothing`\n```sh\n\
               cargo test -p structure --test nothing # prints it\ncargo test -p structure\n```\n"
            .into(),
    };
    let wrong = in_document(&document, &metadata(), "fn another_test_of_ours() {}");
    assert_eq!(
        wrong,
        [
            "README.md: #another: no such heading",
            "README.md: nothing.md: no such file",
            "README.md: tests/nothing.rs: no such path",
            "README.md: e2e::no_such_test_at_all: no such test",
            "README.md: cargo run -p nothing: no such package",
            "README.md: cargo test -p structure --test nothing: no such test",
        ]
    );
}
