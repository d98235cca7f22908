//! Servers on loopback that end with the test that started them.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    time::Duration,
};

use crate::venv::{python_script, venv};

/// How often, and how many times, it is looked whether a server has ended after being asked to.
const LOOK: Duration = Duration::from_millis(50);
const GOODBYE_LOOKS: u32 = 60;

/// A server process. A server of ours ends by itself when its standard input ends, which happens
/// when this is dropped or when the test's process dies.
#[derive(Debug)]
pub struct Server {
    child: Child,
    stdin: Option<ChildStdin>,
    port: u16,
}

impl Server {
    /// Starts a server that prints a line `port N` once it listens.
    ///
    /// # Panics
    /// When it cannot be started, or ends before it listens; what it wrote is shown.
    #[must_use]
    pub fn start(command: &mut Command) -> Self {
        Self::try_start(command)
            .unwrap_or_else(|said| panic!("{command:?} ended before it listened:\n{said}"))
    }

    /// The same for a server that a machine may have no place for.
    ///
    /// # Errors
    /// What it wrote to its standard output, when it ends before it listens.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn try_start(command: &mut Command) -> Result<Self, String> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?} could not be started: {error}"));
        let stdin = child.stdin.take();
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let mut said = Vec::new();
        let port = loop {
            let Some(Ok(line)) = lines.next() else {
                drop(stdin);
                // It has ended or is about to; its status says no more than its words.
                let _ = child.wait();
                return Err(said.join("\n"));
            };
            match line.strip_prefix("port ").map(str::parse) {
                Some(Ok(port)) => break port,
                _ => said.push(line),
            }
        };
        // Its output has to be read on, or it would stop at a full pipe.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Ok(Self { child, stdin, port })
    }

    /// The port on 127.0.0.1.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Qdrant's engine, with its collections in `folder`; with a key it serves nobody else.
    ///
    /// # Panics
    /// As [`Server::start`].
    #[must_use]
    pub fn qdrant(folder: &Path, key: Option<&str>) -> Self {
        let mut command = Command::new(venv("qdrant").program("python"));
        command.arg(python_script("qdrant_server.py")).arg(folder);
        if let Some(key) = key {
            command.args(["--api-key", key]);
        }
        Self::start(&mut command)
    }

    /// `http://127.0.0.1:<port>`
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    /// Asks it to end, and kills it when it does not.
    fn drop(&mut self) {
        drop(self.stdin.take());
        for _ in 0..GOODBYE_LOOKS {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(LOOK);
        }
        // It may have ended by itself meanwhile, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port on 127.0.0.1 that is free now, for programs that cannot choose one by themselves.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("it is bound").port()
}
