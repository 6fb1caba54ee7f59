//! Makes a group of commits survive a power cut.

use std::{
    fs::{File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

/// Makes everything committed so far durable.
pub(crate) trait Syncer: Send {
    /// Returns once it is durable.
    ///
    /// # Errors
    ///
    /// If the disk reports an error. The state of the disk is then unknown for good: the kernel may have marked the
    /// pages clean, so that a second attempt proves nothing.
    fn sync(&mut self) -> io::Result<()>;
}

/// Syncs the write-ahead log through a file handle of its own.
///
/// A sync flushes the whole file, including what `SQLite` wrote through its own handle. The log has no POSIX locks (they
/// are on the `-shm` file), so closing this handle releases none; the database and the `-shm` file must never be opened
/// like this.
pub(crate) struct WalSyncer {
    path: PathBuf,
    open: Option<File>,
}

impl WalSyncer {
    /// The syncer of the database at `database`.
    pub(crate) fn of(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push("-wal");
        Self {
            path: path.into(),
            open: None,
        }
    }

    /// The handle; reopened if the path names another file by now.
    fn file(&mut self) -> io::Result<&File> {
        let current = match self.open.take() {
            Some(file) if same_file(&file, &self.path)? => file,
            // Windows flushes only through writable handles.
            Some(_) | None => OpenOptions::new().read(true).write(true).open(&self.path)?,
        };
        Ok(self.open.insert(current))
    }
}

impl Syncer for WalSyncer {
    fn sync(&mut self) -> io::Result<()> {
        self.file()?.sync_data()
    }
}

#[cfg(unix)]
fn same_file(open: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let (held, named) = (open.metadata()?, path.metadata()?);
    Ok(held.dev() == named.dev() && held.ino() == named.ino())
}

/// On Windows, an open file can't be replaced.
#[cfg(not(unix))]
fn same_file(_open: &File, path: &Path) -> io::Result<bool> {
    path.try_exists()
}
