//! The backend in the box, shared by all programs on one data directory.
//!
//! Whoever holds the lock on `backend.lock` hosts it: opens its files and answers on the socket file. The others connect to
//! that socket, and each parks a thread in the lock, which wakes when the host ends, however it ends; the first to get it
//! is the next host. Nothing polls, and the lock is the operating system's: a killed host holds it no longer.

mod account;
mod codes;
mod holder;
mod host;
mod room;
mod serve;
mod socket;

use std::{
    fs::{File, OpenOptions, TryLockError},
    net::SocketAddr,
    path::{Path, PathBuf},
};

use caltrack_private_files as private_files;
use tokio::{
    sync::{oneshot, watch},
    task::JoinHandle,
};

use crate::{
    api::Endpoints,
    config::{DataDir, DataDirProblem},
};

pub use caltrack_local_backend::{server::Origins, tls};

pub use account::{AccountProblem, KeptAccount, automatic_account, kept_account, open_account, with_account};
pub use codes::codes_file;
pub use holder::Role;
pub use serve::{ServeOptions, Served, serve};

/// The user pool of the box.
const USER_POOL_ID: &str = "us-east-1_CALTRACK0";
/// Its app client.
const CLIENT_ID: &str = "caltrack0local0client00000";

/// Where the backend in the box of a data directory answers, whoever hosts it.
///
/// # Errors
///
/// Where a socket file can't be named.
pub fn endpoints(data: &DataDir) -> Result<Endpoints, EmbeddedError> {
    Ok(Endpoints::on_socket(
        &socket::path(data.path())?,
        USER_POOL_ID,
        CLIENT_ID,
    ))
}

/// The backend in the box can't be used from here.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EmbeddedError {
    /// The data directory can't be used.
    #[error(transparent)]
    Directory(#[from] DataDirProblem),
    /// The disk has no room for its files.
    #[error("the disk is full; nothing was written to {}", .0.display())]
    DiskFull(PathBuf),
    /// Its files can't be used; the text says why, what was kept and what to do.
    #[error("{0}")]
    Start(String),
    /// The socket file can't be made or reached.
    #[error("{} can't be used ({detail})", path.display())]
    Socket {
        /// The socket file.
        path: PathBuf,
        /// The system's words.
        detail: String,
    },
    /// The TCP port can't be had.
    #[error("{address} can't be listened on ({detail})")]
    Port {
        /// What was asked for.
        address: SocketAddr,
        /// The system's words.
        detail: String,
    },
    /// Another program hosts the box of this data directory.
    #[error("the backend of this data directory is held by {0}")]
    Held(String),
    /// Another program holds the lock and doesn't answer.
    #[error("another program on this data directory holds the backend and doesn't answer")]
    Silent,
}

/// Where the backend in the box stands, as this program sees it.
#[derive(Debug, Clone)]
enum Status {
    /// It is being opened, or its host is.
    Starting,
    /// It answers on the socket.
    Ready,
    /// It doesn't, and won't by itself.
    Failed(EmbeddedError),
}

/// This program's share in the backend in the box: host or guest, and host as soon as the host ends.
#[derive(Debug)]
pub struct Embedded {
    socket: PathBuf,
    status: watch::Receiver<Status>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Embedded {
    /// Takes part; the work is done in the background. To be called inside the runtime.
    ///
    /// # Errors
    ///
    /// Where the data directory can't be written or a socket file can't be named. Nothing was changed then.
    pub fn start(data: &DataDir, role: Role) -> Result<Self, EmbeddedError> {
        data.prepare()?;
        let socket = socket::path(data.path())?;
        let lock = open_lock(&data.backend_lock())?;
        let (status, watched) = watch::channel(Status::Starting);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(take_part(
            data.clone(),
            role,
            socket.clone(),
            lock,
            status,
            stopped,
        ));
        Ok(Self {
            socket,
            status: watched,
            stop,
            task,
        })
    }

    /// The socket file, whoever answers there.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Waits by turns, for as long as it takes to know.
    pub fn readiness(&self) -> Readiness {
        Readiness(self.status.clone())
    }

    /// Ends this program's share in order: a host answers what is under way, then closes its files.
    pub async fn end(self) {
        // An error says that it has ended already.
        let _ = self.stop.send(());
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the backend in the box did not end in order");
        }
    }
}

/// Tells whether the backend in the box answers.
#[derive(Debug, Clone)]
pub struct Readiness(watch::Receiver<Status>);

impl Readiness {
    /// Waits until it does.
    ///
    /// # Errors
    ///
    /// Why it doesn't.
    pub async fn wait(&mut self) -> Result<(), EmbeddedError> {
        let settled = |status: &Status| !matches!(status, Status::Starting);
        match self.0.wait_for(settled).await.as_deref() {
            Ok(Status::Ready) => Ok(()),
            Ok(Status::Failed(error)) => Err(error.clone()),
            Ok(Status::Starting) | Err(_) => Err(EmbeddedError::Silent),
        }
    }
}

/// Host if nobody is, else guest until the host ends.
async fn take_part(
    data: DataDir,
    role: Role,
    socket: PathBuf,
    lock: File,
    status: watch::Sender<Status>,
    mut stopped: oneshot::Receiver<()>,
) {
    let held = match lock.try_lock() {
        Ok(()) => Some(lock),
        Err(TryLockError::WouldBlock) => {
            let turn = wait_for_turn(lock);
            let greeting = greet(&socket, &status);
            tokio::select! {
                _ = &mut stopped => return,
                held = turn.and_greet(greeting) => held,
            }
        }
        Err(TryLockError::Error(error)) => {
            let problem = EmbeddedError::Socket {
                path: data.backend_lock(),
                detail: error.to_string(),
            };
            status.send_replace(Status::Failed(problem));
            None
        }
    };
    let Some(held) = held else {
        return;
    };
    holder::note(&held, role);
    host::run(&data, &socket, &status, stopped).await;
    // The lock is let go only when the files are closed and the socket is gone.
    drop(held);
}

/// A thread parked in the lock.
struct Turn(oneshot::Receiver<File>);

fn wait_for_turn(lock: File) -> Turn {
    let (sender, receiver) = oneshot::channel();
    // A thread of its own: the runtime would wait for a blocking task when it ends, and this one may never return.
    std::thread::spawn(move || {
        if lock.lock().is_ok() {
            // Where nobody waits any more, the file is dropped, and the lock with it.
            let _ = sender.send(lock);
        }
    });
    Turn(receiver)
}

impl Turn {
    /// Waits for the lock; meanwhile says hello to the host. A host that never answers is told, but still outwaited.
    async fn and_greet(self, greeting: impl Future<Output = ()>) -> Option<File> {
        let mut turn = self.0;
        tokio::select! {
            held = &mut turn => return held.ok(),
            () = greeting => {}
        }
        turn.await.ok()
    }
}

/// Finds out whether the host answers yet: it may have taken the lock this very moment.
async fn greet(socket: &Path, status: &watch::Sender<Status>) {
    if socket::answers(socket).await {
        status.send_replace(Status::Ready);
    } else {
        status.send_replace(Status::Failed(EmbeddedError::Silent));
    }
}

fn open_lock(path: &Path) -> Result<File, EmbeddedError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    private_files::open(path, &mut options).map_err(|error| DataDirProblem::unwritable(path, &error).into())
}

#[cfg(test)]
mod tests;
