//! Files and folders that only their owner may read, written whole or not at all.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    path::Path,
};

use tempfile::NamedTempFile;

/// How the name of a file begins that is being written; one that a crash left may be removed.
pub const UNFINISHED: &str = ".unfinished-";

/// Makes a folder, and what is missing above it, for the owner alone. One that exists stays as it is.
///
/// # Errors
/// When it cannot be made.
pub fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Takes everyone else's rights to a folder away.
///
/// # Errors
/// When there is none, or it belongs to somebody else and is open to others.
pub fn close_folder(path: &Path) -> io::Result<()> {
    close(path, 0o700)
}

/// Takes everyone else's rights to a file away; success when there is none.
///
/// # Errors
/// When it belongs to somebody else and is open to others.
pub fn close_file(path: &Path) -> io::Result<()> {
    match close(path, 0o600) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Opens a file for writing and takes everyone else's rights to it away; one that is missing is made
/// empty. What it holds stays.
///
/// # Errors
/// When it cannot be made or written, or belongs to somebody else and is open to others.
pub fn make_or_close_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    close(path, 0o600)?;
    Ok(file)
}

/// One that is closed already is not touched: only its owner could.
fn close(path: &Path, mode: u32) -> io::Result<()> {
    let metadata = fs::metadata(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if metadata.permissions().mode() & 0o077 != 0 {
            fs::set_permissions(path, PermissionsExt::from_mode(mode))?;
        }
    }
    #[cfg(not(unix))]
    let _no_such_rights = (metadata, mode);
    Ok(())
}

/// The rights that others have to an open file, as in `chmod`; none where the system has no such rights.
///
/// # Errors
/// When they cannot be read.
pub fn rights_of_others(file: &File) -> io::Result<Option<u32>> {
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata()?.permissions());
        Ok(Some(mode & 0o777).filter(|mode| mode & 0o077 != 0))
    }
    #[cfg(not(unix))]
    file.metadata().map(|_| None)
}

/// Writes a new file; `false` when there is one already, which stays as it is.
///
/// # Errors
/// When it cannot be written.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    match written(path, bytes)?.persist_noclobber(path) {
        Ok(_) => sync_folder_of(path).map(|()| true),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.error),
    }
}

/// Writes a file in place of the one that may be there.
///
/// # Errors
/// When it cannot be written; the one that was there stays.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    written(path, bytes)?
        .persist(path)
        .map_err(|error| error.error)?;
    sync_folder_of(path)
}

/// Removes a file; success when there is none.
///
/// # Errors
/// When it cannot be removed.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Ok(()) => sync_folder_of(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// A file beside `path` that holds the bytes, on the disk and not only on its way there.
fn written(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    // A NamedTempFile has the mode 0600 from its first moment on.
    let mut file = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempfile_in(folder_of(path))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// A file's name outlives a power cut only when its folder is synchronised too.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder_of(path))?.sync_all()?;
    }
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
