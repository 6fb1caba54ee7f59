//! The rows of a day's list: a function of the newest known entries and the changes that are being saved.

use std::sync::Arc;

use caltrack_domain::{Activity, LogCommand};
use jiff::civil::Date;

/// The state of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// As the backend has it.
    Saved,
    /// A change of it is being saved.
    Saving,
    /// It is being deleted.
    Deleting,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The entry as it will be once it is saved.
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

    fn saving(activity: Activity) -> Self {
        Self {
            activity: Arc::new(activity),
            mark: Mark::Saving,
        }
    }
}

/// The rows of `date` by moment, then id. `newest` is what is known of the day's entries, `pending` what is being saved, in
/// its order, and `owner` the user's `sub`.
pub(super) fn rows<'a>(
    date: Date,
    newest: Vec<Arc<Activity>>,
    pending: impl Iterator<Item = &'a LogCommand>,
    owner: &str,
) -> Vec<Row> {
    let mut rows: Vec<Row> = newest.into_iter().map(Row::saved).collect();
    for command in pending {
        match command {
            LogCommand::Create(new) => {
                if new.entry.date == date && rows.iter().all(|row| row.activity.id != new.id) {
                    rows.push(Row::saving(Activity {
                        id: new.id.clone(),
                        owner: owner.to_owned(),
                        entry: new.entry.clone(),
                        rev: 0,
                    }));
                }
            }
            LogCommand::Update { before, patch } => {
                let entry = before.entry.edited(patch);
                rows.retain(|row| row.activity.id != before.id);
                if entry.date == date {
                    rows.push(Row::saving(Activity {
                        entry,
                        ..before.clone()
                    }));
                }
            }
            LogCommand::Delete(activity) => {
                for row in rows.iter_mut().filter(|row| row.activity.id == activity.id) {
                    row.mark = Mark::Deleting;
                }
            }
        }
    }
    rows.sort_by(|a, b| a.activity.log_order(&b.activity));
    rows
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

    fn derived(newest: &[Activity], pending: &[LogCommand]) -> Vec<(String, Mark)> {
        let newest = newest.iter().cloned().map(Arc::new).collect();
        rows(DAY, newest, pending.iter(), "u")
            .into_iter()
            .map(|row| (row.activity.id.clone(), row.mark))
            .collect()
    }

    fn create(activity: Activity) -> LogCommand {
        LogCommand::Create(NewActivity {
            id: activity.id,
            entry: activity.entry,
        })
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
        let listed = [activity("a", 8)];
        assert_eq!(
            derived(&listed, &[create(activity("b", 9))]),
            [row("a", Mark::Saved), row("b", Mark::Saving)]
        );
        assert_eq!(
            derived(&listed, &[create(activity("a", 8))]),
            [row("a", Mark::Saved)],
            "it has arrived already"
        );
        let mut elsewhere = activity("b", 9);
        elsewhere.entry.date = DAY.tomorrow().unwrap();
        assert_eq!(derived(&listed, &[create(elsewhere)]), [row("a", Mark::Saved)]);
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
            [row("b", Mark::Saved), row("a", Mark::Saving)]
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
    }
}
