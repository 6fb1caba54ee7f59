//! The lines of the day's list: what the backend listed, what is known beyond it, and what is being saved.

use caltrack_domain::{Activity, NewActivity};

use super::{State, save::Job};

/// How a line is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// As the backend has it.
    Saved,
    /// Being saved.
    Saving,
    /// Being deleted.
    Deleting,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The entry.
    pub activity: Activity,
    /// Its mark.
    pub mark: Mark,
}

/// Rows by moment, then id. The selection stays on its entry.
pub(super) fn rebuild(state: &mut State) {
    let date = state.today.date;
    let list = state.overlay.over(date, &state.today.list);
    let mut rows: Vec<Row> = list
        .into_iter()
        .map(|activity| Row {
            activity,
            mark: Mark::Saved,
        })
        .collect();
    let sub = state.account.as_ref().map_or("", |account| &account.sub);
    for save in &state.saves {
        match &save.job {
            Job::Create(new) if new.entry.date == date => {
                if rows.iter().all(|row| row.activity.id != new.id) {
                    rows.push(Row {
                        activity: unsaved(new, sub),
                        mark: Mark::Saving,
                    });
                }
            }
            Job::Create(_) => {}
            Job::Update { before, patch } => {
                let after = Activity {
                    entry: before.entry.edited(patch),
                    ..before.clone()
                };
                rows.retain(|row| row.activity.id != before.id);
                if after.entry.date == date {
                    rows.push(Row {
                        activity: after,
                        mark: Mark::Saving,
                    });
                }
            }
            Job::Delete(activity) => {
                for row in rows.iter_mut().filter(|row| row.activity.id == activity.id) {
                    row.mark = Mark::Deleting;
                }
            }
        }
    }
    rows.sort_by(|a, b| a.activity.log_order(&b.activity));
    let selected = state.today.selected_id();
    let at = selected.and_then(|id| rows.iter().position(|row| row.activity.id == id));
    state.today.selected = at
        .unwrap_or(state.today.selected)
        .min(rows.len().saturating_sub(1));
    state.today.ids = rows.iter().map(|row| row.activity.id.clone()).collect();
    state.today.rows = rows;
}

/// Puts an entry that nothing here knows yet in its place, as [`rebuild`] would. Tells whether it was one.
pub(super) fn insert(state: &mut State, activity: Activity) -> bool {
    let today = &mut state.today;
    let news = state.overlay.newest(&activity.id) == Some(&activity);
    if !news || today.ids.contains(&activity.id) || !state.saves.is_empty() {
        return false;
    }
    if activity.entry.date != today.date {
        return true;
    }
    let at = today
        .rows
        .partition_point(|row| row.activity.log_order(&activity).is_lt());
    if at <= today.selected && !today.rows.is_empty() {
        today.selected += 1;
    }
    today.ids.insert(activity.id.clone());
    today.rows.insert(
        at,
        Row {
            activity,
            mark: Mark::Saved,
        },
    );
    true
}

/// An entry about to be logged, as the list shows it.
fn unsaved(new: &NewActivity, sub: &str) -> Activity {
    Activity {
        id: new.id.clone(),
        owner: sub.to_owned(),
        entry: new.entry.clone(),
        rev: 0,
    }
}
