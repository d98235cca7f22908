//! Virtual environments, made once and shared by all tests.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A virtual environment that holds what its requirements file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Venv {
    folder: PathBuf,
}

impl Venv {
    /// A program of the environment, such as `python` or `sam`.
    #[must_use]
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }

    /// The folder with its programs, for `PATH`.
    #[must_use]
    pub fn programs(&self) -> PathBuf {
        self.folder.join("bin")
    }

    /// The folder of a package in the environment.
    ///
    /// # Panics
    /// When the package is not there.
    #[must_use]
    pub fn package(&self, name: &str) -> PathBuf {
        let folders = fs::read_dir(self.folder.join("lib")).expect("an environment has a lib");
        folders
            .filter_map(Result::ok)
            .map(|entry| entry.path().join("site-packages").join(name))
            .find(|path| path.is_dir())
            .unwrap_or_else(|| panic!("{} holds no package {name}", self.folder.display()))
    }
}

#[must_use]
pub fn repository() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors()
        .nth(2)
        .expect("this crate lies two folders down")
        .to_owned()
}

/// A Python script of ours.
#[must_use]
pub fn python_script(name: &str) -> PathBuf {
    repository().join("tests/tools/python").join(name)
}

/// The environment of `tests/tools/python/<name>.txt`, in the git-ignored `.venv-<name>`. It is
/// made when it is missing or its requirements changed; other processes wait meanwhile.
///
/// # Panics
/// When it cannot be made; the message says why.
#[must_use]
pub fn venv(name: &str) -> Venv {
    let root = repository();
    let requirements = python_script(&format!("{name}.txt"));
    let wanted = fs::read_to_string(&requirements)
        .unwrap_or_else(|error| panic!("{}: {error}", requirements.display()));
    let folder = root.join(format!(".venv-{name}"));
    let made = folder.join("requirements.made");
    let lock = File::create(root.join(format!(".venv-{name}.lock"))).expect("a lock file");
    lock.lock().expect("the lock is taken");
    if fs::read_to_string(&made).is_ok_and(|known| known == wanted) {
        return Venv { folder };
    }
    eprintln!("making {} (once)", folder.display());
    run(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&folder),
        "a virtual environment could not be made; on Debian the package python3-venv has to be installed",
    );
    let venv = Venv { folder };
    run(
        Command::new(venv.program("python"))
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args(["--no-deps", "-r"])
            .arg(&requirements),
        "Python packages could not be installed",
    );
    fs::write(&made, wanted).expect("the environment can be written");
    venv
}

fn run(command: &mut Command, problem: &str) {
    let output = command.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("{problem}: {error}"));
    assert!(
        output.status.success(),
        "{problem}:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
