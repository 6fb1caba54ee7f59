//! Days with what is queued, and days as this computer knows them.

use std::collections::{BTreeMap, BTreeSet};

use caltrack_domain::{
    Activity, Booking, DailyTotals, Day,
    outbox::{Command, Known, QueuedKcal, Row, by_entry, projected},
};
use jiff::civil::Date;

use super::local_log::LocalLog;
use caltrack_client::replica::CopyState;

/// What the outbox adds to a day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct QueuedChanges {
    /// kcal that the day's totals lack.
    pub(super) kcal: QueuedKcal,
    /// The changes that wait, of all days.
    pub(super) rows: usize,
    /// The ids of the entries whose changes wait.
    pub(super) ids: BTreeSet<String>,
}

impl LocalLog<'_> {
    /// Takes what is queued into the entries of the days from `from` to `to`, and returns it.
    pub(super) fn take_queued(&self, (from, to): (Date, Date), entries: &mut Vec<Activity>) -> QueuedChanges {
        let queue = self.listing().queue();
        let rows = queue.rows().iter().filter(|row| row.is_pending()).count();
        let pending = by_entry(queue.pending_entries());
        let stored: BTreeMap<&str, Activity> = pending
            .keys()
            .filter_map(|id| {
                let listed = entries.iter().find(|entry| entry.id == *id).cloned();
                let known = || match self.stored(id) {
                    Known::Stored(activity) => Some(activity),
                    Known::Deleted | Known::Unknown => None,
                };
                Some((*id, listed.or_else(known)?))
            })
            .collect();
        let kcal = QueuedKcal::of(to, queue.pending_entries(), |id| stored.get(id));
        entries.retain(|entry| !pending.contains_key(entry.id.as_str()));
        let sub = &self.account.sub;
        let changed = pending
            .iter()
            .filter_map(|(id, changes)| projected(changes.iter().copied(), sub, stored.get(id)));
        entries.extend(changed.filter(|entry| (from..=to).contains(&entry.entry.date)));
        entries.sort_by(Activity::log_order);
        QueuedChanges {
            kcal,
            rows,
            ids: pending.keys().map(|id| (*id).to_owned()).collect(),
        }
    }

    /// Takes what is queued into a day.
    pub(super) fn take_queued_day(&self, day: &mut Day) -> QueuedChanges {
        let date = day.totals.date;
        self.take_weights(std::slice::from_mut(&mut day.totals));
        self.take_queued((date, date), &mut day.activities)
    }

    /// The weights that were noted until a day as this computer knows them, in order.
    pub(super) fn weights_until(&self, until: Date) -> Vec<(Date, f64)> {
        let mut weights = self.weights();
        weights.retain(|(date, _)| *date <= until);
        weights
    }

    /// Weights with those that are queued until a day, in order.
    pub(super) fn with_queued_weights(&self, weights: Vec<(Date, f64)>, until: Date) -> Vec<(Date, f64)> {
        let mut weights: BTreeMap<Date, f64> = weights.into_iter().collect();
        for row in self.listing().rows.iter().filter(|row| row.is_pending()) {
            match &row.command {
                Command::Weight(change) if change.date > until => {}
                Command::Weight(change) => match change.weight {
                    Some(kg) => {
                        weights.insert(change.date, kg);
                    }
                    None => {
                        weights.remove(&change.date);
                    }
                },
                Command::Log(_) | Command::Profile(_) | Command::Library(_) => {}
            }
        }
        weights.into_iter().collect()
    }

    /// Takes weights that are queued into totals.
    pub(super) fn take_weights(&self, days: &mut [DailyTotals]) {
        for row in self.listing().rows.iter().filter(|row| row.is_pending()) {
            if let Command::Weight(change) = &row.command
                && let Some(day) = days.iter_mut().find(|day| day.date == change.date)
            {
                day.weight = change.weight;
            }
        }
    }

    /// The entries of days as this computer knows them; none if it knows nothing of any of them.
    pub(super) fn days(&self, from: Date, to: Date) -> Option<Vec<Activity>> {
        let dates = from.series(jiff::Span::new().days(1));
        let days: Vec<Day> = dates
            .take_while(|date| *date <= to)
            .filter_map(|date| self.day(date))
            .collect();
        let is_known = !days.is_empty();
        is_known.then(|| days.into_iter().flat_map(|day| day.activities).collect())
    }

    /// A day as this computer knows it. Where its totals are older than its entries, they are counted anew. A day of which nothing
    /// is known is empty if the copy was compared with the backend once, or if something waits.
    pub(super) fn day(&self, date: Date) -> Option<Day> {
        let copy = self.replica(|replica, owner| replica.day(owner, date)).flatten();
        let Some(copy) = copy else {
            let is_known = self.is_complete() || self.listing().rows.iter().any(Row::is_pending);
            return is_known.then(|| Day {
                activities: Vec::new(),
                totals: DailyTotals::empty(date),
                notice: None,
            });
        };
        let totals = copy.totals.unwrap_or_else(|| DailyTotals::empty(date));
        let totals = match copy.state {
            CopyState::Complete | CopyState::Unproven | CopyState::Unverified => totals,
            CopyState::Absent | CopyState::Differs => counted(&totals, &copy.entries),
        };
        Some(Day {
            activities: copy.entries,
            totals,
            notice: None,
        })
    }

    /// The totals of days as this computer knows them; none if it knows nothing of any of them.
    pub(super) fn totals(&self, from: Date, to: Date) -> Option<Vec<DailyTotals>> {
        let dates = from.series(jiff::Span::new().days(1));
        let days: Vec<(Date, Option<Day>)> = dates
            .take_while(|date| *date <= to)
            .map(|date| (date, self.day(date)))
            .collect();
        let is_known = days.iter().any(|(_, day)| day.is_some());
        let totals = days
            .into_iter()
            .map(|(date, day)| day.map_or_else(|| DailyTotals::empty(date), |day| day.totals));
        is_known.then(|| totals.collect())
    }
}

/// Totals with the kcal of these entries.
fn counted(totals: &DailyTotals, entries: &[Activity]) -> DailyTotals {
    let sum = |wanted: Booking| -> i64 {
        let counted = entries
            .iter()
            .filter(|entry| Booking::of(&entry.entry.category) == wanted);
        counted.map(|entry| i64::from(entry.entry.kcal)).sum()
    };
    DailyTotals {
        calories_consumed: sum(Booking::Consumed),
        calories_burned: sum(Booking::Burned),
        ..totals.clone()
    }
}
