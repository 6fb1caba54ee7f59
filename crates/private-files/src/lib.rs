//! Files and directories for the current user alone, whatever the umask says.
//!
//! A program that writes below a directory named by its user must not be redirected elsewhere: a directory that belongs
//! to another user can hold symbolic links to the user's own files, and named pipes that never answer. So directories
//! and files of other users are refused, links are not followed (`O_NOFOLLOW`, open(2)), and only regular files are
//! read or written.

use std::{
    fs::{self, DirBuilder, File, Metadata, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

/// Permissions of files: read and write for the owner.
const FILE: u32 = 0o600;
/// Permissions of directories: everything for the owner.
const DIRECTORY: u32 = 0o700;
/// Bits of a mode that concern group and others.
const OTHERS: u32 = 0o077;
/// Bits of a mode that let group and others write.
const OTHERS_WRITE: u32 = 0o022;
/// The bit of a mode that lets the owner write.
const OWNER_WRITES: u32 = 0o200;
/// What SQLite keeps beside a database.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Why a file or directory is refused although the system would allow its use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Untrusted {
    /// It belongs to another user, who could read and change what is written there.
    #[error("it belongs to another user (uid {0})")]
    Owner(u32),
    /// It is a symbolic link.
    #[error("it is a symbolic link")]
    Link,
    /// It is a directory, a named pipe, a socket or a device.
    #[error("it is not a regular file")]
    Kind,
}

impl Untrusted {
    /// The reason inside an error of this crate, if it is one.
    pub fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }

    /// What to do next, if the error is about a data directory or a file in it.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Owner(_) => "choose a directory of your own as --data-dir",
            Self::Link => "put the file itself in its place, or choose another --data-dir",
            Self::Kind => "move it away, or choose another --data-dir",
        }
    }
}

impl From<Untrusted> for io::Error {
    fn from(reason: Untrusted) -> Self {
        Self::other(reason)
    }
}

/// Makes the process create files and directories that only its user can access, including those of libraries
/// (umask(2)).
pub fn restrict_process() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// Creates a directory of mode 0700 and its missing parents. An existing directory keeps its mode.
///
/// # Errors
///
/// [`Untrusted::Owner`] where it belongs to another user, else the system's error.
pub fn create_directory(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, DIRECTORY);
    builder.create(path)?;
    check_directory(path)
}

/// Checks that a directory, where it exists, belongs to the current user.
///
/// # Errors
///
/// [`Untrusted::Owner`] where it belongs to another user, else the system's error.
pub fn check_directory(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(check_owner(&metadata, false)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether group or others may do anything in a directory that has to be taken from them: a directory that its owner closed
/// against writing stays as it is unless others may write.
///
/// # Errors
///
/// The system's error.
pub fn is_open_to_others(directory: &Path) -> io::Result<bool> {
    Ok(closed_mode(mode(&fs::metadata(directory)?)).is_some())
}

/// Takes a directory's permissions from group and others.
///
/// # Errors
///
/// The system's error.
pub fn close_directory(path: &Path) -> io::Result<()> {
    match closed_mode(mode(&fs::metadata(path)?)) {
        Some(closed) => set_mode(path, closed),
        None => Ok(()),
    }
}

/// The mode that a directory gets, where its present one has to change.
const fn closed_mode(mode: u32) -> Option<u32> {
    if mode & OWNER_WRITES == 0 {
        return if mode & OTHERS_WRITE == 0 {
            None
        } else {
            Some(mode & 0o7777 & !OTHERS)
        };
    }
    if mode & OTHERS == 0 { None } else { Some(DIRECTORY) }
}

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
/// The system's error; the file is as it was.
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

/// Whether a write failed because the disk, or the user's quota of it, is full.
pub fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}

/// Writes a temporary file of `bytes` bytes to the disk under a directory and removes it; no other check of whether a directory can be
/// written is reliable.
///
/// # Errors
///
/// The system's error.
pub fn try_writing(directory: &Path, bytes: usize) -> io::Result<()> {
    let mut file = tempfile::Builder::new()
        .prefix(".trial.")
        .tempfile_in(directory)?;
    file.as_file_mut().write_all(&vec![0; bytes])?;
    // Some file systems find room only now.
    file.as_file().sync_all()?;
    file.close()
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

/// Makes names that were created in a directory durable. Does nothing on other systems than Unix.
///
/// # Errors
///
/// The system's error.
pub fn sync_directory(directory: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(directory)?.sync_all()
    } else {
        Ok(())
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

#[cfg(unix)]
fn check_owner(metadata: &Metadata, or_root: bool) -> Result<(), Untrusted> {
    let owner = std::os::unix::fs::MetadataExt::uid(metadata);
    if may_own(owner, rustix::process::geteuid().as_raw(), or_root) {
        Ok(())
    } else {
        Err(Untrusted::Owner(owner))
    }
}

/// Elsewhere, access lists say who may write.
#[cfg(not(unix))]
fn check_owner(_metadata: &Metadata, _or_root: bool) -> Result<(), Untrusted> {
    Ok(())
}

/// Whether what `owner` owns may be used by the user `me`.
const fn may_own(owner: u32, me: u32, or_root: bool) -> bool {
    owner == me || (or_root && owner == 0)
}

#[cfg(unix)]
fn mode(metadata: &Metadata) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions())
}

#[cfg(not(unix))]
fn mode(_metadata: &Metadata) -> u32 {
    DIRECTORY
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}

/// On a file system that can't be written, nothing more can be done.
#[cfg(unix)]
fn close_file(metadata: &Metadata, set: impl FnOnce(fs::Permissions) -> io::Result<()>) -> io::Result<()> {
    if mode(metadata) & OTHERS == 0 {
        return Ok(());
    }
    match set(std::os::unix::fs::PermissionsExt::from_mode(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => Ok(()),
        outcome => outcome,
    }
}

#[cfg(not(unix))]
fn close_file(_metadata: &Metadata, _set: impl FnOnce(fs::Permissions) -> io::Result<()>) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests;
