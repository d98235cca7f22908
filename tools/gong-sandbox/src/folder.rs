//! Loading a folder of JSON calls, one file a call.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use serde_json::Value;
use serde_json::error::Category;
use thiserror::Error;

use crate::calls::SandboxCall;

/// Files above this size (bytes) become a [`FileProblem`].
pub const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

const UTF8_BYTE_ORDER_MARK: &str = "\u{feff}";

/// What a folder held.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoadedFolder {
    /// The calls, in the order of their files' names.
    pub calls: Vec<SandboxCall>,
    /// The files that could not be used; the others were.
    pub problems: Vec<FileProblem>,
}

/// Why one file could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    pub path: PathBuf,
    /// Line, from 1, where known.
    pub line: Option<usize>,
    /// Column, from 1, where known.
    pub column: Option<usize>,
    /// What is wrong, in plain words.
    pub cause: String,
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.cause)
    }
}

/// Why a folder could not be used at all.
#[derive(Debug, Error)]
pub enum LoadError {
    /// There is nothing at the path.
    #[error("the folder of calls {} does not exist, so there is nothing to serve; create it or name another folder", path.display())]
    Missing { path: PathBuf },
    #[error("{} is not a folder, so no calls can be read from it; name the folder that holds the JSON files", path.display())]
    NotAFolder { path: PathBuf },
    /// The operating system refused.
    #[error("the folder of calls {} cannot be read ({source}), so there is nothing to serve; check its permissions", path.display())]
    Unreadable {
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// Loads every `*.json` file of the folder, sorted by name, without its sub-folders, `expected.json` and dot-files.
///
/// A file is `{"call": …, "transcript": […], "available_after_seconds": N}`, the last two optional. A file that
/// cannot be used becomes a problem; the others go on.
pub fn load_folder(dir: &Path) -> Result<LoadedFolder, LoadError> {
    let mut loaded = LoadedFolder::default();
    let mut first_with_id: BTreeMap<String, PathBuf> = BTreeMap::new();
    for path in call_files(dir)? {
        match load_file(&path) {
            Ok((id, call)) => match first_with_id.get(&id) {
                Some(earlier) => loaded.problems.push(FileProblem {
                    path,
                    line: None,
                    column: None,
                    cause: format!("the call id {id} is already used by {}", earlier.display()),
                }),
                None => {
                    first_with_id.insert(id, path);
                    loaded.calls.push(call);
                }
            },
            Err(Flaw {
                line,
                column,
                cause,
            }) => loaded.problems.push(FileProblem {
                path,
                line,
                column,
                cause,
            }),
        }
    }
    Ok(loaded)
}

fn call_files(dir: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let explain = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => LoadError::Missing {
            path: dir.to_owned(),
        },
        io::ErrorKind::NotADirectory => LoadError::NotAFolder {
            path: dir.to_owned(),
        },
        _ => LoadError::Unreadable {
            path: dir.to_owned(),
            source,
        },
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).map_err(explain)? {
        let path = entry.map_err(explain)?.path();
        let hidden = path
            .file_name()
            .is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
        let wanted = path.extension() == Some(OsStr::new("json"))
            && path.file_name() != Some(OsStr::new("expected.json"))
            && !hidden
            && !path.is_dir();
        if wanted {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

struct Flaw {
    line: Option<usize>,
    column: Option<usize>,
    cause: String,
}

impl Flaw {
    fn of(cause: impl Into<String>) -> Self {
        Self {
            line: None,
            column: None,
            cause: cause.into(),
        }
    }
}

fn load_file(path: &Path) -> Result<(String, SandboxCall), Flaw> {
    let unreadable = |error: io::Error| Flaw::of(format!("the file cannot be read: {error}"));
    let bytes_long = fs::metadata(path).map_err(unreadable)?.len();
    if bytes_long > MAX_FILE_BYTES {
        let mib = MAX_FILE_BYTES / (1024 * 1024);
        return Err(Flaw::of(format!(
            "the file is {bytes_long} bytes long; files up to {mib} MiB are read"
        )));
    }
    let text = utf8(fs::read(path).map_err(unreadable)?)?;
    let text = text.strip_prefix(UTF8_BYTE_ORDER_MARK).unwrap_or(&text);
    if text.trim().is_empty() {
        return Err(Flaw::of("the file is empty"));
    }
    read_call(serde_json::from_str(text).map_err(|error| broken_json(&error))?)
}

fn utf8(bytes: Vec<u8>) -> Result<String, Flaw> {
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line_start = good
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |index| index + 1);
        Flaw {
            line: Some(good.iter().filter(|byte| **byte == b'\n').count() + 1),
            column: Some(good.len() - line_start + 1),
            cause: "the file is not UTF-8 text".into(),
        }
    })
}

fn broken_json(error: &serde_json::Error) -> Flaw {
    let message = error.to_string();
    let reason = message.split(" at line ").next().unwrap_or_default();
    let cause = match error.classify() {
        Category::Eof => "the JSON ends too early: something is not closed".into(),
        _ => format!("not valid JSON: {reason}"),
    };
    Flaw {
        line: Some(error.line()),
        column: Some(error.column()),
        cause,
    }
}

fn read_call(file: Value) -> Result<(String, SandboxCall), Flaw> {
    let Value::Object(mut file) = file else {
        return Err(Flaw::of(
            "the file holds no JSON object; expected {\"call\": {…}, \"transcript\": […]}",
        ));
    };
    let call = match file.remove("call") {
        Some(call @ Value::Object(_)) => call,
        Some(_) => return Err(Flaw::of("`call` is not an object")),
        None => {
            return Err(Flaw::of(
                "there is no `call` object; expected {\"call\": {…}, \"transcript\": […]}",
            ));
        }
    };
    let id = match &call["metaData"]["id"] {
        Value::String(id)
            if (1..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            id.clone()
        }
        Value::String(_) => return Err(Flaw::of("call.metaData.id is not made of 1 to 20 digits")),
        Value::Number(_) => {
            return Err(Flaw::of(
                "call.metaData.id is a number; ids are strings, so put it in quotation marks",
            ));
        }
        _ => {
            return Err(Flaw::of(
                "call.metaData.id is missing; expected a string of 1 to 20 digits",
            ));
        }
    };
    let transcript = match file.remove("transcript") {
        None | Some(Value::Null) => None,
        Some(transcript @ Value::Array(_)) => Some(transcript),
        Some(_) => {
            return Err(Flaw::of(
                "`transcript` is not an array; leave it out if there is none yet",
            ));
        }
    };
    let available_after_seconds = match file.remove("available_after_seconds") {
        None | Some(Value::Null) => None,
        Some(delay) => Some(delay.as_u64().ok_or_else(|| {
            Flaw::of("`available_after_seconds` is not a whole number of seconds of 0 or more")
        })?),
    };
    Ok((
        id,
        SandboxCall {
            visible_at_ms: None,
            call,
            transcript,
            transcript_available_at_ms: None,
            available_after_seconds,
        },
    ))
}
