//! A device: its file (the ledger), its replica, and the program that sends.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use caltrack_domain::{
    Activity,
    outbox::{Answer, Collision, Command, Known, Ledger, Outcome, Scheduler, Stored},
};

use crate::support::{Random, at, ledger};

/// How long a program waits for an answer.
pub(crate) const PATIENCE: u64 = 45_000;

pub(crate) struct Device {
    pub(crate) ledger: Ledger,
    /// What the replica has; `None` of a deleted entry.
    pub(crate) replica: BTreeMap<String, Option<Activity>>,
    pub(crate) scheduler: Scheduler,
    /// Counts the starts of the program: what was requested before a restart is not answered.
    pub(crate) start: u64,
    pub(crate) reports: Reports,
}

/// What the device has reported to its user.
#[derive(Default)]
pub(crate) struct Reports {
    pub(crate) collisions: Vec<Collision>,
}

impl Default for Device {
    fn default() -> Self {
        Self {
            ledger: ledger(),
            replica: BTreeMap::new(),
            scheduler: Scheduler::default(),
            start: 0,
            reports: Reports::default(),
        }
    }
}

impl Device {
    pub(crate) fn restart(&mut self) {
        self.start += 1;
        self.scheduler = Scheduler::default();
    }

    /// The commands to be sent now.
    pub(crate) fn pump(&mut self, now: u64) -> Vec<(u64, Command)> {
        let due = self
            .scheduler
            .next(Duration::from_millis(now), self.ledger.queue.rows());
        let moment = at(i64::try_from(now / 1_000).unwrap());
        due.into_iter()
            .map(|number| (number, self.ledger.queue.begin(number, moment).unwrap()))
            .collect()
    }

    pub(crate) fn answer(&mut self, number: u64, answer: Answer, now: u64, random: &mut Random) {
        let now = Duration::from_millis(now);
        match &answer {
            Answer::Waiting { reason, .. } => self.scheduler.failed(number, reason, now, random.unit()),
            Answer::Conflict(_) => self.scheduler.conflicted(number, now, random.unit()),
            Answer::Acknowledged(_) | Answer::Rejected(_) => self.scheduler.answered(number),
        }
        let was_deletion = self
            .ledger
            .queue
            .row(number)
            .is_some_and(|row| row.command.word() == "delete");
        let settlement = self.ledger.answer(number, answer);
        for (row, outcome) in settlement.outcomes {
            match outcome {
                Outcome::Acknowledged(stored) => {
                    if let Stored::Entry(activity) = stored {
                        let known = (!(was_deletion && row == number)).then(|| activity.clone());
                        self.replica.insert(activity.id, known);
                    }
                }
                Outcome::Collided(activity) => {
                    self.replica.insert(activity.id.clone(), Some(activity));
                }
                Outcome::Withdrawn | Outcome::Waiting(_) | Outcome::Rejected(_) => {}
            }
        }
        self.reports.collisions.extend(settlement.collisions);
    }

    pub(crate) fn known(replica: &BTreeMap<String, Option<Activity>>, id: &str) -> Known {
        match replica.get(id) {
            Some(Some(activity)) => Known::Stored(activity.clone()),
            Some(None) => Known::Deleted,
            None => Known::Unknown,
        }
    }

    /// The entries that the screen shows: the replica with what is queued.
    pub(crate) fn shown(&self) -> Vec<Activity> {
        let mut ids: BTreeSet<String> = self.replica.keys().cloned().collect();
        for row in self.ledger.queue.rows() {
            if let Command::Log(command) = &row.command {
                ids.insert(command.id().to_owned());
            }
        }
        ids.iter()
            .filter_map(|id| {
                let stored = self.replica.get(id).and_then(Option::as_ref);
                if stored.is_none() && self.replica.contains_key(id) {
                    return None;
                }
                self.ledger.queue.projected(id, "u", stored)
            })
            .collect()
    }
}
