//! Files: opened without following links, created for the owner alone, replaced atomically.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use super::{
    directory::sync_directory,
    metadata::{FILE, check_owner, close_file},
    untrusted::Untrusted,
};

/// What SQLite keeps beside a database.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Opens a file; a new file, or one that others could access, gets mode 0600.
///
/// # Errors
///
/// [`Untrusted`] where it belongs to another user, is a symbolic link or not a regular file, else the system's error.
pub fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        // A named pipe would wait for its other end.
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.mode(FILE).custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path).map_err(|error| explain(path, error))?;
    let metadata = file.metadata()?;
    check_file(&metadata)?;
    close_file(&metadata, |closed| file.set_permissions(closed))?;
    Ok(file)
}

/// Reads a file of this program's own.
///
/// # Errors
///
/// As [`open`].
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path, OpenOptions::new().read(true))?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a file that the user or the administrator wrote: it may be a symbolic link, and may belong to root.
///
/// # Errors
///
/// [`Untrusted`] where it belongs to anybody else or is not a regular file, else the system's error.
pub fn read_settings(path: &Path) -> io::Result<Vec<u8>> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        rustix::fs::OFlags::NONBLOCK.bits().cast_signed(),
    );
    let mut file = options.open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(Untrusted::Kind.into());
    }
    check_owner(&metadata, true)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Replaces a file atomically: after a crash at any moment, the old or the new content is there. The new file has mode
/// 0600.
///
/// # Errors
///
/// The new file can't be written, and the old one is as it was; or the new one is in its place, but a crash may undo that,
/// since the directory can't be synced.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = parent(path);
    written(path, bytes)?
        .persist(path)
        .map_err(|failure| failure.error)?;
    sync_directory(directory)
}

/// Creates a file of mode 0600 with all its content at once; an existing file is never touched.
///
/// # Errors
///
/// [`io::ErrorKind::AlreadyExists`], else the system's error.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = parent(path);
    written(path, bytes)?
        .persist_noclobber(path)
        .map_err(|failure| failure.error)?;
    sync_directory(directory)
}

/// The length of a file in bytes without opening it; none where it is absent.
///
/// # Errors
///
/// As [`open`].
pub fn length(path: &Path) -> io::Result<Option<u64>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => {
            check_file(&metadata)?;
            Ok(Some(metadata.len()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Prepares a file that SQLite is about to open: creates it empty where it is absent, since SQLite would let others read it,
/// and takes its permissions, and those of what SQLite keeps beside it, from group and others.
///
/// A file that exists is not opened: closing a second handle of it would release SQLite's locks
/// ("How To Corrupt An SQLite Database File", section 2.2).
///
/// # Errors
///
/// As [`open`].
pub fn prepare_database(path: &Path) -> io::Result<()> {
    if length(path)?.is_none() {
        match open(path, OpenOptions::new().append(true).create_new(true)) {
            // Another program was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            outcome => drop(outcome?),
        }
    }
    let companions = COMPANIONS.iter().map(|suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    });
    for part in std::iter::once(path.to_owned()).chain(companions) {
        close(&part)?;
    }
    Ok(())
}

/// Takes a file's permissions from group and others without opening it; nothing where it is absent.
///
/// # Errors
///
/// As [`open`].
pub fn close(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => {
            check_file(&metadata)?;
            close_file(&metadata, |closed| fs::set_permissions(path, closed))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn parent(path: &Path) -> &Path {
    path.parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Writes and syncs the bytes to a file of a random name beside `path`. It is removed again unless it is renamed.
fn written(path: &Path, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // Created by `O_EXCL` and with mode 0600.
    let mut file = tempfile::Builder::new()
        .prefix(&format!(".{name}."))
        .suffix(".tmp")
        .tempfile_in(parent(path))?;
    file.as_file_mut().write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// The system reports a link that is not followed as a loop, and a pipe without a reader as a missing device.
fn explain(path: &Path, error: io::Error) -> io::Error {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => Untrusted::Link.into(),
        Ok(metadata) if !metadata.is_file() => Untrusted::Kind.into(),
        _ => error,
    }
}

fn check_file(metadata: &Metadata) -> Result<(), Untrusted> {
    if metadata.is_symlink() {
        return Err(Untrusted::Link);
    }
    if !metadata.is_file() {
        return Err(Untrusted::Kind);
    }
    check_owner(metadata, false)
}
