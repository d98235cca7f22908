//! The functions that are compared, each a process of its own.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::{Start, runtime_api::RuntimeApi};
use crate::deployed::{emulator::bootstrap, tools::FUNCTIONS};
use serde_json::Value;
use test_tools::{python_script, repository, venv};
use tokio::sync::oneshot;

/// How long a start may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// An event for each function that it answers by itself, without another service.
const EVENTS: [(&str, &str); 4] = [
    ("dashboard", "dashboard.unknown-page"),
    ("oauth-callback", "oauth-callback.unknown-path"),
    ("poller", "poller.records-of-another-kind"),
    ("pipeline", "pipeline.empty"),
];
/// What a deployed function has beside the settings of `events/env.example.json`.
const ENVIRONMENT: [(&str, &str); 9] = [
    ("AWS_ACCESS_KEY_ID", "none"),
    ("AWS_SECRET_ACCESS_KEY", "none"),
    ("AWS_REGION", "us-east-1"),
    ("AWS_DEFAULT_REGION", "us-east-1"),
    ("AWS_LAMBDA_FUNCTION_NAME", "function"),
    ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
    ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
    ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/function"),
    ("AWS_LAMBDA_LOG_STREAM_NAME", "stream"),
];

/// A program that asks the Runtime API for events.
pub struct Function {
    pub name: String,
    pub program: PathBuf,
    arguments: Vec<String>,
    event: Value,
}

impl Function {
    /// Ours, and Python's.
    pub fn all() -> Vec<Self> {
        let ours = FUNCTIONS.into_iter().map(|(name, logical_id)| Self {
            name: name.to_owned(),
            program: bootstrap(logical_id),
            arguments: Vec::new(),
            event: event(EVENTS.iter().find(|(of, _)| *of == name).unwrap().1),
        });
        let python = Self {
            name: "Python: awslambdaric, boto3".to_owned(),
            program: venv("awslambdaric").program("python"),
            arguments: ["-m", "awslambdaric", "first_event.handler"]
                .map(str::to_owned)
                .into(),
            event: event("pipeline.empty"),
        };
        ours.chain([python]).collect()
    }

    /// Whether it is the one that ours are compared with.
    pub fn is_python(&self) -> bool {
        !self.arguments.is_empty()
    }

    /// Starts it and lets it answer one event; then it is ended.
    pub async fn start(&self) -> Start {
        let mut api = RuntimeApi::start(&self.event).await;
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .current_dir(python_script("").as_path())
            .env_clear()
            .envs(settings())
            .envs(ENVIRONMENT)
            .env("AWS_LAMBDA_RUNTIME_API", &api.address)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let started = Instant::now();
        let mut process = Ended(command.spawn().unwrap());
        let asked = process.until(&mut api.asked, "it asks for an event").await;
        let answered = process.until(&mut api.answered, "it answers").await;
        api.stop();
        Start {
            asked: asked - started,
            answered: answered - asked,
            memory: memory(process.0.id(), "VmHWM:"),
            private: memory(process.0.id(), "RssAnon:"),
        }
    }
}

struct Ended(Child);

impl Ended {
    async fn until(&mut self, told: &mut oneshot::Receiver<Instant>, what: &str) -> Instant {
        let told = tokio::time::timeout(PATIENCE, told).await;
        let ended = self.0.try_wait().unwrap();
        assert_eq!(ended, None, "it ended before {what}");
        told.unwrap_or_else(|_| panic!("it is long until {what}"))
            .unwrap()
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn event(name: &str) -> Value {
    let file = repository().join("events").join(format!("{name}.json"));
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

fn settings() -> Vec<(String, String)> {
    let settings = event("env.example");
    let settings = settings["Parameters"].as_object().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    settings
        .iter()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}

/// A line of what the kernel says of a process's memory, in KiB.
fn memory(process: u32, line: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|l| l.strip_prefix(line)).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}
