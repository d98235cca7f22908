//! The linters, offline.

use std::{fs, process::Command};

use test_tools::{repository, venv};

fn clean(command: &mut Command) {
    let command = command
        .current_dir(repository())
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("SAM_CLI_TELEMETRY", "0");
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn sam_finds_nothing() {
    clean(Command::new(venv("sam").program("sam")).args(["validate", "--lint"]));
}

#[test]
fn cfn_lint_finds_nothing() {
    clean(Command::new(venv("sam").program("cfn-lint")).args(["--", "template.yaml"]));
}

#[test]
fn checkov_finds_nothing_beyond_what_is_left_out() {
    clean(
        Command::new(venv("checkov").program("checkov")).args(["--config-file", ".checkov.yaml"]),
    );
}

/// The lines that leave a check out without a reason on the line above.
fn unreasoned(config: &str) -> Vec<&str> {
    let (_, skipped) = config.split_once("skip-check:\n").unwrap_or_default();
    let mut reason = false;
    let mut without = Vec::new();
    for line in skipped.lines().map(str::trim) {
        if line.starts_with("- ") && !reason {
            without.push(line);
        }
        reason = line
            .strip_prefix("# ")
            .is_some_and(|text| text.split_whitespace().count() >= 5);
    }
    without
}

#[test]
fn each_check_that_is_left_out_has_its_reason() {
    let config = fs::read_to_string(repository().join(".checkov.yaml")).unwrap();
    assert!(config.contains("skip-check:\n"));
    assert_eq!(unreasoned(&config), Vec::<&str>::new());
}

#[test]
fn a_missing_reason_is_found() {
    let config = "skip-check:\n  # One reason, in enough words.\n  - A\n  - B\n  # Short.\n  - C\n";
    assert_eq!(unreasoned(config), ["- B", "- C"]);
}
