//! The rows of a day's list: a function of the newest known entries and the changes on their way to the backend.

use std::{collections::HashSet, sync::Arc};

use caltrack_domain::{
    Activity, LogCommand,
    outbox::{by_entry, projected},
};
use jiff::civil::Date;

/// The state of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// As the backend has it.
    Saved,
    /// A change of it is being written to the outbox.
    Saving,
    /// A change of it waits for the backend.
    Queued,
    /// Its deletion waits for the backend.
    Deleting,
    /// The backend has rejected it.
    Rejected,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The entry as it will be once its changes are sent; of one that is being deleted, as it was.
    pub activity: Arc<Activity>,
    /// The state of the row.
    pub mark: Mark,
}

impl Row {
    pub(super) const fn saved(activity: Arc<Activity>) -> Self {
        Self {
            activity,
            mark: Mark::Saved,
        }
    }
}

/// The changes of a user's entries that the backend has not acknowledged, each list in its order.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct Pending<'a> {
    pub(in crate::app) queued: Vec<&'a LogCommand>,
    /// They are being written to the outbox, and follow those that are queued.
    pub(in crate::app) saving: Vec<&'a LogCommand>,
    /// New entries that were rejected.
    pub(in crate::app) rejected: Vec<&'a LogCommand>,
}

impl<'a> Pending<'a> {
    /// The changes that are to be sent, in their order.
    pub(super) fn to_send(&self) -> impl Iterator<Item = &'a LogCommand> {
        self.queued.iter().chain(&self.saving).copied()
    }
}

/// The rows of `date` by moment, then id. `newest` is what is known of the day's entries, and `owner` the user's `sub`.
pub(in crate::app) fn rows(
    date: Date,
    newest: &[Arc<Activity>],
    pending: &Pending<'_>,
    owner: &str,
) -> Vec<Row> {
    let saving: HashSet<&str> = pending.saving.iter().map(|command| command.id()).collect();
    let mut changes = by_entry(pending.to_send());
    let mut rows = Vec::with_capacity(newest.len());
    for entry in newest {
        match changes.remove(entry.id.as_str()) {
            None => rows.push(Row::saved(Arc::clone(entry))),
            Some(commands) => rows.extend(changed(date, &commands, owner, Some(entry), &saving)),
        }
    }
    for commands in changes.into_values() {
        rows.extend(changed(date, &commands, owner, None, &saving));
    }
    for (id, commands) in by_entry(pending.rejected.iter().copied()) {
        if rows.iter().all(|row| row.activity.id != id)
            && let Some(activity) = projected(commands.into_iter(), owner, None)
            && activity.entry.date == date
        {
            rows.push(Row {
                activity: Arc::new(activity),
                mark: Mark::Rejected,
            });
        }
    }
    rows.sort_by(|a, b| a.activity.log_order(&b.activity));
    rows
}

/// The row of an entry with changes, if it is one of the day.
fn changed(
    date: Date,
    commands: &[&LogCommand],
    owner: &str,
    stored: Option<&Arc<Activity>>,
    saving: &HashSet<&str>,
) -> Option<Row> {
    let stored = stored.map(AsRef::as_ref);
    let mark = |id: &str| {
        if saving.contains(id) {
            Mark::Saving
        } else {
            Mark::Queued
        }
    };
    let (activity, mark) = if let Some(activity) = projected(commands.iter().copied(), owner, stored) {
        let mark = mark(&activity.id);
        (activity, mark)
    } else {
        // As it was before its deletion. One that the backend never had is simply gone.
        let before = commands.get(..commands.len().saturating_sub(1))?;
        let was_created = matches!(before.first(), Some(LogCommand::Create(_)));
        if was_created && stored.is_none() {
            return None;
        }
        let activity = projected(before.iter().copied(), owner, stored)?;
        (activity, Mark::Deleting)
    };
    (activity.entry.date == date).then(|| Row {
        activity: Arc::new(activity),
        mark,
    })
}

#[cfg(test)]
mod tests {
    use caltrack_domain::{ActivityPatch, Entry, NewActivity};
    use jiff::civil::date;

    use super::*;

    const DAY: Date = date(2026, 11, 23);

    fn activity(id: &str, hour: i8) -> Activity {
        let moment = DAY.at(hour, 0, 0, 0).in_tz("UTC").unwrap().timestamp();
        Activity {
            id: id.to_owned(),
            owner: "u".to_owned(),
            entry: Entry::new(DAY, moment, "Food", "Lunch", 650),
            rev: 1,
        }
    }

    fn listed(newest: &[Activity], pending: &Pending<'_>) -> Vec<(String, Mark)> {
        let newest: Vec<_> = newest.iter().cloned().map(Arc::new).collect();
        rows(DAY, &newest, pending, "u")
            .into_iter()
            .map(|row| (row.activity.id.clone(), row.mark))
            .collect()
    }

    fn derived(newest: &[Activity], queued: &[LogCommand]) -> Vec<(String, Mark)> {
        let pending = Pending {
            queued: queued.iter().collect(),
            ..Pending::default()
        };
        listed(newest, &pending)
    }

    fn create(activity: Activity) -> LogCommand {
        LogCommand::Create(NewActivity::new(activity.id, activity.entry))
    }

    fn row(id: &str, mark: Mark) -> (String, Mark) {
        (id.to_owned(), mark)
    }

    #[test]
    fn rows_are_by_moment_then_id() {
        let list = [activity("c", 9), activity("b", 8), activity("a", 9)];
        assert_eq!(
            derived(&list, &[]),
            [
                row("b", Mark::Saved),
                row("a", Mark::Saved),
                row("c", Mark::Saved)
            ]
        );
    }

    #[test]
    fn a_new_entry_is_shown_once_and_only_on_its_day() {
        let stored = [activity("a", 8)];
        assert_eq!(
            derived(&stored, &[create(activity("b", 9))]),
            [row("a", Mark::Saved), row("b", Mark::Queued)]
        );
        assert_eq!(
            derived(&stored, &[create(activity("a", 8))]),
            [row("a", Mark::Queued)],
            "it has arrived already"
        );
        let mut elsewhere = activity("b", 9);
        elsewhere.entry.date = DAY.tomorrow().unwrap();
        assert_eq!(derived(&stored, &[create(elsewhere)]), [row("a", Mark::Saved)]);
    }

    #[test]
    fn an_edit_is_shown_as_it_will_be_saved() {
        let before = activity("a", 8);
        let edit = |patch| LogCommand::Update {
            before: before.clone(),
            patch,
        };
        let later = edit(ActivityPatch {
            moment: Some(activity("x", 10).entry.moment),
            ..ActivityPatch::default()
        });
        let list = [before.clone(), activity("b", 9)];
        assert_eq!(
            derived(&list, &[later]),
            [row("b", Mark::Saved), row("a", Mark::Queued)]
        );
        let moved = edit(ActivityPatch {
            date: DAY.yesterday().ok(),
            ..ActivityPatch::default()
        });
        assert_eq!(derived(&list, &[moved]), [row("b", Mark::Saved)]);
    }

    #[test]
    fn an_entry_that_is_being_deleted_is_marked() {
        let list = [activity("a", 8), activity("b", 9)];
        assert_eq!(
            derived(&list, &[LogCommand::Delete(activity("b", 9))]),
            [row("a", Mark::Saved), row("b", Mark::Deleting)]
        );
        let never_sent = [create(activity("c", 9)), LogCommand::Delete(activity("c", 9))];
        assert_eq!(derived(&[], &never_sent), []);
    }

    #[test]
    fn what_is_being_written_and_what_was_rejected_is_marked() {
        let (new, queued, rejected) = (
            create(activity("a", 8)),
            create(activity("b", 9)),
            create(activity("c", 10)),
        );
        let pending = Pending {
            queued: vec![&queued],
            saving: vec![&new],
            rejected: vec![&rejected],
        };
        assert_eq!(
            listed(&[], &pending),
            [
                row("a", Mark::Saving),
                row("b", Mark::Queued),
                row("c", Mark::Rejected)
            ]
        );
        assert_eq!(
            listed(&[activity("c", 10)], &pending).last(),
            Some(&row("c", Mark::Saved)),
            "the backend has it nevertheless"
        );
    }
}
