//! The stack in a local AWS: built and deployed by the platform team's own command.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use aws::clients::Aws;
use environment::Environment;
use serde_json::Value;
use test_tools::{Server, python_script, repository, venv};

use super::tools::{self, attempt};

/// What samconfig.toml says of a local cloud; options of a command replace it.
const LOCAL: [(&str, &str); 5] = [
    ("Architecture", "x86_64"),
    ("DeletionProtection", "false"),
    ("LogLevel", "debug"),
    ("CallsMaximumConcurrency", "2"),
    ("WindowsMaximumConcurrency", "2"),
];
/// The region that the local cloud plays.
pub const REGION: &str = "us-east-1";

/// A running local AWS, and what the stack put out once it is deployed.
pub struct LocalCloud {
    server: Server,
    outputs: HashMap<String, String>,
    operator: PathBuf,
    state: tempfile::TempDir,
}

impl LocalCloud {
    /// Starts it, empty; what it says of itself is kept in the target folder, under this name.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn start(name: &str) -> Self {
        let state = tempfile::tempdir().expect("a temporary folder");
        let python = venv("ministack").program("python");
        let mut command = Command::new(python);
        command
            .arg(python_script("ministack_server.py"))
            .arg(state.path())
            .stderr(log(name));
        Self {
            server: Server::start(&mut command),
            outputs: HashMap::new(),
            operator: PathBuf::new(),
            state,
        }
    }

    /// With the operator's command, which else would be compiled with other features once more.
    #[must_use]
    pub fn with_operator(mut self, program: &Path) -> Self {
        self.operator = program.to_owned();
        self
    }

    #[must_use]
    pub fn endpoint(&self) -> String {
        self.server.origin()
    }

    /// Its port on loopback.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server.port()
    }

    #[must_use]
    pub fn process(&self) -> u32 {
        self.server.id()
    }

    /// Runs `./deploy`, the guide's command, with these parameters of the template, and reads the
    /// outputs; whether it came to its end, and what it printed.
    ///
    /// # Panics
    /// When it makes no stack; what it printed is shown.
    pub fn deploy(&mut self, parameters: &[(&str, String)]) -> (bool, String) {
        let overrides = LOCAL.iter().map(|(name, value)| format!("{name}={value}"));
        let more = parameters
            .iter()
            .map(|(name, value)| format!("{name}=\"{value}\""));
        let mut command = self.command(&repository().join("deploy"));
        command
            .arg("--parameter-overrides")
            .args(overrides.chain(more));
        let (done, printed) = attempt(command);
        assert!(printed.contains("credentials key: "), "{printed}");
        self.outputs = outputs(&self.state.path().join("outputs.json"));
        (done, printed)
    }

    /// A command of the repository with the local cloud in its environment.
    #[must_use]
    pub fn command(&self, program: &Path) -> Command {
        let mut command = tools::command(program);
        command.envs(self.environment());
        command
    }

    /// Puts a secret in by the operator's command.
    ///
    /// # Panics
    /// When it is refused.
    pub fn put_secret(&self, which: &str, value: &Value) {
        use std::io::Write as _;
        let mut command = self.operator(&["put-secret", which]);
        let mut child = command.stdin(Stdio::piped()).spawn().expect("it starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin
            .write_all(value.to_string().as_bytes())
            .expect("it reads");
        drop(stdin);
        assert!(
            child.wait().expect("it ends").success(),
            "put-secret {which}"
        );
    }

    /// Runs the operator's command; whether it succeeded, and what it printed.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn operate(&self, arguments: &[&str]) -> (bool, String) {
        attempt(self.operator(arguments))
    }

    fn operator(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(&self.operator);
        command.args(arguments);
        command
    }

    /// The environment in which AWS's tools find it.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL", self.endpoint()),
            ("AWS_ACCESS_KEY_ID", "local".into()),
            ("AWS_SECRET_ACCESS_KEY", "local".into()),
            ("AWS_REGION", REGION.into()),
            ("AWS_DEFAULT_REGION", REGION.into()),
            ("CONFIG_ENV", "local".into()),
            ("OPERATOR", self.operator.display().to_string()),
            (
                "OUTPUTS",
                self.state.path().join("outputs.json").display().to_string(),
            ),
        ]
    }

    /// Clients of it.
    ///
    /// # Panics
    /// Never: the environment is whole.
    #[must_use]
    pub fn aws(&self) -> Aws {
        let environment: HashMap<_, _> = self.environment().into_iter().collect();
        let settings = Environment::new(move |name| environment.get(name).cloned());
        Aws::from_env(&settings).expect("the environment is whole")
    }

    /// An output of the stack.
    ///
    /// # Panics
    /// When there is none of this name.
    #[must_use]
    pub fn output(&self, name: &str) -> &str {
        let output = self.outputs.get(name);
        output.unwrap_or_else(|| panic!("the stack has no output {name}"))
    }
}

fn log(name: &str) -> Stdio {
    let target = std::env::var_os("CARGO_TARGET_DIR");
    let target = target.map_or_else(|| repository().join("target"), PathBuf::from);
    let file = std::fs::File::create(target.join(format!("local-cloud.{name}.log")));
    file.expect("the target folder is there").into()
}

fn outputs(file: &Path) -> HashMap<String, String> {
    let text = std::fs::read_to_string(file).expect("./deploy wrote the outputs");
    let list: Vec<Value> = serde_json::from_str(&text).expect("a list of outputs");
    let text = |output: &Value, name: &str| output[name].as_str().unwrap_or_default().to_owned();
    list.iter()
        .map(|output| (text(output, "OutputKey"), text(output, "OutputValue")))
        .collect()
}
