//! Sync as the screens know it: a replica in memory, and what it reports of the day that they show.

use caltrack_client::replica::{self, Change, Listing, Owner, Proof};
use caltrack_domain::{ChangeKind, DailyTotals};
use caltrack_tui::app::{CopyState, DayChange, DayCopy, Effect, Failure, Message};
use jiff::{Timestamp, civil::Date};

use super::{DayLoad, FailureKind, World};
use crate::entries::{Entry, SUB};

/// Answers and events of the backend, as they pass through the replica.
impl World {
    pub(super) fn owner(sub: &str) -> Owner<'_> {
        Owner {
            profile: "local",
            sub,
        }
    }

    /// Whose log is shown; the test's user if none is signed in.
    pub(super) fn sub(&self) -> String {
        let account = self.state.session.account();
        account.map_or_else(|| SUB.to_owned(), |account| account.sub.clone())
    }

    fn time(&self) -> Timestamp {
        self.state.shell.now.timestamp()
    }

    /// The day as the replica has it.
    fn copy(&self, sub: &str, date: Date) -> DayCopy {
        let day = self.replica.day(Self::owner(sub), date).unwrap();
        match day {
            Some(day) => DayCopy {
                date,
                entries: day.entries,
                totals: day.totals,
                state: state(day.state),
            },
            None => DayCopy {
                date,
                entries: Vec::new(),
                totals: None,
                state: CopyState::Absent,
            },
        }
    }

    /// The backend answers a query of a day: the replica stores it, and the screens get the day.
    pub(crate) fn day_loaded(&mut self, load: DayLoad, entries: &[Entry], totals: &DailyTotals) -> &mut Self {
        let totals = DailyTotals {
            date: load.date,
            ..with_proof(entries, totals)
        };
        self.day_stored(load, entries, totals)
    }

    fn day_stored(&mut self, load: DayLoad, entries: &[Entry], totals: DailyTotals) -> &mut Self {
        let (sub, date) = (self.sub(), load.date);
        let listing = Listing {
            date,
            entries: entries.iter().map(Entry::stored).collect(),
            totals: Some(totals),
            sent: self.time(),
            is_last: false,
        };
        let now = self.time();
        self.replica
            .store_lists(Self::owner(&sub), vec![listing], now)
            .unwrap();
        let day = self.copy(&sub, date);
        self.send_all([
            Message::Day {
                sub: sub.clone(),
                day,
            },
            Message::DayAnswered { sub, date },
        ])
    }

    /// The replica answers with the entries of days.
    pub(crate) fn answer_days(&mut self, days: Vec<(Date, Vec<Entry>)>) -> &mut Self {
        let asked = self.effects.iter().find_map(|effect| match effect {
            Effect::ReadDays { purpose, .. } => Some(*purpose),
            _ => None,
        });
        let days = days
            .into_iter()
            .map(|(date, entries)| (date, entries.iter().map(Entry::stored).collect()));
        let (sub, days) = (self.sub(), days.collect());
        self.send_all([Message::Days {
            sub,
            purpose: asked.unwrap(),
            days,
        }])
    }

    /// The replica has the day; the backend's answer is still to come.
    pub(crate) fn day_cached(&mut self, load: DayLoad, entries: &[Entry], totals: &DailyTotals) -> &mut Self {
        let day = DayCopy {
            state: CopyState::Differs,
            ..day(load.date, entries, totals)
        };
        let sub = self.sub();
        self.send_all([Message::Day { sub, day }])
    }

    /// The day doesn't match its totals after all tries.
    pub(crate) fn day_unverified(&mut self, entries: &[Entry], totals: &DailyTotals) -> &mut Self {
        let (sub, date) = (self.sub(), self.date());
        let day = DayCopy {
            state: CopyState::Unverified,
            ..day(date, entries, totals)
        };
        self.send_all([
            Message::Day {
                sub: sub.clone(),
                day,
            },
            Message::DayAnswered { sub, date },
        ])
    }

    pub(crate) fn day_failed(&mut self, load: DayLoad, kind: FailureKind, message: &str) -> &mut Self {
        let (sub, date) = (self.sub(), load.date);
        let failure = Failure::new(kind, message);
        self.send_all([Message::DayFailed { sub, date, failure }])
    }

    /// A subscription of alice's publishes totals of today that the replica's entries match.
    pub(crate) fn live_totals(&mut self, consumed: i64, version: u64) -> &mut Self {
        self.publish(SUB, &crate::entries::totals(consumed, 0, version))
    }

    /// A subscription publishes totals that the replica's entries match.
    pub(crate) fn publish(&mut self, sub: &str, totals: &DailyTotals) -> &mut Self {
        let summary = self.replica.summary(Self::owner(sub), totals.date).unwrap();
        let proof = summary.map(|day| day.proof).unwrap_or_default();
        let totals = proven(proof, totals);
        self.publish_as_counted(sub, totals)
    }

    /// A subscription publishes totals.
    pub(crate) fn publish_as_counted(&mut self, sub: &str, totals: DailyTotals) -> &mut Self {
        if sub == self.sub() {
            return self.apply(Change::Totals(totals));
        }
        let message = Message::DayChanged {
            sub: sub.to_owned(),
            date: totals.date,
            change: DayChange::Standing {
                totals: Some(totals),
                state: CopyState::Complete,
            },
        };
        self.send_all([message])
    }

    /// Another program logged an entry.
    pub(crate) fn created_elsewhere(&mut self, entry: &Entry) -> &mut Self {
        self.hear(ChangeKind::Created, entry)
    }

    pub(crate) fn updated_elsewhere(&mut self, entry: &Entry) -> &mut Self {
        self.hear(ChangeKind::Updated, entry)
    }

    pub(crate) fn deleted_elsewhere(&mut self, entry: &Entry) -> &mut Self {
        self.hear(ChangeKind::Deleted, entry)
    }

    fn hear(&mut self, kind: ChangeKind, entry: &Entry) -> &mut Self {
        let activity = entry.stored();
        if activity.owner == self.sub() {
            return self.apply(Change::Entry(kind, activity));
        }
        let message = Message::DayChanged {
            sub: activity.owner.clone(),
            date: self.date(),
            change: DayChange::Put(activity),
        };
        self.send_all([message])
    }

    /// Applies a change to the replica, and reports what becomes of the shown day.
    pub(super) fn apply(&mut self, change: Change) -> &mut Self {
        let (sub, shown, now) = (self.sub(), self.date(), self.time());
        let owner = Self::owner(&sub);
        let (news, _) = self.replica.apply(owner, vec![change.clone()], now).unwrap();
        let mut changes = Vec::new();
        match change {
            Change::Entry(kind, activity) if news == [true] => {
                let is_shown = kind != ChangeKind::Deleted && activity.entry.date == shown;
                changes.push(if is_shown {
                    DayChange::Put(activity)
                } else {
                    DayChange::Removed(activity.id)
                });
            }
            Change::Entry(..) | Change::Totals(_) => {}
        }
        if let Some(day) = self.replica.summary(owner, shown).unwrap() {
            changes.push(DayChange::Standing {
                totals: day.totals,
                state: state(day.state),
            });
        }
        let messages: Vec<Message> = changes
            .into_iter()
            .map(|change| Message::DayChanged {
                sub: sub.clone(),
                date: shown,
                change,
            })
            .collect();
        self.send_all(messages)
    }
}

/// A copy that is what the backend has.
pub(super) fn day(date: Date, entries: &[Entry], totals: &DailyTotals) -> DayCopy {
    DayCopy {
        date,
        entries: entries.iter().map(Entry::stored).collect(),
        totals: Some(with_proof(entries, totals)),
        state: CopyState::Complete,
    }
}

/// The totals that prove these entries.
fn with_proof(entries: &[Entry], totals: &DailyTotals) -> DailyTotals {
    let mut proof = Proof::default();
    for entry in entries {
        proof.add(&entry.id, entry.rev);
    }
    proven(proof, totals)
}

fn proven(proof: Proof, totals: &DailyTotals) -> DailyTotals {
    DailyTotals {
        entries: Some(proof.entries),
        digest: Some(proof.digest),
        ..totals.clone()
    }
}

fn state(state: replica::CopyState) -> CopyState {
    match state {
        replica::CopyState::Absent => CopyState::Absent,
        replica::CopyState::Complete | replica::CopyState::Unproven => CopyState::Complete,
        replica::CopyState::Differs => CopyState::Differs,
        replica::CopyState::Unverified => CopyState::Unverified,
    }
}
