//! The processes that the local AWS runs functions in.

use std::{fs, process::Command};

/// The ids of the processes below `ancestor` that run the function with this word in its name.
#[must_use]
pub fn of_function(ancestor: u32, function: &str) -> Vec<u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten();
    entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|process| runs(*process, function) && is_below(*process, ancestor))
        .collect()
}

/// Ends a process at once, as a crash of its machine would.
///
/// # Panics
/// When it cannot be ended.
pub fn kill(process: u32) {
    let killed = Command::new("kill")
        .args(["-9", &process.to_string()])
        .status();
    assert!(
        killed.is_ok_and(|status| status.success()),
        "process {process}"
    );
}

fn runs(process: u32, function: &str) -> bool {
    let environment = fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
    let mut variables = environment.split(|byte| *byte == 0);
    variables.any(|variable| {
        let variable = String::from_utf8_lossy(variable);
        let name = variable.strip_prefix("AWS_LAMBDA_FUNCTION_NAME=");
        name.is_some_and(|name| name.contains(function))
    })
}

fn is_below(process: u32, ancestor: u32) -> bool {
    let mut at = process;
    while at > 1 {
        if at == ancestor {
            return true;
        }
        let Some(parent) = parent(at) else {
            return false;
        };
        at = parent;
    }
    false
}

fn parent(process: u32) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("PPid:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
