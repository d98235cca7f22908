//! The calls that the sandbox serves.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use gong_sandbox::{FileProblem, SandboxCall, load_folder};

/// The project's own folder, where this program was built.
const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The sample calls beside the program's source; none when the program was moved away from it.
#[must_use]
pub fn sample_folders() -> Vec<PathBuf> {
    ["part-one", "part-two"]
        .iter()
        .map(|part| Path::new(WORKSPACE).join("samples").join(part))
        .filter(|folder| folder.is_dir())
        .collect()
}

/// Where the embedding model's weights are kept: with the source, else in the data folder.
#[must_use]
pub fn model_cache(data: &Path) -> PathBuf {
    let workspace = Path::new(WORKSPACE);
    if workspace.join("Cargo.lock").is_file() {
        workspace.join(".cache/models")
    } else {
        data.join("models")
    }
}

/// Loads folders of exported calls.
///
/// # Errors
/// When a folder cannot be read; files that cannot are returned beside the calls.
pub fn load(folders: &[PathBuf]) -> Result<(Vec<SandboxCall>, Vec<FileProblem>)> {
    let (mut calls, mut problems) = (Vec::new(), Vec::new());
    for folder in folders {
        let loaded = load_folder(folder)
            .with_context(|| format!("the calls in {} cannot be used", folder.display()))?;
        calls.extend(loaded.calls);
        problems.extend(loaded.problems);
    }
    Ok((calls, problems))
}
