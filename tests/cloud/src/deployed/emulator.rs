//! A function's release build under AWS's Runtime Interface Emulator, which is what
//! `sam local invoke` runs in its container.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use serde_json::Value;
use test_tools::{Server, python_script, repository, venv};

use super::world::World;

/// What `sam build` made of a function.
#[must_use]
pub fn bootstrap(logical_id: &str) -> PathBuf {
    let build = repository().join(".aws-sam/build");
    build.join(logical_id).join("bootstrap")
}

/// A function that waits for events.
pub struct Emulated {
    server: Server,
    client: reqwest::Client,
}

impl Emulated {
    /// Starts it with the deployed one's environment.
    pub async fn start(world: &World, logical_id: &str) -> Self {
        let emulator = venv("sam").package("samcli");
        let emulator = emulator.join("local/rapid/aws-lambda-rie-x86_64");
        let mut command = Command::new(venv("sam").program("python"));
        command
            .arg(python_script("rie_server.py"))
            .args([emulator, bootstrap(logical_id)])
            .env_clear()
            .envs(world.cloud.environment())
            .envs(world.function_environment(logical_id).await)
            .stderr(Stdio::inherit());
        adapters::http::install_crypto();
        Self {
            server: Server::start(&mut command),
            client: reqwest::Client::new(),
        }
    }

    /// What it answers to an event; a text when it is no JSON.
    ///
    /// # Panics
    /// When the emulator does not answer.
    pub async fn invoke(&self, event: &Value) -> Value {
        let path = "/2015-03-31/functions/function/invocations";
        let url = format!("{}{path}", self.server.origin());
        let answer = self.client.post(url).body(event.to_string()).send().await;
        let text = answer.expect("an answer").text().await.expect("a text");
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    }
}
