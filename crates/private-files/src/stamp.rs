//! What tells two states of a file apart without reading it.

use std::{io, path::Path};

/// Which file a path names, and when it was last changed: content, owner or mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    device: u64,
    inode: u64,
    length: u64,
    /// The time of the last change of its status (inode(7)), in seconds and nanoseconds since 1970.
    changed: (i64, i64),
}

impl Stamp {
    /// The stamp of a file; `None` where systems don't number files. A file that is replaced, as by [`crate::replace`], gets
    /// another one.
    ///
    /// # Errors
    ///
    /// The system's, as where there is no file.
    #[cfg(unix)]
    pub fn of(path: &Path) -> io::Result<Option<Self>> {
        use std::os::unix::fs::MetadataExt as _;

        let metadata = path.symlink_metadata()?;
        Ok(Some(Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            length: metadata.len(),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }))
    }

    /// The stamp of a file; `None` where systems don't number files.
    ///
    /// # Errors
    ///
    /// None.
    #[cfg(not(unix))]
    pub fn of(_path: &Path) -> io::Result<Option<Self>> {
        Ok(None)
    }
}
