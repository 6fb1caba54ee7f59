//! What the screens were told of the day that they show.

use std::collections::HashMap;

use caltrack_domain::{Activity, ChangeKind, DailyTotals};
use jiff::civil::Date;

use super::report::{DayChange, Report};
use crate::replica::{Change, CopyState, DayCopy, DaySummary, Listing, Proof};

/// The day on the screens, without the entries' members.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) sub: String,
    pub(super) date: Date,
    revisions: HashMap<String, u32>,
    proof: Proof,
    totals: Option<DailyTotals>,
    state: CopyState,
}

/// A day of which nothing is known.
pub(super) fn whole(date: Date) -> DayCopy {
    DayCopy {
        date,
        entries: Vec::new(),
        totals: None,
        state: CopyState::Absent,
        proof: Proof::default(),
    }
}

impl Shown {
    pub(super) fn new(sub: String, date: Date) -> Self {
        Self {
            sub,
            date,
            revisions: HashMap::new(),
            proof: Proof::default(),
            totals: None,
            state: CopyState::Absent,
        }
    }

    pub(super) const fn proof(&self) -> Proof {
        self.proof
    }

    pub(super) fn take_whole(&mut self, day: &DayCopy) {
        self.revisions = day
            .entries
            .iter()
            .map(|entry| (entry.id.clone(), entry.rev))
            .collect();
        self.proof = day.proof;
        self.totals.clone_from(&day.totals);
        self.state = day.state;
    }

    /// Shows a list that can't be stored.
    pub(super) fn take_list(&mut self, list: Listing) -> DayCopy {
        let mut entries = list.entries;
        entries.sort_by(Activity::log_order);
        let day = DayCopy {
            proof: Proof::of(&entries),
            entries,
            totals: list.totals,
            state: CopyState::Differs,
            ..whole(self.date)
        };
        self.take_whole(&day);
        day
    }

    /// What changes of the log mean for the shown day.
    pub(super) fn changes(&mut self, changes: Vec<Change>) -> Vec<Report> {
        let changes = changes.into_iter().filter_map(|change| self.change(change));
        let changes: Vec<DayChange> = changes.collect();
        changes
            .into_iter()
            .map(|change| Report::Changed {
                sub: self.sub.clone(),
                date: self.date,
                change,
            })
            .collect()
    }

    fn change(&mut self, change: Change) -> Option<DayChange> {
        match change {
            // They come with the day's standing.
            Change::Totals(_) => None,
            Change::Entry(kind, activity) => {
                let before = self.revisions.remove(&activity.id);
                if let Some(rev) = before {
                    self.proof.remove(&activity.id, rev);
                }
                if kind == ChangeKind::Deleted || activity.entry.date != self.date {
                    return before.map(|_| DayChange::Removed(activity.id));
                }
                self.proof.add(&activity.id, activity.rev);
                self.revisions.insert(activity.id.clone(), activity.rev);
                Some(DayChange::Put(activity))
            }
        }
    }

    /// What the replica has of the day beside its entries, if it is news.
    pub(super) fn standing(&mut self, summary: DaySummary) -> Option<Report> {
        if self.totals == summary.totals && self.state == summary.state {
            return None;
        }
        self.totals.clone_from(&summary.totals);
        self.state = summary.state;
        Some(Report::Changed {
            sub: self.sub.clone(),
            date: self.date,
            change: DayChange::Standing {
                totals: summary.totals,
                state: summary.state,
            },
        })
    }
}
