//! Why files and directories are refused.

use std::io;

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
