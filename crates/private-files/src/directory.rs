//! Directories: created for the owner alone, checked, closed against others, synced.

use std::{
    fs::{self, DirBuilder, File},
    io::{self, Write as _},
    path::Path,
};

use super::metadata::{DIRECTORY, OTHERS, check_owner, mode, set_mode};

/// Bits of a mode that let group and others write.
const OTHERS_WRITE: u32 = 0o022;
/// The bit of a mode that lets the owner write.
const OWNER_WRITES: u32 = 0o200;

/// Creates a directory of mode 0700 and its missing parents. An existing directory keeps its mode.
///
/// # Errors
///
/// [`Untrusted::Owner`](super::Untrusted::Owner) where it belongs to another user, else the system's error.
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
/// [`Untrusted::Owner`](super::Untrusted::Owner) where it belongs to another user, else the system's error.
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
/// The directory's metadata can't be read.
pub fn is_open_to_others(directory: &Path) -> io::Result<bool> {
    Ok(closed_mode(mode(&fs::metadata(directory)?)).is_some())
}

/// Takes a directory's permissions from group and others.
///
/// # Errors
///
/// Its mode can't be read or changed.
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

/// Writes a temporary file of `bytes` bytes to the disk under a directory and removes it; no other check of whether a directory can be
/// written is reliable.
///
/// # Errors
///
/// The file can't be created, written or removed: the disk is full, or the directory is read-only.
pub fn try_writing(directory: &Path, bytes: usize) -> io::Result<()> {
    let mut file = tempfile::Builder::new()
        .prefix(".trial.")
        .tempfile_in(directory)?;
    file.as_file_mut().write_all(&vec![0; bytes])?;
    // Some file systems find room only now.
    file.as_file().sync_all()?;
    file.close()
}

/// Makes names that were created in a directory durable. Does nothing on other systems than Unix.
///
/// # Errors
///
/// The directory can't be opened or synced.
pub fn sync_directory(directory: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(directory)?.sync_all()
    } else {
        Ok(())
    }
}
