//! AWS on this machine: moto, whose KMS is authenticated, and ministack.

use std::{
    collections::HashMap,
    process::{Command, Stdio},
    sync::Arc,
};

use aws::clients::Aws;
use domain::moment::Timestamp;
use environment::Environment;
use kit::system::TestClock;
use test_tools::{Server, python_script, venv};

/// A local AWS and its clients.
pub struct Local {
    pub aws: Aws,
    server: Server,
    _state: tempfile::TempDir,
}

impl Local {
    pub fn moto() -> Self {
        Self::start("moto", "moto_server.py")
    }

    pub fn ministack() -> Self {
        Self::start("ministack", "ministack_server.py")
    }

    fn start(environment: &str, script: &str) -> Self {
        let state = tempfile::tempdir().unwrap();
        let mut command = Command::new(venv(environment).program("python"));
        command
            .arg(python_script(script))
            .arg(state.path())
            .stderr(Stdio::null());
        let server = Server::start(&mut command);
        Self {
            aws: at(&server.origin()),
            server,
            _state: state,
        }
    }

    /// The settings by which it is found, and more.
    pub fn settings(&self, more: &[(&str, &str)]) -> Environment {
        settings(&self.server.origin(), more)
    }
}

/// Clients of an AWS at this address.
pub fn at(origin: &str) -> Aws {
    Aws::from_env(&settings(origin, &[])).unwrap()
}

fn settings(origin: &str, more: &[(&str, &str)]) -> Environment {
    let mut all: HashMap<String, String> = HashMap::from([
        ("AWS_ENDPOINT_URL".into(), origin.into()),
        ("AWS_ACCESS_KEY_ID".into(), "local".into()),
        ("AWS_SECRET_ACCESS_KEY".into(), "local".into()),
        ("AWS_REGION".into(), "us-east-1".into()),
    ]);
    all.extend(
        more.iter()
            .map(|(name, value)| ((*name).into(), (*value).into())),
    );
    Environment::new(move |name| all.get(name).cloned())
}

/// A clock that stands still until it is moved.
pub fn test_clock() -> Arc<TestClock> {
    Arc::new(TestClock::at(Timestamp(1_795_608_000_000)))
}
