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
mod share;
mod socket;

use std::{
    fs::{File, OpenOptions},
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use caltrack_private_files as private_files;
use futures_util::future::BoxFuture;
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};

use self::share::{Order, Share, Status};
use caltrack_client::{
    api::{Endpoints, Silence, SilenceWatch},
    config::{DataDir, DataDirProblem},
};
use caltrack_local_backend::account::{CLIENT_ID, POOL_ID};

pub use caltrack_local_backend::{server::Origins, tls};

pub use account::{
    AccountProblem, KeptAccount, account_problem, automatic_account, kept_account, open_account, with_account,
};
pub use codes::codes_file;
pub use holder::{Role, SilentHost};
pub use serve::{ServeOptions, Served, serve};

/// Where the backend in the box of a data directory answers, whoever hosts it.
///
/// # Errors
///
/// Where a socket file can't be named.
pub fn endpoints(data: &DataDir) -> Result<Endpoints, EmbeddedError> {
    Ok(Endpoints::on_socket(
        &socket::path(data.path())?,
        POOL_ID,
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
    /// The backend's files can't be used.
    #[error("{message}")]
    Start {
        /// What is wrong, and what was kept.
        message: String,
        /// What the user can do.
        advice: String,
    },
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
    #[error("{0}")]
    Silent(SilentHost),
    /// This program's share has ended, and the program with it.
    #[error("this program is ending")]
    Ended,
}

/// This program's share in the backend in the box: host or guest, and host as soon as the host ends.
#[derive(Debug)]
pub struct Embedded {
    socket: PathBuf,
    handle: ShareHandle,
    task: JoinHandle<()>,
}

/// Capacity of the queue of orders.
const WAITING: usize = 8;
/// How long a host may take to finish responses and release the box.
const FAREWELL: Duration = Duration::from_secs(3);

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
        let (sender, orders) = mpsc::channel(WAITING);
        let share = Share {
            data: data.clone(),
            role,
            socket: socket.clone(),
            status,
            turn: None,
        };
        Ok(Self {
            socket,
            handle: ShareHandle {
                orders: sender,
                status: watched,
            },
            task: tokio::spawn(share.run(lock, orders)),
        })
    }

    /// The socket file, whoever answers there.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// The interface for other parts of the program.
    pub fn handle(&self) -> ShareHandle {
        self.handle.clone()
    }

    /// Waits by turns, for as long as it takes to know.
    pub fn readiness(&self) -> Readiness {
        self.handle.readiness()
    }

    /// Ends this program's share in order: a host answers what is under way, then closes its files.
    pub async fn end(self) {
        // An error says that it has ended already.
        let _ = self.handle.orders.send(Order::End).await;
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the backend in the box did not end in order");
        }
    }
}

/// A program's share in the box, as its other parts see it. Cloning shares it.
#[derive(Debug, Clone)]
pub struct ShareHandle {
    orders: mpsc::Sender<Order>,
    status: watch::Receiver<Status>,
}

impl ShareHandle {
    /// See [`Readiness`].
    pub fn readiness(&self) -> Readiness {
        Readiness {
            status: self.status.clone(),
            told: false,
        }
    }

    /// Releases the box before this process is stopped, since a stopped host would block all other programs. Returns
    /// when another program can host it, or after 3 s.
    pub async fn suspend(&self) {
        let (sender, done) = oneshot::channel();
        let suspended = async {
            if self.orders.send(Order::Suspend(sender)).await.is_ok() {
                // An error says that the share has ended, and with it its hold on the box.
                let _ = done.await;
            }
        };
        if tokio::time::timeout(FAREWELL, suspended).await.is_err() {
            tracing::warn!("the backend in the box was not given away in time");
        }
    }

    /// Joins again: as host if there is none, else as a guest.
    pub async fn resume(&self) {
        // An error says that the share has ended.
        let _ = self.orders.send(Order::Resume).await;
    }
}

/// How long a request waits for its response before the host is checked.
const DOUBT: Duration = Duration::from_secs(1);

impl SilenceWatch for ShareHandle {
    fn silent(&self) -> BoxFuture<'_, Silence> {
        let mut readiness = self.readiness();
        Box::pin(async move {
            loop {
                tokio::time::sleep(DOUBT).await;
                // A full queue contains a doubt already. Without a share nothing is detected, and the request has its
                // own time limit.
                let _ = self.orders.try_send(Order::Doubt);
                if let Err(EmbeddedError::Silent(host)) = readiness.wait().await {
                    return host.into();
                }
            }
        })
    }
}

/// Tells whether the backend in the box answers.
#[derive(Debug, Clone)]
pub struct Readiness {
    status: watch::Receiver<Status>,
    /// Whether the status of now was returned by [`Readiness::next`] before.
    told: bool,
}

/// What becomes known of the box.
#[derive(Debug, Clone)]
pub enum Standing {
    /// It answers.
    Ready,
    /// Its host doesn't respond, but may recover.
    Silent(SilentHost),
    /// It can't be used, and won't recover by itself.
    Failed(EmbeddedError),
}

impl Readiness {
    /// Waits until it answers; for a silent host, some seconds at most.
    ///
    /// # Errors
    ///
    /// Why it doesn't. After [`EmbeddedError::Silent`], waiting again may help.
    pub async fn wait(&mut self) -> Result<(), EmbeddedError> {
        loop {
            let status = self.status.borrow_and_update().clone();
            match status {
                Status::Ready => return Ok(()),
                Status::Failed(error) => return Err(error),
                Status::Starting => self.changed().await?,
                Status::Silent(host) => match tokio::time::timeout(host.grace(), self.changed()).await {
                    Ok(changed) => changed?,
                    Err(_) => return Err(EmbeddedError::Silent(host)),
                },
            }
        }
    }

    /// Waits until it answers, however long its host is unresponsive.
    ///
    /// # Errors
    ///
    /// Why it never will be available.
    pub async fn wait_patiently(&mut self) -> Result<(), EmbeddedError> {
        loop {
            match self.next().await {
                Standing::Ready => return Ok(()),
                Standing::Failed(error) => return Err(error),
                Standing::Silent(_) => {}
            }
        }
    }

    /// The current status, or the first one once it is known; after that, each change.
    pub async fn next(&mut self) -> Standing {
        loop {
            if self.told
                && let Err(error) = self.changed().await
            {
                return Standing::Failed(error);
            }
            self.told = true;
            let status = self.status.borrow_and_update().clone();
            match status {
                Status::Ready => return Standing::Ready,
                Status::Silent(host) => return Standing::Silent(host),
                Status::Failed(error) => return Standing::Failed(error),
                Status::Starting => {}
            }
        }
    }

    async fn changed(&mut self) -> Result<(), EmbeddedError> {
        self.status.changed().await.map_err(|_| EmbeddedError::Ended)
    }
}

fn open_lock(path: &Path) -> Result<File, EmbeddedError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    private_files::open(path, &mut options).map_err(|error| DataDirProblem::unwritable(path, &error).into())
}

#[cfg(test)]
mod tests;
