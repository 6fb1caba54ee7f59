//! Commands: a saved change is sent at once, by this program or by the one that sends, and the outcome is reported.

use std::{
    collections::BTreeMap,
    fs::{File, TryLockError},
    sync::Arc,
    time::Duration,
};

use caltrack_domain::outbox::{Outcome, Reason, ReasonKind};
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

use super::{
    channel::{Connection, Server, Signal},
    drive::{Driver, Patience, Step},
    error::OutboxError,
    event::OutboxEvent,
    listing::{Saved, Status},
    owner::OutboxOwner,
    place::{Place, write_pid},
    port::OutboxApi,
    store::Outbox,
    turn::SendingTurn,
};
use crate::config::DataDir;

/// A backend or a sender that doesn't respond for this long is not waited for, so that the command ends within 5 s.
const SILENCE: Duration = Duration::from_millis(4_500);
/// A command doesn't take longer than this, even if answers arrive all the time.
const LONGEST: Duration = Duration::from_secs(45);
/// How long a command sends what else is in the queue once its own changes are done.
const OTHERS: Duration = Duration::from_secs(10);
/// The delay between attempts to become the sender or to reach it.
const TURN_DELAY: Duration = Duration::from_millis(10);

/// What became of a command's changes.
#[derive(Debug, Default)]
pub struct Delivery {
    /// By row: acknowledged, collided, rejected, withdrawn, or waiting with the reason.
    pub outcomes: BTreeMap<u64, Outcome>,
    /// What else happened meanwhile, for the replica: outcomes of other rows, collisions.
    pub events: Vec<OutboxEvent>,
    /// The outbox, for the next changes: opening it reads the whole file. None if a transaction was interrupted.
    pub outbox: Option<Outbox>,
}

impl Delivery {
    /// The reason for which a row still waits.
    pub fn waiting(&self) -> Option<&Reason> {
        self.outcomes.values().find_map(|outcome| match outcome {
            Outcome::Waiting(reason) => Some(reason),
            Outcome::Acknowledged(_) | Outcome::Collided(_) | Outcome::Rejected(_) | Outcome::Withdrawn => {
                None
            }
        })
    }
}

/// Sends the queue and returns what became of `saved`: at once if the backend can't be reached, after 4.5 s without any
/// answer. What waits stays in the queue.
///
/// # Errors
///
/// [`OutboxError`] if the file can't be used. What was saved is in it.
pub async fn deliver(
    data: &DataDir,
    outbox: Outbox,
    owner: &OutboxOwner,
    saved: &Saved,
    api: Arc<dyn OutboxApi>,
) -> Result<Delivery, OutboxError> {
    deliver_in_turn(data, outbox, owner, saved, api, &SendingTurn::default()).await
}

/// As [`deliver`], in a process that may be stopped: `turn` interrupts the delivery, which goes on after that.
///
/// # Errors
///
/// As [`deliver`].
pub async fn deliver_in_turn(
    data: &DataDir,
    outbox: Outbox,
    owner: &OutboxOwner,
    saved: &Saved,
    api: Arc<dyn OutboxApi>,
    interruption: &SendingTurn,
) -> Result<Delivery, OutboxError> {
    let begun = Instant::now();
    let place = Place::of(data, owner)?;
    let mut turn = Turn {
        owner,
        saved,
        open: saved.rows().collect(),
        delivery: Delivery::default(),
        last: begun,
        end: begun + LONGEST,
    };
    let mut outbox = outbox;
    loop {
        let lock = place.open_lock()?;
        match lock.try_lock() {
            Ok(()) => {
                let sent = turn
                    .send(&place, lock, outbox, Arc::clone(&api), interruption)
                    .await;
                interruption.end();
                match sent? {
                    Sent::Done(outbox) => return Ok(turn.with(outbox)),
                    Sent::Interrupted(present) => outbox = present,
                }
                continue;
            }
            Err(TryLockError::WouldBlock) => drop(lock),
            Err(TryLockError::Error(error)) => return Err(place.unusable(&error)),
        }
        turn.look(&outbox)?;
        if turn.open.is_empty() {
            return Ok(turn.with(Some(outbox)));
        }
        outbox = turn.follow(&place, outbox).await?;
        if turn.open.is_empty() {
            return Ok(turn.with(Some(outbox)));
        }
        if Instant::now() >= turn.deadline() {
            turn.give_up(&place.silence());
            return Ok(turn.with(Some(outbox)));
        }
        tokio::time::sleep(TURN_DELAY).await;
    }
}

/// Waits until an interruption is over.
async fn resumed(inbox: &mut mpsc::Receiver<Signal>) {
    loop {
        match inbox.recv().await {
            Some(Signal::Suspend(done)) => {
                let _ = done.send(());
            }
            Some(Signal::Request) => {}
            Some(Signal::Resume | Signal::End) | None => return,
        }
    }
}

/// How a turn as the sender ended.
enum Sent {
    /// All is done or given up.
    Done(Option<Outbox>),
    /// It was interrupted, and goes on.
    Interrupted(Outbox),
}

/// A command that waits for its changes.
struct Turn<'a> {
    owner: &'a OutboxOwner,
    saved: &'a Saved,
    /// Rows without an outcome.
    open: Vec<u64>,
    delivery: Delivery,
    /// When the last answer arrived.
    last: Instant,
    end: Instant,
}

impl Turn<'_> {
    fn with(self, outbox: Option<Outbox>) -> Delivery {
        Delivery {
            outbox,
            ..self.delivery
        }
    }

    fn deadline(&self) -> Instant {
        (self.last + SILENCE).min(self.end)
    }

    /// Sends the queue as the sender.
    async fn send(
        &mut self,
        place: &Place,
        lock: File,
        outbox: Outbox,
        api: Arc<dyn OutboxApi>,
        interruption: &SendingTurn,
    ) -> Result<Sent, OutboxError> {
        write_pid(&lock, &place.lock);
        // Another sender may have settled them before it released the lock.
        self.look(&outbox)?;
        let path = outbox.path().to_owned();
        let mut driver = Driver::new(outbox, self.owner.clone(), api);
        let (signals, mut inbox) = mpsc::channel(16);
        interruption.begin(signals.clone());
        let server = Server::start(&place.socket, signals, driver.changes())
            .map_err(|error| place.unusable(&error))?;
        for event in driver.expire().await? {
            self.take(event);
        }
        let interrupted = self.drive(&mut driver, &mut inbox).await?;
        drop(server);
        let outbox = driver.into_outbox();
        if let Some(outbox) = &outbox {
            self.look(outbox)?;
        }
        let Some(done) = interrupted else {
            return Ok(Sent::Done(outbox));
        };
        drop(lock);
        // The requester may be gone.
        let _ = done.send(());
        resumed(&mut inbox).await;
        self.last = Instant::now();
        self.end = self.last + LONGEST;
        let outbox = outbox.unwrap_or_else(|| Outbox::open(&path));
        Ok(Sent::Interrupted(outbox))
    }

    /// Sends until all is done or given up; returns the requester of an interruption.
    async fn drive(
        &mut self,
        driver: &mut Driver,
        inbox: &mut mpsc::Receiver<Signal>,
    ) -> Result<Option<oneshot::Sender<()>>, OutboxError> {
        let mut others = None;
        loop {
            let mut patience = Patience::Rows;
            if self.open.is_empty() {
                patience = Patience::Answers;
                others.get_or_insert_with(|| Instant::now() + OTHERS);
            }
            let deadline = others.unwrap_or_else(|| self.deadline());
            match driver.step(inbox, Some(deadline), patience).await {
                Step::Events(events) => {
                    let mut stopped = false;
                    for event in events {
                        match &event {
                            OutboxEvent::Trouble(Some(reason)) => {
                                self.give_up(reason);
                                stopped = true;
                            }
                            OutboxEvent::Failed(error) => return Err(error.clone()),
                            _ => {}
                        }
                        self.take(event);
                    }
                    if stopped {
                        return Ok(None);
                    }
                }
                Step::TimedOut => {
                    self.give_up(&Reason {
                        kind: ReasonKind::Unreachable,
                        text: "the backend doesn't respond".to_owned(),
                    });
                    return Ok(None);
                }
                Step::Signal(Signal::Suspend(done)) => return Ok(Some(done)),
                Step::Idle | Step::Signal(_) => return Ok(None),
            }
        }
    }

    /// Waits for another program that sends; returns when all rows have an outcome, when it ends, or after too long.
    async fn follow(&mut self, place: &Place, outbox: Outbox) -> Result<Outbox, OutboxError> {
        let Ok(mut connection) = Connection::open(&place.socket).await else {
            return Ok(outbox);
        };
        while !self.open.is_empty() {
            match tokio::time::timeout_at(self.deadline(), connection.changed()).await {
                Ok(Ok(())) => {
                    self.last = Instant::now();
                    self.look(&outbox)?;
                }
                Ok(Err(_)) | Err(_) => break,
            }
        }
        Ok(outbox)
    }

    fn take(&mut self, event: OutboxEvent) {
        if let OutboxEvent::Outcome { row, outcome } = &event {
            self.last = Instant::now();
            self.settle(*row, outcome);
        }
        self.delivery.events.push(event);
    }

    fn settle(&mut self, row: u64, outcome: &Outcome) {
        if let Some(at) = self.open.iter().position(|open| *open == row) {
            self.open.swap_remove(at);
            self.delivery.outcomes.insert(row, outcome.clone());
        }
    }

    /// Reads what became of the rows.
    fn look(&mut self, outbox: &Outbox) -> Result<(), OutboxError> {
        let trouble = outbox.trouble(self.owner);
        for row in self.open.clone() {
            match outbox.status(self.owner, row)? {
                Status::Settled(outcome) => self.settle(row, &outcome),
                Status::Forgotten => self.settle(row, &Outcome::Withdrawn),
                Status::Pending { reason: Some(reason) } if self.saved.reasons.get(&row) != Some(&reason) => {
                    self.settle(row, &Outcome::Waiting(reason));
                }
                Status::Pending { .. } => {
                    if trouble.attempts > self.saved.attempts
                        && let Some(reason) = &trouble.reason
                    {
                        self.settle(row, &Outcome::Waiting(reason.clone()));
                    }
                }
            }
        }
        Ok(())
    }

    /// What has no outcome waits, for this reason.
    fn give_up(&mut self, reason: &Reason) {
        for row in std::mem::take(&mut self.open) {
            self.delivery
                .outcomes
                .insert(row, Outcome::Waiting(reason.clone()));
        }
    }
}
