//! Sending the queue: one loop for the sender and for single commands.

use std::{collections::BTreeSet, future::Future, pin::Pin, sync::Arc, time::Duration};

use caltrack_domain::outbox::{
    Answer, Command, MAX_IN_FLIGHT, Outcome, Reason, ReasonKind, Row, Scheduler, Subject,
};
use futures_util::{FutureExt as _, StreamExt as _, stream::FuturesUnordered};
use jiff::Timestamp;
use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};

use super::{
    channel::Signal, error::OutboxError, event::OutboxEvent, owner::OutboxOwner, port::OutboxApi,
    sending::Turned, store::Outbox,
};

/// Rows that are looked at together: a longer queue is read part by part.
const WINDOW: usize = 1_000;
/// The most answers that are taken in one transaction.
const MAX_ANSWERS: usize = 32;
/// Rows that are looked at for those that are sent next: some of them are in flight.
const OTHERS: usize = 2 * MAX_IN_FLIGHT;

type Attempt = Pin<Box<dyn Future<Output = (u64, Answer)> + Send>>;

/// What the next step of the loop came to.
#[derive(Debug)]
pub(super) enum Step {
    /// Something happened.
    Events(Vec<OutboxEvent>),
    /// An order to the program that sends.
    Signal(Signal),
    /// Nothing is in flight, and nothing is left to wait for.
    Idle,
    /// The deadline has passed.
    TimedOut,
}

/// What a step waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// Signals, for ever.
    Signals,
    /// Answers, and rows that are due later.
    Rows,
    /// Answers only.
    Answers,
}

/// Sends the rows of one owner. The caller holds the lock.
pub(super) struct Driver {
    /// None while a transaction runs on another thread.
    outbox: Option<Outbox>,
    owner: OutboxOwner,
    api: Arc<dyn OutboxApi>,
    scheduler: Scheduler,
    rows: Vec<Row>,
    /// Whether the rows must be read again.
    stale: bool,
    /// Whether the queue has more rows.
    has_more: bool,
    in_flight: FuturesUnordered<Attempt>,
    begun: Instant,
    changed: watch::Sender<u64>,
    in_trouble: bool,
}

impl Driver {
    pub(super) fn new(outbox: Outbox, owner: OutboxOwner, api: Arc<dyn OutboxApi>) -> Self {
        let in_trouble = outbox.trouble(&owner).reason.is_some();
        Self {
            outbox: Some(outbox),
            owner,
            api,
            scheduler: Scheduler::default(),
            rows: Vec::new(),
            stale: true,
            has_more: false,
            in_flight: FuturesUnordered::new(),
            begun: Instant::now(),
            changed: watch::Sender::new(0),
            in_trouble,
        }
    }

    /// Changes with every change of the file by this program.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Gives the outbox back. What is in flight is abandoned, and sent again by the next sender.
    pub(super) fn into_outbox(self) -> Option<Outbox> {
        self.outbox
    }

    /// Rejects what has waited for too long.
    pub(super) async fn expire(&mut self) -> Result<Vec<OutboxEvent>, OutboxError> {
        let owner = self.owner.clone();
        let outcomes = self
            .on_disk(move |outbox| outbox.expire(&owner, Timestamp::now()))
            .await?;
        Ok(self.outcomes(outcomes))
    }

    /// Sends what is due, then waits until something happens.
    pub(super) async fn step(
        &mut self,
        signals: &mut mpsc::Receiver<Signal>,
        deadline: Option<Instant>,
        patience: Patience,
    ) -> Step {
        if let Err(error) = self.send_due().await {
            return Step::Events(vec![OutboxEvent::Failed(error)]);
        }
        let due = self.scheduler.due(&self.rows).map(|due| self.begun + due);
        let is_idle = match patience {
            Patience::Signals => false,
            Patience::Rows => due.is_none(),
            Patience::Answers => true,
        };
        if is_idle && self.in_flight.is_empty() {
            return Step::Idle;
        }
        tokio::select! {
            biased;
            Some(first) = self.in_flight.next() => {
                let mut answers = vec![first];
                while answers.len() < MAX_ANSWERS
                    && let Some(Some(next)) = self.in_flight.next().now_or_never()
                {
                    answers.push(next);
                }
                match self.take(answers).await {
                    Ok(events) => Step::Events(events),
                    Err(error) => Step::Events(vec![OutboxEvent::Failed(error)]),
                }
            },
            signal = signals.recv() => match signal {
                Some(Signal::Request) => {
                    self.scheduler.request();
                    self.stale = true;
                    self.notify();
                    Step::Events(vec![OutboxEvent::Changed])
                }
                Some(signal) => Step::Signal(signal),
                None => Step::Signal(Signal::End),
            },
            () = sleep_until(deadline) => Step::TimedOut,
            () = sleep_until(due) => Step::Events(Vec::new()),
        }
    }

    async fn send_due(&mut self) -> Result<(), OutboxError> {
        if self.stale {
            let owner = self.owner.clone();
            self.rows = self
                .on_disk(move |outbox| Ok(outbox.first(&owner, WINDOW)))
                .await?;
            self.has_more = self.rows.len() >= WINDOW;
            self.stale = false;
        }
        let due = self.scheduler.next(self.now(), &self.rows);
        if due.is_empty() {
            return Ok(());
        }
        let (owner, numbers) = (self.owner.clone(), due.clone());
        let begun = self
            .on_disk(move |outbox| outbox.begin(&owner, &numbers, Timestamp::now()))
            .await;
        let begun = match begun {
            Ok(begun) => begun,
            Err(error) => {
                for number in due {
                    self.postpone(number, &error);
                }
                return Err(error);
            }
        };
        self.attempt(&due, begun);
        if self.stale {
            // Once more with the present rows.
            return Box::pin(self.send_due()).await;
        }
        Ok(())
    }

    /// Sends rows that are marked as sent.
    fn attempt(&mut self, due: &[u64], begun: Vec<(u64, Command)>) {
        let gone = due
            .iter()
            .filter(|number| begun.iter().all(|(begun, _)| begun != *number));
        for number in gone {
            // It was folded or dropped meanwhile.
            self.scheduler.release(*number);
            self.stale = true;
        }
        for (number, command) in begun {
            let attempt = self.api.send(command);
            self.in_flight
                .push(Box::pin(async move { (number, attempt.await) }));
        }
    }

    /// Takes answers and begins what is due next, in one transaction.
    async fn take(&mut self, answers: Vec<(u64, Answer)>) -> Result<Vec<OutboxEvent>, OutboxError> {
        let now = self.now();
        let mut events = Vec::new();
        for (number, answer) in &answers {
            match answer {
                Answer::Waiting { reason, .. } => {
                    self.scheduler.failed(*number, reason, now, rand::random());
                }
                Answer::Conflict(_) => self.scheduler.conflicted(*number, now, rand::random()),
                Answer::Acknowledged(_) | Answer::Rejected(_) => self.scheduler.answered(*number),
            }
            let trouble = match answer {
                Answer::Waiting { reason, .. } if reason.kind.is_general() => Some(reason.clone()),
                Answer::Waiting { .. }
                | Answer::Acknowledged(_)
                | Answer::Conflict(_)
                | Answer::Rejected(_) => None,
            };
            if trouble.is_some() || self.in_trouble {
                self.in_trouble = trouble.is_some();
                events.push(OutboxEvent::Trouble(trouble));
            }
        }
        let owner = self.owner.clone();
        let numbers: Vec<u64> = answers.iter().map(|(number, _)| *number).collect();
        let due = self.next_of_others(&numbers);
        let next = due.clone();
        let turned = self
            .on_disk(move |outbox| outbox.turn(&owner, answers, &next, Timestamp::now()))
            .await;
        let Turned {
            settlement,
            lanes,
            begun,
        } = match turned {
            Ok(turned) => turned,
            Err(error) => {
                for number in numbers.into_iter().chain(due) {
                    self.postpone(number, &error);
                }
                return Err(error);
            }
        };
        self.replace_lanes(&numbers, lanes);
        self.attempt(&due, begun);
        events.extend(settlement.collisions.into_iter().map(OutboxEvent::Collision));
        events.extend(self.outcomes(settlement.outcomes));
        Ok(events)
    }

    /// What is sent next of other subjects than those of answers that aren't stored yet. Nothing where a row is delayed: then all
    /// rows decide.
    fn next_of_others(&mut self, answered: &[u64]) -> Vec<u64> {
        if self.stale || self.scheduler.has_delays() {
            return Vec::new();
        }
        let subjects = self.subjects(answered);
        let others: Vec<Row> = self
            .rows
            .iter()
            .filter(|row| !subjects.contains(&row.command.subject()))
            .take(OTHERS)
            .cloned()
            .collect();
        self.scheduler.next(self.now(), &others)
    }

    fn subjects(&self, numbers: &[u64]) -> BTreeSet<Subject> {
        let rows = self.rows.iter().filter(|row| numbers.contains(&row.number));
        rows.map(|row| row.command.subject()).collect()
    }

    /// Takes over the rows of some subjects as they are after answers, without reading all the others again.
    fn replace_lanes(&mut self, numbers: &[u64], lanes: Vec<Row>) {
        let subjects = self.subjects(numbers);
        if subjects.is_empty() {
            self.stale = true;
            return;
        }
        self.rows.retain(|row| !subjects.contains(&row.command.subject()));
        self.rows.extend(lanes);
        self.rows.sort_by_key(|row| row.number);
        self.stale |= self.has_more && self.rows.len() < WINDOW / 2;
    }

    fn outcomes(&self, outcomes: Vec<(u64, Outcome)>) -> Vec<OutboxEvent> {
        self.notify();
        let events = outcomes.into_iter();
        events
            .map(|(row, outcome)| OutboxEvent::Outcome { row, outcome })
            .collect()
    }

    /// The file can't be written: the row is tried again later.
    fn postpone(&mut self, number: u64, error: &OutboxError) {
        let reason = Reason {
            kind: ReasonKind::Busy,
            text: error.to_string(),
        };
        self.scheduler.failed(number, &reason, self.now(), rand::random());
        self.stale = true;
    }

    fn notify(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Runs a transaction on a thread that may block.
    async fn on_disk<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Outbox) -> Result<T, OutboxError> + Send + 'static,
    ) -> Result<T, OutboxError> {
        let Some(mut outbox) = self.outbox.take() else {
            return Err(OutboxError::Busy);
        };
        let done = tokio::task::spawn_blocking(move || {
            let done = work(&mut outbox);
            (outbox, done)
        });
        let (outbox, done) = done
            .await
            .map_err(|error| OutboxError::Sqlite(error.to_string()))?;
        self.outbox = Some(outbox);
        done
    }
}

pub(super) async fn sleep_until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
