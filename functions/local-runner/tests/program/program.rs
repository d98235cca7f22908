//! Running the binary.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

/// How often something is looked at again before the test gives up.
const TRIES: usize = 3_000;
const PAUSE: Duration = Duration::from_millis(20);

/// The binary with nothing of this process's environment but what finds programs. It asks no other
/// server of this machine for models.
pub fn productbridge(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_productbridge"));
    command.args(args).env_clear().stdin(Stdio::null());
    command.env("LOCAL_MODELS", "off");
    for name in ["PATH", "HOME"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

/// What a command that ended has left.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// Standard output as one JSON document.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

/// Runs a command to its end.
pub fn run(args: &[&str]) -> Ended {
    run_with(args, &[])
}

/// Runs a command to its end, with settings.
pub fn run_with(args: &[&str], settings: &[(&str, &str)]) -> Ended {
    let output = productbridge(args)
        .envs(settings.iter().copied())
        .output()
        .unwrap();
    Ended {
        status: output.status,
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A running `serve`. It ends with this value, and also when this process is killed.
pub struct Server {
    child: Child,
    /// What it printed up to the address.
    pub banner: String,
    pub origin: String,
    log: TempDir,
}

impl Server {
    /// Starts on any free port and waits for the address.
    pub fn start(data: &Path, args: &[&str]) -> Self {
        Self::start_with(data, args, &[])
    }

    /// The same, with settings.
    pub fn start_with(data: &Path, args: &[&str], settings: &[(&str, &str)]) -> Self {
        let log = tempfile::tempdir().unwrap();
        let stderr = File::create(log.path().join("stderr")).unwrap();
        let data = data.to_str().unwrap();
        let mut command =
            productbridge(&["serve", "--port", "0", "--data", data, "--stop-with-stdin"]);
        command.args(args).envs(settings.iter().copied());
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr);
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (mut banner, mut origin) = (String::new(), None);
        for line in lines.by_ref().map_while(Result::ok) {
            banner.push_str(&line);
            banner.push('\n');
            if let Some(rest) = line.strip_prefix("Open ") {
                origin = rest.split_whitespace().next().map(str::to_owned);
                break;
            }
        }
        let mut server = Self {
            child,
            banner,
            origin: String::new(),
            log,
        };
        let Some(origin) = origin else {
            let status = server.child.wait().unwrap();
            panic!(
                "it did not start ({status}): {}{}",
                server.banner,
                server.stderr()
            );
        };
        // Whatever else it prints must not fill the pipe.
        thread::spawn(move || lines.for_each(drop));
        server.origin = origin;
        server
    }

    /// Everything on standard error so far.
    pub fn stderr(&self) -> String {
        std::fs::read_to_string(self.log.path().join("stderr")).unwrap()
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends a signal by name, such as `INT`.
    pub fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        assert!(
            Command::new("sh")
                .args(["-c", &kill])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Closes its standard input.
    pub fn close_stdin(&mut self) {
        drop(self.child.stdin.take());
    }

    /// Waits for its end.
    pub fn ended(mut self) -> (ExitStatus, String) {
        for _ in 0..TRIES {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status, self.stderr());
            }
            thread::sleep(PAUSE);
        }
        panic!("it did not end: {}", self.stderr());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Looks until there is something to see.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, look: impl Fn() -> F) -> T {
    for _ in 0..TRIES {
        if let Some(seen) = look().await {
            return seen;
        }
        tokio::time::sleep(PAUSE).await;
    }
    panic!("it never came: {what}");
}
