//! The card, proven: that this is the serverless application which it is said to be, by the tools
//! that a platform team has. `cargo run -p cloud-tests --bin card`; with `--without-e2e` it
//! leaves out what `cargo test` runs as well.

#![expect(clippy::print_stdout, reason = "a report")]

mod local_invoke;

use std::{
    path::Path,
    process::{Command, ExitCode, Stdio},
    time::Instant,
};

use cloud_tests::{
    deployed::tools::{self, FUNCTIONS},
    first_event, guide, layout,
};
use test_tools::repository;

/// What became of a part that did not fail.
enum Proven {
    /// It holds; more about it in words.
    Holds(String),
    /// It could not be tried here, and why.
    Skipped(String),
}

type Part = fn() -> Result<Proven, String>;

/// In this order, since the later ones use what the earlier ones build.
const PARTS: [(&str, Part); 7] = [
    ("the layout", layout_is_whole),
    ("sam validate --lint", validates),
    ("cargo lambda build", binaries_are_built),
    ("sam build", is_built),
    ("sam local invoke", local_invoke::answers),
    ("size, start and memory", starts_fast),
    (E2E, is_deployed),
];
const E2E: &str = "the stack in a local AWS";

fn main() -> ExitCode {
    let e2e = match std::env::args().nth(1).as_deref() {
        None => true,
        Some("--without-e2e") => false,
        Some(other) => {
            println!("{other} is no option; there is --without-e2e");
            return ExitCode::from(2);
        }
    };
    let mut summary = Vec::new();
    for (name, part) in PARTS {
        if name == E2E && !e2e {
            continue;
        }
        println!("\n-- {name}");
        let start = Instant::now();
        let (word, more) = match part() {
            Ok(Proven::Holds(more)) => ("holds", more),
            Ok(Proven::Skipped(why)) => ("skipped", why),
            Err(why) => ("FAILS", why),
        };
        let seconds = start.elapsed().as_secs();
        println!("{more}");
        summary.push(format!("| {name} | {word} | {seconds} |"));
        if word == "FAILS" {
            break;
        }
    }
    let failed = summary.iter().any(|line| line.contains("FAILS"));
    println!("\n| part | | s |\n|---|---|---|\n{}", summary.join("\n"));
    ExitCode::from(u8::from(failed))
}

fn layout_is_whole() -> Result<Proven, String> {
    let missing = layout::missing(&repository());
    if missing.is_empty() {
        Ok(Proven::Holds("everything is where it was".into()))
    } else {
        Err(format!("missing: {}", missing.join(", ")))
    }
}

fn validates() -> Result<Proven, String> {
    let mut sam = tools::command(Path::new("sam"));
    sam.args(["validate", "--lint"]);
    match tools::attempt(sam) {
        (true, _) => Ok(Proven::Holds(
            "template.yaml is valid, without a warning".into(),
        )),
        (false, printed) => Err(printed),
    }
}

fn binaries_are_built() -> Result<Proven, String> {
    guide::run(&guide::block("cargo lambda build"), |_| {})?;
    let missing = missing(|(binary, _)| format!("target/lambda/{binary}/bootstrap"));
    missing.map_or_else(
        || Ok(Proven::Holds("four binaries by the guide's line".into())),
        |file| Err(format!("{file} was not made")),
    )
}

fn is_built() -> Result<Proven, String> {
    let steps = guide::block("sam local invoke");
    let building: Vec<_> = steps
        .into_iter()
        .filter(|step| !local_invoke::is_invocation(step))
        .collect();
    guide::run(&building, |_| {})?;
    let missing = missing(|(_, logical_id)| format!(".aws-sam/build/{logical_id}/bootstrap"));
    missing.map_or_else(
        || Ok(Proven::Holds("four functions by the guide's lines".into())),
        |file| Err(format!("{file} was not made")),
    )
}

fn missing(path: impl Fn((&str, &str)) -> String) -> Option<String> {
    FUNCTIONS
        .into_iter()
        .map(path)
        .find(|file| !repository().join(file).is_file())
}

fn starts_fast() -> Result<Proven, String> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let missed = runtime.block_on(first_event::measure(first_event::ROUNDS));
    if missed.is_empty() {
        Ok(Proven::Holds("within their limits".into()))
    } else {
        Err(missed.join("\n"))
    }
}

/// It prints for itself.
fn is_deployed() -> Result<Proven, String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(repository()).stdin(Stdio::null());
    cargo.args(["test", "--quiet", "--locked", "-p", "cloud-tests"]);
    cargo.args(["--test", "deployed", "--", "--nocapture"]);
    let status = cargo
        .status()
        .map_err(|error| format!("{cargo:?}: {error}"))?;
    if status.success() {
        Ok(Proven::Holds(
            "deployed, from the first sign-in to a disconnect".into(),
        ))
    } else {
        Err(format!("{cargo:?}: {status}"))
    }
}
