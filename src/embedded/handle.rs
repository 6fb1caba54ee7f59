//! This program's share in the backend in the box, from the view of its other parts.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use futures_util::future::BoxFuture;
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};

use super::{
    error::EmbeddedError,
    holder::Role,
    lock::open_lock,
    readiness::{Readiness, ShareStatus},
    share::{Order, Share},
    socket,
};
use caltrack_client::{
    api::{Silence, SilenceWatch},
    config::DataDir,
};

/// This program's share in the backend in the box: it is the host, or a guest that becomes the host when the present one
/// ends.
#[derive(Debug)]
pub struct Embedded {
    socket: PathBuf,
    handle: ShareHandle,
    task: JoinHandle<()>,
}

/// Capacity of the queue of orders.
const MAX_ORDERS: usize = 8;
/// Time limit for a host to finish its responses and release the box.
const RELEASE_TIME: Duration = Duration::from_secs(3);

impl Embedded {
    /// Starts the share, which works in the background. Requires the runtime.
    ///
    /// # Errors
    ///
    /// [`EmbeddedError`] if the data directory can't be written, or no socket file is possible. Nothing is changed then.
    pub fn start(data: &DataDir, role: Role) -> Result<Self, EmbeddedError> {
        data.prepare()?;
        let socket = socket::path(data.path())?;
        let lock = open_lock(&data.backend_lock())?;
        let (status, watched) = watch::channel(ShareStatus::Starting);
        let (sender, orders) = mpsc::channel(MAX_ORDERS);
        let share = Share {
            data: data.clone(),
            role,
            socket: socket.clone(),
            status,
            waiting: None,
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

    /// The socket file, whichever program hosts it.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// A handle for other parts of the program.
    pub fn handle(&self) -> ShareHandle {
        self.handle.clone()
    }

    /// The state of the backend.
    pub fn readiness(&self) -> Readiness {
        self.handle.readiness()
    }

    /// Ends the share: a host finishes its responses, then closes its files.
    pub async fn end(self) {
        // An error means that the share has ended already.
        let _ = self.handle.orders.send(Order::End).await;
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the backend in the box failed when it ended");
        }
    }
}

/// Orders to this program's share, and its state. Cloning shares both.
#[derive(Debug, Clone)]
pub struct ShareHandle {
    orders: mpsc::Sender<Order>,
    status: watch::Receiver<ShareStatus>,
}

impl ShareHandle {
    /// The state of the backend.
    pub fn readiness(&self) -> Readiness {
        Readiness::new(self.status.clone())
    }

    /// Releases the box before this process is stopped, since a stopped host would block all other programs. Returns when
    /// another program can host the box, or after 3 s.
    pub async fn suspend(&self) {
        let (sender, done) = oneshot::channel();
        let suspended = async {
            if self.orders.send(Order::Suspend(sender)).await.is_ok() {
                // An error means that the share has ended and released the box.
                let _ = done.await;
            }
        };
        if tokio::time::timeout(RELEASE_TIME, suspended).await.is_err() {
            tracing::warn!("the backend in the box was not released in time");
        }
    }

    /// Takes part again: as host if there is none, else as a guest.
    pub async fn resume(&self) {
        // An error means that the share has ended.
        let _ = self.orders.send(Order::Resume).await;
    }
}

/// How long a request waits for its response before the host is checked.
const CHECK_AFTER: Duration = Duration::from_secs(1);

impl SilenceWatch for ShareHandle {
    fn silent(&self) -> BoxFuture<'_, Silence> {
        let mut readiness = self.readiness();
        Box::pin(async move {
            loop {
                tokio::time::sleep(CHECK_AFTER).await;
                // A full queue contains such an order already. Without a share nothing is detected, and the request has its
                // own time limit.
                let _ = self.orders.try_send(Order::CheckHost);
                if let Err(EmbeddedError::Silent(host)) = readiness.wait().await {
                    return host.into();
                }
            }
        })
    }
}
