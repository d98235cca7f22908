//! The key of the one-machine set-up: a file that only its owner may read.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use adapters::fernet::{BadKey, FernetSeal, generate_key};
use domain::secret::Secret;

/// The key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// Others may read it.
    #[error(
        "the key file {} can be read by others on this machine (its mode is {mode:o}), and whoever \
         has the key can open the stored Gong credentials; if nobody else uses this machine, run \
         `chmod 600 {}` and start again, else delete the file and connect Gong again",
        path.display(), path.display()
    )]
    Open { path: PathBuf, mode: u32 },
    /// It is there but does not hold keys.
    #[error(
        "the key file {} holds no usable key ({source}), so the stored Gong credentials cannot be \
         opened; restore it from a backup, or delete it and connect Gong again",
        path.display()
    )]
    Bad { path: PathBuf, source: BadKey },
    /// It cannot be read or made.
    #[error(
        "the key file {} cannot be {action} ({source}); it must be a file that this user may read, \
         in a folder where this user may write",
        path.display()
    )]
    Io {
        /// What was tried, in words.
        action: &'static str,
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// The seal with the keys of a file, one a line: the first seals, all open. A missing file is made
/// with one new key; when two processes make it at once, both get the same key. Blocks.
///
/// # Errors
/// [`KeyFileError`], also when others than the owner may read the file.
pub fn load_or_create(path: &Path) -> Result<FernetSeal, KeyFileError> {
    match read(path) {
        Err(KeyFileError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
            create(path)?;
            read(path)
        }
        other => other,
    }
}

fn create(path: &Path) -> Result<(), KeyFileError> {
    let failed = |source| KeyFileError::Io {
        action: "made",
        path: path.to_owned(),
        source,
    };
    if let Some(folder) = path.parent() {
        owner_only::make_folder(folder).map_err(failed)?;
    }
    let line = format!("{}\n", generate_key().expose());
    // Another process may have made it meanwhile: then its key is the one.
    let made = owner_only::write_new(path, line.as_bytes()).map_err(failed)?;
    tracing::info!(path = %path.display(), made, "key file");
    Ok(())
}

fn read(path: &Path) -> Result<FernetSeal, KeyFileError> {
    let failed = |source| KeyFileError::Io {
        action: "read",
        path: path.to_owned(),
        source,
    };
    let mut file = File::open(path).map_err(failed)?;
    if let Some(mode) = owner_only::rights_of_others(&file).map_err(failed)? {
        let path = path.to_owned();
        return Err(KeyFileError::Open { path, mode });
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(failed)?;
    let keys: Vec<Secret> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(Secret::new)
        .collect();
    FernetSeal::from_keys(&keys).map_err(|source| KeyFileError::Bad {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::fs;

    use domain::ports::secrets::Seal;

    use super::*;

    fn path(folder: &tempfile::TempDir) -> PathBuf {
        folder.path().join("data/keys/fernet.key")
    }

    #[test]
    fn the_first_use_makes_a_key_that_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = path(&folder);
        let sealed = load_or_create(&path).unwrap().seal(b"token");
        assert_eq!(
            load_or_create(&path).unwrap().open(&sealed).unwrap(),
            b"token"
        );
        let names: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().collect();
        assert_eq!(names.len(), 1);
    }

    #[test]
    fn processes_that_start_at_once_share_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = path(&folder);
        let seals: Vec<FernetSeal> = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| load_or_create(&path).unwrap()))
                .collect();
            starts
                .into_iter()
                .map(|start| start.join().unwrap())
                .collect()
        });
        let sealed = seals[0].seal(b"x");
        assert!(seals.iter().all(|seal| seal.open(&sealed).is_ok()));
    }

    #[test]
    fn the_first_of_several_keys_seals() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fernet.key");
        let old = load_or_create(&path).unwrap().seal(b"old");
        let new = generate_key();
        let both = format!(
            "\n {} \r\n{}",
            new.expose(),
            fs::read_to_string(&path).unwrap()
        );
        fs::write(&path, both).unwrap();
        let seal = load_or_create(&path).unwrap();
        assert_eq!(seal.open(&old).unwrap(), b"old");
        let alone = FernetSeal::from_keys(&[new]).unwrap();
        assert_eq!(alone.open(&seal.seal(b"x")).unwrap(), b"x");
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_the_owners_and_one_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = path(&folder);
        load_or_create(&path).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        for others in [0o644, 0o640, 0o604, 0o620, 0o601] {
            fs::set_permissions(&path, fs::Permissions::from_mode(others)).unwrap();
            let error = load_or_create(&path).unwrap_err();
            assert!(matches!(error, KeyFileError::Open { mode, .. } if mode == others));
            let told = error.to_string();
            assert!(
                told.contains(&format!("{others:o}")) && told.contains("chmod 600"),
                "{told}"
            );
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        assert!(load_or_create(&path).is_ok());
    }

    #[test]
    fn what_is_no_key_is_told_without_showing_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fernet.key");
        load_or_create(&path).unwrap();
        for text in ["", "\n\n", "half-a-key"] {
            fs::write(&path, text).unwrap();
            let error = load_or_create(&path).unwrap_err();
            assert!(matches!(error, KeyFileError::Bad { .. }), "{error:?}");
            assert!(!format!("{error} {error:?}").contains("half-a-key"));
        }
        let error = load_or_create(&path.join("below-a-file")).unwrap_err();
        assert!(matches!(error, KeyFileError::Io { .. }), "{error:?}");
    }
}
