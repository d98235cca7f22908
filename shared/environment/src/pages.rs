//! The table as people read it: in `--help`, and as `docs/configuration.md`.

use std::fmt::Write as _;

use crate::variables::{FUNCTIONS, Reader, VARIABLES, Variable, Without};

/// The length of a line of `--help`, in characters.
const WIDTH: usize = 92;
const INDENT: &str = "          ";

/// What `--help` says of the variables of the one process.
#[must_use]
pub fn help() -> String {
    let mut text = "Environment:\n".to_owned();
    for variable in read_by(Reader::OneMachine) {
        let default = on_one_machine(variable);
        let meaning = format!("{} [default: {default}]", variable.meaning);
        let _ = write!(text, "  {}\n{}", variable.name, wrapped(&meaning));
    }
    text
}

fn read_by(reader: Reader) -> impl Iterator<Item = &'static Variable> {
    VARIABLES
        .iter()
        .filter(move |variable| variable.is_read_by(reader))
}

const fn on_one_machine(variable: &Variable) -> &'static str {
    match variable.without {
        Without::Default(default) | Without::OneMachineOnly(default) => default,
        Without::Nothing => "nothing starts",
    }
}

fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let length = line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && length > WIDTH - INDENT.len() {
            let _ = writeln!(lines, "{INDENT}{line}");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(lines, "{INDENT}{line}");
    lines
}

/// `docs/configuration.md`.
#[must_use]
pub fn configuration() -> String {
    let mut text = "\
# Configuration

Every setting is a variable of the environment; an empty value counts as not set. What is missing \
or wrong is named at the start, before anything else is done. This page is written from the table \
in `shared/environment/src/variables.rs`: `cargo run -p environment --example configuration > \
docs/configuration.md`.

## On one machine

| Variable | Meaning | Without it |
|---|---|---|
"
    .to_owned();
    for variable in read_by(Reader::OneMachine) {
        let default = on_one_machine(variable);
        let _ = writeln!(
            text,
            "| `{}` | {} | {default} |",
            variable.name, variable.meaning
        );
    }
    text.push_str(
        "
## Deployed functions

`template.yaml` sets these from its parameters and resources.

| Variable | Meaning | Without it | Read by |
|---|---|---|---|
",
    );
    for variable in VARIABLES {
        let functions = FUNCTIONS.iter().filter(|(f, _)| variable.is_read_by(*f));
        let names: Vec<_> = functions.map(|(_, name)| *name).collect();
        if names.is_empty() {
            continue;
        }
        let default = match variable.without {
            Without::Default(default) => default,
            Without::OneMachineOnly(_) | Without::Nothing => "the function does not start",
        };
        let readers = if names.len() == FUNCTIONS.len() {
            "all".to_owned()
        } else {
            names.join(", ")
        };
        let _ = writeln!(
            text,
            "| `{}` | {} | {default} | {readers} |",
            variable.name, variable.meaning
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_the_settings_is_the_table() {
        let page = include_str!("../../../docs/configuration.md");
        assert!(
            page == configuration(),
            "write it anew: cargo run -p environment --example configuration > docs/configuration.md"
        );
    }

    #[test]
    fn help_keeps_to_the_width_of_a_terminal() {
        let help = help();
        assert!(
            help.lines().all(|line| line.chars().count() <= WIDTH),
            "{help}"
        );
        assert!(help.contains("  GONG_CLIENT_ID\n"), "{help}");
        assert!(!help.contains("TABLE_CALLS"), "{help}");
    }

    #[test]
    fn a_variable_is_named_once() {
        let mut names: Vec<_> = VARIABLES.iter().map(|variable| variable.name).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
