//! The platform team's tools, SAM CLI and cargo-lambda, and the functions that they build.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use test_tools::{repository, venv};

/// The functions: their prefix in `events/`, and their name in the template.
pub const FUNCTIONS: [(&str, &str); 4] = [
    ("dashboard", "DashboardFunction"),
    ("oauth-callback", "OauthCallbackFunction"),
    ("poller", "PollerFunction"),
    ("pipeline", "PipelineFunction"),
];

/// A command in the repository that finds the tools.
#[must_use]
pub fn command(program: &Path) -> Command {
    let path = std::env::var("PATH").unwrap_or_default();
    // cargo-lambda finds its linker through the first python3.
    let programs = [venv("cargo-lambda").programs(), venv("sam").programs()];
    let path = programs
        .iter()
        .map(|folder| folder.display().to_string())
        .chain([path])
        .collect::<Vec<_>>()
        .join(":");
    let mut command = Command::new(program);
    command
        .current_dir(repository())
        .env("PATH", path)
        .env("SAM_CLI_TELEMETRY", "0")
        .env("AWS_DEFAULT_REGION", "us-east-1");
    // What Cargo tells this program of its own crate; ring's build script would compile it anew.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}

/// Builds the four binaries as they are released: at once, so that two are linked while two cores
/// are there. `sam build`, which takes them one by one, then finds them made.
///
/// # Panics
/// When it fails; what it printed is shown.
pub fn build_binaries() {
    let mut cargo = command(Path::new("cargo"));
    cargo.args(["lambda", "build", "--release", "--locked"]);
    for (package, _) in FUNCTIONS {
        cargo.args(["-p", package]);
    }
    run(cargo);
}

/// Builds the binaries, and of them what is deployed.
///
/// # Panics
/// When it fails; what it printed is shown.
pub fn build_functions() {
    build_binaries();
    let mut sam = command(Path::new("sam"));
    sam.args(["build", "--config-env", "local"]);
    run(sam);
}

/// Runs a command to its end; what it printed.
///
/// # Panics
/// When it fails; what it printed is shown.
pub fn run(command: Command) -> String {
    let (done, printed) = attempt(command);
    assert!(done, "{printed}");
    printed
}

/// Runs a command to its end; what it wrote to its standard output.
///
/// # Panics
/// When it fails; what it printed is shown.
#[must_use]
pub fn answer(mut command: Command) -> String {
    let output = command.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{stderr}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Runs a command to its end; whether it succeeded, and what it printed.
///
/// # Panics
/// When it cannot be started.
#[must_use]
pub fn attempt(mut command: Command) -> (bool, String) {
    let output = command.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let printed = format!("{command:?}\n{stdout}{stderr}");
    (output.status.success(), printed)
}
