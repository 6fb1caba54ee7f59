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
    let mut rows: Vec<Row> = newest
        .into_iter()
        .map(|activity| Row {
            activity,
            mark: Mark::Saved,
        })
        .collect();
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
