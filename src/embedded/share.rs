//! One program's part in the box: host or guest, for as long as it isn't suspended.

use std::{
    fs::{File, TryLockError},
    path::PathBuf,
    pin::pin,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use futures_util::{FutureExt as _, future::FusedFuture as _};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::Instant,
};

use super::{
    EmbeddedError, Role,
    holder::{self, SilentHost},
    host, open_lock, socket,
};
use caltrack_client::config::DataDir;

/// How often an unresponsive host's process is inspected.
const LOOK: Duration = Duration::from_millis(500);
/// A stopped host is reported after this: it may be continued at once.
const STOPPED_AFTER: Duration = Duration::from_secs(1);
/// A running host that doesn't respond is reported after this.
const SILENT_AFTER: Duration = Duration::from_secs(4);

/// The state of the backend in the box, as this program sees it.
#[derive(Debug, Clone)]
pub(super) enum Status {
    /// It is being opened, or its host is.
    Starting,
    /// It answers on the socket.
    Ready,
    /// Its host has the lock and doesn't respond, but may recover.
    Silent(SilentHost),
    /// It can't be used, and won't recover by itself.
    Failed(EmbeddedError),
}

/// Orders of the program to its share.
#[derive(Debug)]
pub(super) enum Order {
    /// Release the box, before the process is stopped. Acknowledged when it is free.
    Suspend(oneshot::Sender<()>),
    /// Join again.
    Resume,
    /// Check whether the host still responds: a request of this program has been waiting for a second.
    Doubt,
    /// Shut down.
    End,
}

/// One program's part in the box.
pub(super) struct Share {
    pub(super) data: DataDir,
    pub(super) role: Role,
    pub(super) socket: PathBuf,
    pub(super) status: watch::Sender<Status>,
    /// The thread that waits for the lock. It can't be cancelled, so it outlasts a suspension.
    pub(super) turn: Option<oneshot::Receiver<File>>,
}

/// Why a share stopped being host or guest.
enum Break {
    Suspended(oneshot::Sender<()>),
    Ended,
}

impl Share {
    /// Runs until shutdown, or until the box can't be used.
    pub(super) async fn run(mut self, lock: File, mut orders: mpsc::Receiver<Order>) {
        let mut lock = Some(lock);
        loop {
            let broken = match self.take_part(lock.take(), &mut orders).await {
                Ok(broken) => broken,
                Err(error) => {
                    self.status.send_replace(Status::Failed(error));
                    return;
                }
            };
            let Break::Suspended(done) = broken else {
                return;
            };
            self.status.send_replace(Status::Starting);
            // The requester may be gone.
            let _ = done.send(());
            if !self.resumed(&mut orders).await {
                return;
            }
        }
    }

    /// Waits until resumed; returns false on shutdown. A lock that is granted meanwhile is released at once.
    async fn resumed(&mut self, orders: &mut mpsc::Receiver<Order>) -> bool {
        loop {
            tokio::select! {
                granted = granted(&mut self.turn) => drop(granted),
                order = orders.recv() => match order {
                    Some(Order::Resume) => return true,
                    Some(Order::Suspend(done)) => {
                        let _ = done.send(());
                    }
                    Some(Order::Doubt) => {}
                    Some(Order::End) | None => return false,
                },
            }
        }
    }

    /// Hosts the box if there is no host, else is a guest until the host ends.
    async fn take_part(
        &mut self,
        lock: Option<File>,
        orders: &mut mpsc::Receiver<Order>,
    ) -> Result<Break, EmbeddedError> {
        let held = if self.turn.is_some() {
            self.as_guest(orders).await
        } else {
            let lock = match lock {
                Some(lock) => lock,
                None => open_lock(&self.data.backend_lock())?,
            };
            match lock.try_lock() {
                Ok(()) => Ok(lock),
                Err(TryLockError::WouldBlock) => {
                    self.turn = Some(wait_for_turn(lock));
                    self.as_guest(orders).await
                }
                Err(TryLockError::Error(error)) => {
                    return Err(EmbeddedError::Socket {
                        path: self.data.backend_lock(),
                        detail: error.to_string(),
                    });
                }
            }
        };
        match held {
            Ok(held) => Ok(self.as_host(held, orders).await),
            Err(broken) => Ok(broken),
        }
    }

    async fn as_host(&self, held: File, orders: &mut mpsc::Receiver<Order>) -> Break {
        holder::note(&held, self.role);
        if matches!(*self.status.borrow(), Status::Silent(_)) {
            self.status.send_replace(Status::Starting);
        }
        let (stop, stopped) = oneshot::channel();
        let mut hosting = pin!(host::run(&self.data, &self.socket, &self.status, stopped));
        let broken = loop {
            tokio::select! {
                () = &mut hosting => break None,
                order = orders.recv() => match order {
                    Some(Order::Suspend(done)) => break Some(Break::Suspended(done)),
                    Some(Order::End) | None => break Some(Break::Ended),
                    Some(Order::Doubt | Order::Resume) => {}
                },
            }
        };
        let broken = match broken {
            Some(broken) => {
                // An error says that it has ended already.
                let _ = stop.send(());
                hosting.await;
                broken
            }
            // It couldn't be hosted; the status says why.
            None => Break::Ended,
        };
        // The lock is let go only when the files are closed and the socket is gone.
        drop(held);
        broken
    }

    /// Waits for the lock, and checks meanwhile whether the host responds: at first, and whenever there is doubt.
    async fn as_guest(&mut self, orders: &mut mpsc::Receiver<Order>) -> Result<File, Break> {
        let lock = self.data.backend_lock();
        let (socket, status) = (&self.socket, &self.status);
        let ask = || ask_host(socket.clone(), lock.clone(), status.clone()).fuse();
        let mut asking = pin!(ask());
        let mut turn = self.turn.take();
        let outcome = loop {
            tokio::select! {
                // Where the system refuses to wait for it, it is a guest all the same.
                held = granted(&mut turn) => if let Some(held) = held {
                    break Ok(held);
                },
                () = &mut asking => {}
                order = orders.recv() => match order {
                    Some(Order::Suspend(done)) => break Err(Break::Suspended(done)),
                    Some(Order::End) | None => break Err(Break::Ended),
                    Some(Order::Doubt) => if asking.is_terminated() {
                        asking.set(ask());
                    },
                    Some(Order::Resume) => {}
                },
            }
        };
        self.turn = turn;
        outcome
    }
}

/// Completes when the lock is granted; never if no thread waits for it.
async fn granted(turn: &mut Option<oneshot::Receiver<File>>) -> Option<File> {
    let Some(receiver) = turn else {
        return std::future::pending().await;
    };
    let held = receiver.await.ok();
    *turn = None;
    held
}

/// A thread parked in the lock.
pub(super) fn wait_for_turn(lock: File) -> oneshot::Receiver<File> {
    let (sender, receiver) = oneshot::channel();
    // A thread of its own: the runtime would wait for a blocking task when it ends, and this one may never return.
    let waiting = std::thread::Builder::new()
        .name("turn".to_owned())
        .spawn(move || {
            if lock.lock().is_ok() {
                // If the receiver is gone, the file is dropped, and the lock with it.
                let _ = sender.send(lock);
            }
        });
    if let Err(error) = waiting {
        tracing::warn!(%error, "this program can't take over when the host of the backend ends");
    }
    receiver
}

/// Completes once the host responds; until then the status says that it doesn't, and why.
async fn ask_host(socket: PathBuf, lock: PathBuf, status: watch::Sender<Status>) {
    let listens = AtomicBool::new(false);
    let mut answered = pin!(socket::answered(&socket, &listens));
    let begun = Instant::now();
    while tokio::time::timeout(LOOK, &mut answered).await.is_err() {
        let (waited, path) = (begun.elapsed(), lock.clone());
        if waited < STOPPED_AFTER {
            continue;
        }
        let listens = listens.load(Ordering::Relaxed);
        let looked = tokio::task::spawn_blocking(move || SilentHost::find(&path, listens)).await;
        let Ok(host) = looked else {
            continue;
        };
        if host.is_stopped() || waited >= SILENT_AFTER {
            status.send_if_modified(|status| {
                let news = !matches!(status, Status::Silent(known) if *known == host);
                *status = Status::Silent(host);
                news
            });
        }
    }
    status.send_if_modified(|status| {
        let news = !matches!(status, Status::Ready);
        *status = Status::Ready;
        news
    });
}
