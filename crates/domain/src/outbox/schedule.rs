//! When which row is sent.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{answer::Reason, command::Subject, queue::Row};

/// The most rows in flight at a time.
pub const MAX_IN_FLIGHT: usize = 8;
/// The limit of the delay after the first failure; it doubles with each further one.
const FIRST_DELAY: Duration = Duration::from_millis(500);
/// The longest delay.
const LONGEST_DELAY: Duration = Duration::from_mins(1);

/// When an attempt may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    At(Duration),
    /// Only after [`Scheduler::request`].
    OnRequest,
}

#[derive(Debug, Clone, Copy)]
struct Delay {
    failures: u32,
    due: Due,
}

impl Delay {
    const NONE: Self = Self {
        failures: 0,
        due: Due::At(Duration::ZERO),
    };

    /// One more failure at `now`. `jitter` is a random number from 0 to 1: the delay is drawn between half and all of a
    /// limit that doubles ("Exponential Backoff And Jitter", AWS Architecture Blog, "equal jitter").
    fn lengthen(&mut self, now: Duration, jitter: f64) {
        let limit = FIRST_DELAY
            .saturating_mul(1 << self.failures.min(10))
            .min(LONGEST_DELAY);
        self.failures += 1;
        self.due = Due::At(now + limit.mul_f64(0.5 + jitter.clamp(0.0, 1.0) / 2.0));
    }
}

/// Decides what is sent next. Times are durations since any fixed moment.
///
/// Rows of one subject are sent one after another, those of different subjects at once, up to [`MAX_IN_FLIGHT`]. While
/// the backend can't be reached, one row after another is tried; once an answer arrives, all follow.
#[derive(Debug, Clone)]
pub struct Scheduler {
    in_flight: BTreeMap<u64, Subject>,
    /// Failures that every row would meet.
    general: Delay,
    /// Rows that failed by themselves, or were the last ones to be tried.
    rows: BTreeMap<u64, Delay>,
}

impl Default for Scheduler {
    fn default() -> Self {
        Self {
            in_flight: BTreeMap::new(),
            general: Delay::NONE,
            rows: BTreeMap::new(),
        }
    }
}

impl Scheduler {
    /// The rows to be sent now, of all rows in their order. They count as in flight until [`Scheduler::answered`] or
    /// [`Scheduler::failed`].
    pub fn next(&mut self, now: Duration, rows: &[Row]) -> Vec<u64> {
        self.rows
            .retain(|number, _| rows.iter().any(|row| row.number == *number));
        let room = if self.general.failures > 0 {
            1
        } else {
            MAX_IN_FLIGHT
        };
        let room = room - room.min(self.in_flight.len());
        if room == 0 || !is_due(self.general.due, now) {
            return Vec::new();
        }
        let due = self.ready(rows).filter(|row| is_due(self.delay(row).due, now));
        // Without delays, the first rows are next.
        let wanted = if self.rows.is_empty() { room } else { usize::MAX };
        let mut ready: Vec<&Row> = due.take(wanted).collect();
        // What has failed least often first: a row that always times out must not hold up the others.
        ready.sort_by_key(|row| (self.delay(row).failures, row.number));
        let mut next = Vec::new();
        for row in ready.into_iter().take(room) {
            self.in_flight.insert(row.number, row.command.subject());
            next.push(row.number);
        }
        next
    }

    /// The first row of each subject, where none is in flight.
    fn ready<'a>(&self, rows: &'a [Row]) -> impl Iterator<Item = &'a Row> {
        let mut seen: BTreeSet<Subject> = self.in_flight.values().cloned().collect();
        rows.iter()
            .filter(move |row| row.is_pending() && seen.insert(row.command.subject()))
    }

    fn delay(&self, row: &Row) -> Delay {
        self.rows.get(&row.number).copied().unwrap_or(Delay::NONE)
    }

    /// When [`Scheduler::next`] may have more to send without any event; `None` if only an event can change that.
    pub fn due(&self, rows: &[Row]) -> Option<Duration> {
        let room = if self.general.failures > 0 {
            1
        } else {
            MAX_IN_FLIGHT
        };
        if self.in_flight.len() >= room {
            return None;
        }
        let first = if self.rows.is_empty() {
            self.ready(rows).next().map(|row| self.delay(row).due)?
        } else {
            self.ready(rows).map(|row| self.delay(row).due).min()?
        };
        match first.max(self.general.due) {
            Due::At(at) => Some(at),
            Due::OnRequest => None,
        }
    }

    /// Whether the row is in flight.
    pub fn is_in_flight(&self, number: u64) -> bool {
        self.in_flight.contains_key(&number)
    }

    /// Whether some row, or all of them, must wait before the next attempt.
    pub fn has_delays(&self) -> bool {
        self.general.failures > 0 || !self.rows.is_empty()
    }

    /// Whether nothing is in flight.
    pub fn is_idle(&self) -> bool {
        self.in_flight.is_empty()
    }

    /// The backend has answered a row: acknowledged, rejected, or by a conflict. It can be reached.
    pub fn answered(&mut self, number: u64) {
        self.in_flight.remove(&number);
        self.rows.remove(&number);
        self.general = Delay::NONE;
    }

    /// The backend has answered by a conflict: the merged command is sent at once, and with a delay if that meets a
    /// conflict again, since others edit the same entry at the same time.
    pub fn conflicted(&mut self, number: u64, now: Duration, jitter: f64) {
        self.in_flight.remove(&number);
        self.general = Delay::NONE;
        let row = self.rows.entry(number).or_insert(Delay::NONE);
        if row.failures == 0 {
            row.failures = 1;
        } else {
            row.lengthen(now, jitter);
        }
    }

    /// An attempt has failed for a reason to wait.
    pub fn failed(&mut self, number: u64, reason: &Reason, now: Duration, jitter: f64) {
        self.in_flight.remove(&number);
        let row = self.rows.entry(number).or_insert(Delay::NONE);
        row.failures += 1;
        if reason.kind == super::ReasonKind::SignedOut {
            self.general.failures += 1;
            self.general.due = Due::OnRequest;
        } else if reason.kind.is_general() {
            // Others that were in flight at the same time have met the same failure.
            if self.general.failures == 0 || is_due(self.general.due, now) {
                self.general.lengthen(now, jitter);
            }
        } else {
            row.failures -= 1;
            row.lengthen(now, jitter);
            self.general = Delay::NONE;
        }
    }

    /// Everything is due at once: the connection is back, or a user or another program requests it.
    pub fn request(&mut self) {
        self.general.due = Due::At(Duration::ZERO);
        for delay in self.rows.values_mut() {
            delay.due = Due::At(Duration::ZERO);
        }
    }

    /// A row is not sent after all: it is gone.
    pub fn release(&mut self, number: u64) {
        self.in_flight.remove(&number);
    }
}

fn is_due(due: Due, now: Duration) -> bool {
    matches!(due, Due::At(at) if at <= now)
}
