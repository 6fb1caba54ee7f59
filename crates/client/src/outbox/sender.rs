//! The sender of a program that stays open: it sends while it holds the lock, and follows the sender otherwise.

use std::{fs::File, io, sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::Instant,
};

use super::{
    channel::{Connection, Server, Signal},
    drive::{Driver, Patience, Step, sleep_until},
    error::OutboxError,
    event::OutboxEvent,
    owner::OutboxOwner,
    place::{Place, SILENCE, write_pid},
    port::OutboxApi,
    store::Outbox,
};
use crate::{config::DataDir, lock_file};

/// Signals that wait. More requests than this are one.
const MAX_SIGNALS: usize = 16;
/// The delay before a follower connects again: the sender has ended, and this program or another takes over.
const RECONNECT_DELAY: Duration = Duration::from_millis(50);

/// A running sender. It ends when it is dropped; what is in flight then is sent again by the next one.
#[derive(Debug)]
pub struct Sender {
    signals: mpsc::Sender<Signal>,
    running: JoinHandle<()>,
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.running.abort();
    }
}

impl Sender {
    /// Starts to send the rows of an owner, or to follow the program that does. Reports go to `events`.
    ///
    /// # Errors
    ///
    /// [`OutboxError`] if the lock file can't be opened.
    pub fn start(
        data: &DataDir,
        owner: OutboxOwner,
        api: Arc<dyn OutboxApi>,
        events: mpsc::Sender<OutboxEvent>,
    ) -> Result<Self, OutboxError> {
        let place = Place::of(data, &owner)?;
        let lock = place.open_lock()?;
        let (signals, inbox) = mpsc::channel(MAX_SIGNALS);
        let running = Running {
            data: data.clone(),
            place,
            owner,
            api,
            events,
            signals: signals.clone(),
            inbox,
            waiting: None,
        };
        Ok(Self {
            signals,
            running: tokio::spawn(running.run(lock)),
        })
    }

    /// Requests that the queue is sent at once: rows were saved, or the connection is back.
    pub fn request(&self) {
        // If there is no room, a request waits there already.
        let _ = self.signals.try_send(Signal::Request);
    }

    /// Releases lock and socket, before the process is stopped; returns when they are free.
    pub async fn suspend(&self) {
        let (done, released) = oneshot::channel();
        if self.signals.send(Signal::Suspend(done)).await.is_ok() {
            // An error means that it has ended, which releases them as well.
            let _ = released.await;
        }
    }

    /// Takes part again after [`Sender::suspend`].
    pub async fn resume(&self) {
        // An error means that it has ended.
        let _ = self.signals.send(Signal::Resume).await;
    }

    /// Ends it; returns when lock and socket are free.
    pub async fn end(mut self) {
        let _ = self.signals.send(Signal::End).await;
        let _ = (&mut self.running).await;
    }
}

struct Running {
    data: DataDir,
    place: Place,
    owner: OutboxOwner,
    api: Arc<dyn OutboxApi>,
    events: mpsc::Sender<OutboxEvent>,
    /// For the socket, whose requests arrive like those of this program.
    signals: mpsc::Sender<Signal>,
    inbox: mpsc::Receiver<Signal>,
    /// From the thread that waits for the lock. It can't be cancelled, so it remains during a suspension.
    waiting: Option<oneshot::Receiver<File>>,
}

/// Why this program neither sends nor follows any more.
enum Pause {
    Suspended(oneshot::Sender<()>),
    Ended,
}

impl Running {
    async fn run(mut self, lock: File) {
        let mut lock = Some(lock);
        loop {
            let pause = match self.take_part(lock.take()).await {
                Ok(pause) => pause,
                Err(error) => {
                    self.report(OutboxEvent::Failed(error)).await;
                    return;
                }
            };
            let Pause::Suspended(done) = pause else {
                return;
            };
            // The requester may be gone.
            let _ = done.send(());
            if !self.resumed().await {
                return;
            }
        }
    }

    /// Waits until resumed; returns false at the end. A lock that is granted meanwhile is released at once.
    async fn resumed(&mut self) -> bool {
        loop {
            tokio::select! {
                granted = granted(&mut self.waiting) => drop(granted),
                signal = self.inbox.recv() => match signal {
                    Some(Signal::Resume) => return true,
                    Some(Signal::Suspend(done)) => {
                        let _ = done.send(());
                    }
                    Some(Signal::Request) => {}
                    Some(Signal::End) | None => return false,
                },
            }
        }
    }

    async fn take_part(&mut self, lock: Option<File>) -> Result<Pause, OutboxError> {
        let held = if self.waiting.is_some() {
            self.follow().await
        } else {
            let lock = match lock {
                Some(lock) => lock,
                None => self.place.open_lock()?,
            };
            match lock.try_lock() {
                Ok(()) => Ok(lock),
                Err(std::fs::TryLockError::WouldBlock) => {
                    self.waiting = Some(lock_file::wait(lock));
                    self.follow().await
                }
                Err(std::fs::TryLockError::Error(error)) => return Err(self.place.unusable(&error)),
            }
        };
        match held {
            Ok(lock) => self.send(lock).await,
            Err(pause) => Ok(pause),
        }
    }

    /// Sends until suspended or ended.
    async fn send(&mut self, lock: File) -> Result<Pause, OutboxError> {
        write_pid(&lock, &self.place.lock);
        let outbox = self.open().await?;
        let mut driver = Driver::new(outbox, self.owner.clone(), Arc::clone(&self.api));
        let server = Server::start(&self.place.socket, self.signals.clone(), driver.changes())
            .map_err(|error| self.place.unusable(&error))?;
        for event in driver.expire().await? {
            self.report(event).await;
        }
        let pause = loop {
            match driver.step(&mut self.inbox, None, Patience::Signals).await {
                Step::Events(events) => {
                    for event in events {
                        self.report(event).await;
                    }
                }
                Step::Signal(Signal::Suspend(done)) => break Pause::Suspended(done),
                Step::Signal(Signal::End) => break Pause::Ended,
                Step::Signal(Signal::Request | Signal::Resume) | Step::Idle | Step::TimedOut => {}
            }
        };
        // The lock is released only after the socket is removed.
        drop(server);
        drop(lock);
        Ok(pause)
    }

    /// Follows the sender until the lock is granted.
    async fn follow(&mut self) -> Result<File, Pause> {
        let mut waiting = self.waiting.take();
        let mut connection: Option<Connection> = None;
        // Stays open, since opening it reads the whole file.
        let mut read = None;
        let mut last = self.last_outcome(&mut read).await;
        // When a request that the sender has not acknowledged becomes a silence.
        let mut silent_at: Option<Instant> = None;
        let outcome = loop {
            tokio::select! {
                held = granted(&mut waiting) => if let Some(held) = held {
                    break Ok(held);
                },
                signal = self.inbox.recv() => match signal {
                    Some(Signal::Request) => {
                        silent_at.get_or_insert_with(|| Instant::now() + SILENCE);
                        if let Some(open) = &mut connection
                            && open.request().await.is_err()
                        {
                            connection = None;
                        }
                    }
                    Some(Signal::Suspend(done)) => break Err(Pause::Suspended(done)),
                    Some(Signal::End) | None => break Err(Pause::Ended),
                    Some(Signal::Resume) => {}
                },
                changed = listen(&mut connection, &self.place) => match changed {
                    Ok(()) => {
                        silent_at = None;
                        last = self.catch_up(&mut read, last).await;
                    }
                    Err(_) => connection = None,
                },
                () = sleep_until(silent_at) => {
                    silent_at = None;
                    self.report(OutboxEvent::Trouble(Some(self.place.silence()))).await;
                }
            }
        };
        self.waiting = waiting;
        outcome
    }

    /// Reports what became of rows since an outcome; returns the number of the newest.
    async fn catch_up(&self, read: &mut Option<Outbox>, last: u64) -> u64 {
        let owner = self.owner.clone();
        let found = self
            .with_outbox(read, move |outbox| outbox.outcomes_after(&owner, last))
            .await;
        let mut newest = last;
        for (number, row, outcome) in found.unwrap_or_default() {
            newest = number;
            self.report(OutboxEvent::Outcome { row, outcome }).await;
        }
        let owner = self.owner.clone();
        let trouble = self
            .with_outbox(read, move |outbox| Ok(outbox.trouble(&owner)))
            .await;
        self.report(OutboxEvent::Trouble(trouble.unwrap_or_default().reason))
            .await;
        self.report(OutboxEvent::Changed).await;
        newest
    }

    async fn last_outcome(&self, read: &mut Option<Outbox>) -> u64 {
        let last = self.with_outbox(read, Outbox::last_outcome).await;
        last.unwrap_or_default()
    }

    async fn with_outbox<T: Send + 'static>(
        &self,
        read: &mut Option<Outbox>,
        work: impl FnOnce(&Outbox) -> Result<T, OutboxError> + Send + 'static,
    ) -> Result<T, OutboxError> {
        let path = self.data.outbox();
        let kept = read.take();
        let done = tokio::task::spawn_blocking(move || {
            let outbox = kept.unwrap_or_else(|| Outbox::open(&path));
            let done = work(&outbox);
            (outbox, done)
        });
        let (outbox, done) = done
            .await
            .map_err(|error| OutboxError::Sqlite(error.to_string()))?;
        // One that is damaged may be replaced meanwhile.
        *read = Some(outbox).filter(|outbox| outbox.access().writable().is_ok());
        done
    }

    /// Opens the outbox, if it can be written.
    async fn open(&self) -> Result<Outbox, OutboxError> {
        let path = self.data.outbox();
        let opened = tokio::task::spawn_blocking(move || {
            let outbox = Outbox::open(&path);
            outbox.access().writable().map(|()| outbox)
        });
        opened
            .await
            .map_err(|error| OutboxError::Sqlite(error.to_string()))?
    }

    async fn report(&self, event: OutboxEvent) {
        // Without a receiver the queue is sent nevertheless.
        let _ = self.events.send(event).await;
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

/// Connects if necessary; completes at the greeting and at each change.
async fn listen(connection: &mut Option<Connection>, place: &Place) -> io::Result<()> {
    let open = match connection {
        Some(open) => open,
        None => match Connection::open(&place.socket).await {
            Ok(open) => connection.insert(open),
            Err(error) => {
                tokio::time::sleep(RECONNECT_DELAY).await;
                return Err(error);
            }
        },
    };
    open.changed().await
}
