//! Makes a group of commits survive a power cut.

use std::{
    fs::{File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

/// Makes everything committed so far durable.
pub(crate) trait Syncer: Send {
    /// Returns once the disk has it.
    ///
    /// # Errors
    ///
    /// Where the disk didn't take it. Whether it has it is then unknown, and stays so: the kernel may have marked
    /// the pages clean, so a second attempt proves nothing.
    fn sync(&mut self) -> io::Result<()>;
}

/// Syncs the write-ahead log through a file handle of its own.
///
/// Syncing is a matter of the file, not of the handle: the data that `SQLite` wrote through its own handle is flushed
/// too. The log carries no POSIX locks (they are on the `-shm` file), so closing this handle releases none; the
/// database and the `-shm` file must never be opened like this.
pub(crate) struct WalSyncer {
    path: PathBuf,
    open: Option<File>,
}

impl WalSyncer {
    /// For the database at `path`.
    pub(crate) fn of(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push("-wal");
        Self {
            path: path.into(),
            open: None,
        }
    }

    /// The handle, opened anew where the path names another file by now.
    fn file(&mut self) -> io::Result<&File> {
        let current = match self.open.take() {
            Some(file) if same_file(&file, &self.path)? => file,
            // Windows flushes only through handles that may write.
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

/// A file that is open can't be replaced there.
#[cfg(not(unix))]
fn same_file(_open: &File, path: &Path) -> io::Result<bool> {
    path.try_exists()
}
