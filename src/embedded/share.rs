//! One program's share in the box: host or guest, unless it is suspended.

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
    error::EmbeddedError,
    holder::{self, Role, SilentHost},
    host,
    lock::{open_lock, wait_for_lock},
    readiness::ShareStatus,
    socket,
};
use caltrack_client::config::DataDir;

/// How often the process of an unresponsive host is inspected.
const CHECK_INTERVAL: Duration = Duration::from_millis(500);
/// A stopped host is reported after this: it may be continued at once.
const STOPPED_AFTER: Duration = Duration::from_secs(1);
/// A running host that doesn't respond is reported after this.
const SILENT_AFTER: Duration = Duration::from_secs(4);

/// Orders of the program to its share.
#[derive(Debug)]
pub(super) enum Order {
    /// Release the box, before the process is stopped. Acknowledged when it is free.
    Suspend(oneshot::Sender<()>),
    /// Take part again after a suspension.
    Resume,
    /// Check whether the host still responds: a request of this program has been waiting for a second.
    CheckHost,
    /// End the share, because the program ends.
    End,
}

/// One program's share in the box.
pub(super) struct Share {
    pub(super) data: DataDir,
    pub(super) role: Role,
    pub(super) socket: PathBuf,
    pub(super) status: watch::Sender<ShareStatus>,
    /// From the thread that waits for the lock. It can't be cancelled, so it remains during a suspension.
    pub(super) waiting: Option<oneshot::Receiver<File>>,
}

/// Why this program is no longer host or guest.
enum Interruption {
    Suspended(oneshot::Sender<()>),
    Ended,
}

impl Share {
    /// Runs until shutdown, or until the box can't be used.
    pub(super) async fn run(mut self, lock: File, mut orders: mpsc::Receiver<Order>) {
        let mut lock = Some(lock);
        loop {
            let interruption = match self.take_part(lock.take(), &mut orders).await {
                Ok(interruption) => interruption,
                Err(error) => {
                    self.status.send_replace(ShareStatus::Failed(error));
                    return;
                }
            };
            let Interruption::Suspended(done) = interruption else {
                return;
            };
            self.status.send_replace(ShareStatus::Starting);
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
                granted = granted(&mut self.waiting) => drop(granted),
                order = orders.recv() => match order {
                    Some(Order::Resume) => return true,
                    Some(Order::Suspend(done)) => {
                        let _ = done.send(());
                    }
                    Some(Order::CheckHost) => {}
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
    ) -> Result<Interruption, EmbeddedError> {
        let held = if self.waiting.is_some() {
            self.as_guest(orders).await
        } else {
            let lock = match lock {
                Some(lock) => lock,
                None => open_lock(&self.data.backend_lock())?,
            };
            match lock.try_lock() {
                Ok(()) => Ok(lock),
                Err(TryLockError::WouldBlock) => {
                    self.waiting = Some(wait_for_lock(lock));
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
            Err(interruption) => Ok(interruption),
        }
    }

    async fn as_host(&self, held: File, orders: &mut mpsc::Receiver<Order>) -> Interruption {
        holder::write_name(&held, self.role);
        if matches!(*self.status.borrow(), ShareStatus::Silent(_)) {
            self.status.send_replace(ShareStatus::Starting);
        }
        let (stop, stopped) = oneshot::channel();
        let mut hosting = pin!(host::run(&self.data, &self.socket, &self.status, stopped));
        let interruption = loop {
            tokio::select! {
                () = &mut hosting => break None,
                order = orders.recv() => match order {
                    Some(Order::Suspend(done)) => break Some(Interruption::Suspended(done)),
                    Some(Order::End) | None => break Some(Interruption::Ended),
                    Some(Order::CheckHost | Order::Resume) => {}
                },
            }
        };
        let interruption = match interruption {
            Some(interruption) => {
                // An error means that hosting has ended already.
                let _ = stop.send(());
                hosting.await;
                interruption
            }
            // Hosting failed; the status has the reason.
            None => Interruption::Ended,
        };
        // The lock is released only after the files are closed and the socket is removed.
        drop(held);
        interruption
    }

    /// Waits for the lock, and meanwhile checks whether the host responds: at first, and at each order to check.
    async fn as_guest(&mut self, orders: &mut mpsc::Receiver<Order>) -> Result<File, Interruption> {
        let lock = self.data.backend_lock();
        let (socket, status) = (&self.socket, &self.status);
        let check = || check_host(socket.clone(), lock.clone(), status.clone()).fuse();
        let mut checking = pin!(check());
        let mut waiting = self.waiting.take();
        let outcome = loop {
            tokio::select! {
                // Without a thread that waits for the lock, this program remains a guest.
                held = granted(&mut waiting) => if let Some(held) = held {
                    break Ok(held);
                },
                () = &mut checking => {}
                order = orders.recv() => match order {
                    Some(Order::Suspend(done)) => break Err(Interruption::Suspended(done)),
                    Some(Order::End) | None => break Err(Interruption::Ended),
                    Some(Order::CheckHost) => if checking.is_terminated() {
                        checking.set(check());
                    },
                    Some(Order::Resume) => {}
                },
            }
        };
        self.waiting = waiting;
        outcome
    }
}

/// Completes when the lock is granted; never if no thread waits for it.
async fn granted(waiting: &mut Option<oneshot::Receiver<File>>) -> Option<File> {
    let Some(receiver) = waiting else {
        return std::future::pending().await;
    };
    let held = receiver.await.ok();
    *waiting = None;
    held
}

/// Completes when the host responds; until then, sets the status to the reason why it doesn't.
async fn check_host(socket: PathBuf, lock: PathBuf, status: watch::Sender<ShareStatus>) {
    let listens = AtomicBool::new(false);
    let mut responded = pin!(socket::responds(&socket, &listens));
    let begun = Instant::now();
    while tokio::time::timeout(CHECK_INTERVAL, &mut responded)
        .await
        .is_err()
    {
        let (waited, path) = (begun.elapsed(), lock.clone());
        if waited < STOPPED_AFTER {
            continue;
        }
        let listens = listens.load(Ordering::Relaxed);
        let found = tokio::task::spawn_blocking(move || SilentHost::find(&path, listens)).await;
        let Ok(host) = found else {
            continue;
        };
        if host.is_stopped() || waited >= SILENT_AFTER {
            status.send_if_modified(|status| {
                let changed = !matches!(status, ShareStatus::Silent(known) if *known == host);
                *status = ShareStatus::Silent(host);
                changed
            });
        }
    }
    status.send_if_modified(|status| {
        let changed = !matches!(status, ShareStatus::Ready);
        *status = ShareStatus::Ready;
        changed
    });
}
