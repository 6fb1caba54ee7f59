//! The queue by entry and by day, so that what follows from one change takes the same time whatever the queue's length.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use caltrack_domain::{
    LogCommand,
    outbox::{Command, Queue, QueuedKcal, Row},
};
use jiff::civil::Date;

/// The pending changes of an entry.
#[derive(Debug, Clone, PartialEq, Default)]
struct EntryChanges {
    /// Numbers of their rows.
    rows: BTreeSet<u64>,
    /// The days that they name.
    days: BTreeSet<Date>,
    /// What they add to days.
    added: BTreeMap<Date, QueuedKcal>,
}

/// The rows of a queue by entry and by day.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct QueueIndex {
    /// How many rows are pending.
    pub(super) pending: usize,
    /// Numbers of rejected rows.
    pub(super) rejected: BTreeSet<u64>,
    /// Numbers of pending rows that aren't of entries.
    pub(super) others: BTreeSet<u64>,
    /// What is added to days.
    pub(super) added: BTreeMap<Date, QueuedKcal>,
    entries: HashMap<String, EntryChanges>,
    /// The entries whose pending changes name a day.
    days: BTreeMap<Date, BTreeSet<String>>,
}

impl QueueIndex {
    pub(super) fn of(queue: &Queue) -> Self {
        let mut index = Self::default();
        let ids: BTreeSet<String> = queue.rows().iter().filter_map(|row| index.add(row)).collect();
        for id in &ids {
            index.derive(id, queue);
        }
        index
    }

    /// Takes over that rows are new or differ, and that some are gone.
    pub(super) fn update(&mut self, queue: &mut Queue, rows: Vec<Row>, gone: &[u64]) {
        let numbers = rows.iter().map(|row| row.number).chain(gone.iter().copied());
        let before: BTreeSet<u64> = numbers.collect();
        let mut ids = BTreeSet::new();
        for row in before.iter().filter_map(|number| queue.row(*number)) {
            ids.extend(self.remove(row));
        }
        for row in &rows {
            ids.extend(self.add(row));
        }
        queue.update(rows, gone);
        for id in &ids {
            self.derive(id, queue);
        }
    }

    /// The numbers of the pending changes of an entry, the oldest first.
    pub(super) fn rows_of(&self, id: &str) -> impl Iterator<Item = u64> {
        self.entries
            .get(id)
            .into_iter()
            .flat_map(|entry| entry.rows.iter().copied())
    }

    /// What the pending changes of an entry add to days.
    pub(super) fn added_by(&self, id: &str) -> impl Iterator<Item = (Date, QueuedKcal)> {
        self.entries
            .get(id)
            .into_iter()
            .flat_map(|entry| entry.added.iter().map(|(date, kcal)| (*date, *kcal)))
    }

    /// The entries whose pending changes name a day.
    pub(super) fn named_on(&self, date: Date) -> impl Iterator<Item = &str> {
        self.days.get(&date).into_iter().flatten().map(String::as_str)
    }

    pub(super) fn has_changes_of(&self, id: &str) -> bool {
        self.entries.contains_key(id)
    }

    /// Returns the entry of a pending change.
    fn add(&mut self, row: &Row) -> Option<String> {
        if !row.is_pending() {
            self.rejected.insert(row.number);
            return None;
        }
        self.pending += 1;
        let Command::Log(command) = &row.command else {
            self.others.insert(row.number);
            return None;
        };
        let entry = self.entries.entry(command.id().to_owned()).or_default();
        entry.rows.insert(row.number);
        Some(command.id().to_owned())
    }

    fn remove(&mut self, row: &Row) -> Option<String> {
        if !row.is_pending() {
            self.rejected.remove(&row.number);
            return None;
        }
        self.pending = self.pending.saturating_sub(1);
        let Command::Log(command) = &row.command else {
            self.others.remove(&row.number);
            return None;
        };
        if let Some(entry) = self.entries.get_mut(command.id()) {
            entry.rows.remove(&row.number);
        }
        Some(command.id().to_owned())
    }

    /// Computes the days of an entry again.
    fn derive(&mut self, id: &str, queue: &Queue) {
        let Some(before) = self.entries.remove(id) else {
            return;
        };
        for day in &before.days {
            if let Some(ids) = self.days.get_mut(day) {
                ids.remove(id);
                if ids.is_empty() {
                    self.days.remove(day);
                }
            }
        }
        for (day, kcal) in before.added {
            add(&mut self.added, day, kcal.negated());
        }
        if before.rows.is_empty() {
            return;
        }
        let rows = before.rows.iter().filter_map(|number| queue.row(*number));
        let commands: Vec<&LogCommand> = rows
            .filter_map(|row| match &row.command {
                Command::Log(command) => Some(command),
                Command::Weight(_) | Command::Profile(_) | Command::Library(_) => None,
            })
            .collect();
        let days: BTreeSet<Date> = commands.iter().copied().flat_map(days_of).collect();
        let added = QueuedKcal::by_day(commands.into_iter());
        for day in &days {
            self.days.entry(*day).or_default().insert(id.to_owned());
        }
        for (day, kcal) in &added {
            add(&mut self.added, *day, *kcal);
        }
        let changes = EntryChanges {
            rows: before.rows,
            days,
            added,
        };
        self.entries.insert(id.to_owned(), changes);
    }
}

/// Adds to a day; a day to which nothing is added isn't listed.
pub(super) fn add(days: &mut BTreeMap<Date, QueuedKcal>, day: Date, kcal: QueuedKcal) {
    let sum = days.entry(day).or_default();
    *sum = sum.plus(kcal);
    if sum.is_nothing() {
        days.remove(&day);
    }
}

/// The days that a change names.
fn days_of(command: &LogCommand) -> impl Iterator<Item = Date> {
    let (from, to) = match command {
        LogCommand::Create(new) => (new.entry.date, None),
        LogCommand::Update { before, patch } => (before.entry.date, patch.date),
        LogCommand::Delete(before) => (before.entry.date, None),
    };
    std::iter::once(from).chain(to)
}

#[cfg(test)]
mod tests {
    use caltrack_domain::{
        Activity, ActivityPatch, Entry, NewActivity,
        outbox::{Rejection, RejectionKind, RowState, WeightChange},
    };
    use jiff::{ToSpan as _, civil::date};
    use proptest::prelude::*;

    use super::*;

    const DAY: Date = date(2026, 11, 23);

    fn activity(id: u8, day: i64, kcal: u32) -> Activity {
        let moment = "2026-11-23T07:30:00Z".parse().unwrap();
        Activity {
            id: id.to_string(),
            owner: "u".to_owned(),
            entry: Entry::new(DAY + day.days(), moment, "Food", "Lunch", kcal),
            rev: 1,
        }
    }

    fn command() -> impl Strategy<Value = Command> {
        let entry = || (0_u8..5, 0_i64..3, 0_u32..900);
        prop_oneof![
            entry().prop_map(|(id, day, kcal)| {
                let Activity { id, entry, .. } = activity(id, day, kcal);
                Command::Log(LogCommand::Create(NewActivity::new(id, entry)))
            }),
            (entry(), proptest::option::of(0_i64..3), 0_u32..900).prop_map(
                |((id, day, before), to, kcal)| {
                    let patch = ActivityPatch {
                        date: to.map(|to| DAY + to.days()),
                        kcal: Some(kcal),
                        ..ActivityPatch::default()
                    };
                    let before = activity(id, day, before);
                    Command::Log(LogCommand::Update { before, patch })
                }
            ),
            entry().prop_map(|(id, day, kcal)| Command::Log(LogCommand::Delete(activity(id, day, kcal)))),
            Just(Command::Weight(WeightChange {
                date: DAY,
                weight: Some(80.0),
                before: None,
            })),
        ]
    }

    fn row() -> impl Strategy<Value = Row> {
        let rejected = Rejection {
            kind: RejectionKind::BadRequest,
            text: "too much".to_owned(),
        };
        let state = prop_oneof![
            3 => Just(RowState::Waiting),
            1 => Just(RowState::Rejected(rejected)),
        ];
        (0_u64..12, command(), state).prop_map(|(number, command, state)| Row {
            number,
            command,
            state,
            since: "2026-11-23T12:00:00Z".parse().unwrap(),
            reason: None,
            is_undo: false,
            unlisted: None,
        })
    }

    proptest! {
        #[test]
        fn an_index_that_follows_changes_is_the_one_of_the_queue(
            changes in prop::collection::vec((prop::collection::vec(row(), 0..3), prop::collection::vec(0_u64..12, 0..3)), 0..30),
        ) {
            let (mut queue, mut index) = (Queue::default(), QueueIndex::default());
            for (mut rows, mut gone) in changes {
                rows.sort_by_key(|row| row.number);
                rows.dedup_by_key(|row| row.number);
                gone.retain(|number| rows.iter().all(|row| row.number != *number));
                index.update(&mut queue, rows, &gone);
                prop_assert!(queue.rows().is_sorted_by_key(|row| row.number));
                prop_assert_eq!(&index, &QueueIndex::of(&queue));
            }
            prop_assert_eq!(index.added, QueuedKcal::by_day(queue.pending_entries()));
        }
    }
}
