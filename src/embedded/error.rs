//! Why the backend in the box can't be used.

use std::{net::SocketAddr, path::PathBuf};

use caltrack_domain::FailureKind;

use super::holder::SilentHost;
use caltrack_client::{api::MAKE_ROOM, config::DataDirProblem};

/// The backend in the box can't be used by this program.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EmbeddedError {
    /// The data directory can't be used.
    #[error(transparent)]
    Directory(#[from] DataDirProblem),
    /// The disk has no room for its files.
    #[error("the disk is full; nothing was written to {}", .0.display())]
    DiskFull(PathBuf),
    /// Its files can't be used.
    #[error("{message}")]
    Start {
        /// What happened, and what was kept.
        message: String,
        /// What to do next.
        advice: String,
    },
    /// The socket file can't be created or reached.
    #[error("{} can't be used ({detail})", path.display())]
    Socket {
        /// The path of the socket file.
        path: PathBuf,
        /// The error message of the system.
        detail: String,
    },
    /// The TCP port can't be used.
    #[error("can't listen on {address} ({detail})")]
    Port {
        /// The address that was requested.
        address: SocketAddr,
        /// The error message of the system.
        detail: String,
    },
    /// Another program hosts the box of this data directory.
    #[error("the backend of this data directory is hosted by {0}")]
    Held(String),
    /// Another program has the lock and doesn't respond.
    #[error("{0}")]
    Silent(SilentHost),
    /// The share of this program has ended, because the program ends.
    #[error("this program is ending")]
    Ended,
}

impl EmbeddedError {
    /// The kind of failure.
    pub const fn kind(&self) -> FailureKind {
        match self {
            Self::Silent(_) | Self::Ended => FailureKind::Unreachable,
            Self::Held(_) | Self::Port { .. } => FailureKind::Busy,
            Self::Directory(_) | Self::DiskFull(_) | Self::Start { .. } | Self::Socket { .. } => {
                FailureKind::Storage
            }
        }
    }

    /// What to do next.
    pub fn advice(&self) -> String {
        match self {
            Self::Directory(problem) => problem.advice().to_owned(),
            Self::DiskFull(_) => MAKE_ROOM.to_owned(),
            Self::Start { advice, .. } => advice.clone(),
            Self::Socket { .. } => {
                "check that its directory can be written, or choose another --data-dir".to_owned()
            }
            Self::Port { .. } => "choose another --listen".to_owned(),
            Self::Held(_) => "end that program, then try again".to_owned(),
            Self::Silent(host) => host.advice(),
            Self::Ended => "start it again".to_owned(),
        }
    }
}
