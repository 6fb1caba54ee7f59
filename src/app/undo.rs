//! Taking back acknowledged changes, the last one first.

use caltrack_domain::{Activity, NewActivity};

use super::{
    Effect, State,
    save::{self, Job, Origin, Waiting},
    state::Tone,
    text,
};

/// The most changes remembered.
const CAPACITY: usize = 200;

/// An acknowledged change.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// An entry was logged.
    Created(Activity),
    /// An entry was edited.
    Edited {
        /// As it was.
        before: Activity,
        /// As it is.
        after: Activity,
    },
    /// An entry was deleted.
    Deleted(Activity),
}

/// Remembers a change.
pub(super) fn remember(state: &mut State, change: Change) {
    if state.history.len() >= CAPACITY {
        state.history.remove(0);
    }
    if let Change::Edited { after, .. } = &change {
        let (id, rev) = (after.id.clone(), after.rev);
        touch(&mut state.history, &id, &id, rev);
    }
    state.history.push(change);
}

/// Takes back the last change.
pub(super) fn undo(state: &mut State) -> Vec<Effect> {
    if !state.saves.is_empty() {
        state.waiting = Some(Waiting::Undo);
        state.say(Tone::Info, "still saving; undone right after");
        return Vec::new();
    }
    let Some(change) = state.history.pop() else {
        state.say(Tone::Info, "nothing to undo");
        return Vec::new();
    };
    let job = match &change {
        Change::Created(activity) => Job::Delete(activity.clone()),
        Change::Deleted(activity) => {
            // A deleted id never comes back.
            let id = state.mint();
            Job::Create(NewActivity {
                id,
                entry: activity.entry.clone(),
            })
        }
        Change::Edited { before, after } => {
            let Some(patch) = before.entry.patch_from(&after.entry) else {
                return Vec::new();
            };
            Job::Update {
                before: after.clone(),
                patch,
            }
        }
    };
    save::start(state, job, Origin::Undo(Box::new(change)))
}

/// The undo of `change` is acknowledged; `now` is what the entry is by now.
pub(super) fn done(state: &mut State, change: Change, now: &Activity) {
    let shown = state.today.date;
    let what = match &change {
        Change::Created(activity) => {
            format!(
                "{} is deleted again",
                text::summary_beside(&activity.entry, shown)
            )
        }
        Change::Deleted(_) => format!("{} is back", text::summary_beside(&now.entry, shown)),
        Change::Edited { .. } => format!("back to {}", text::summary_beside(&now.entry, shown)),
    };
    state.say(Tone::Good, format!("undone: {what}"));
    let old = match change {
        Change::Created(activity) | Change::Deleted(activity) | Change::Edited { after: activity, .. } => {
            activity.id
        }
    };
    touch(&mut state.history, &old, &now.id, now.rev);
}

/// Earlier changes of an entry learn its new id and revision, so that they can be taken back in their turn.
fn touch(history: &mut [Change], old: &str, id: &str, rev: u32) {
    let learn = |activity: &mut Activity| {
        if activity.id == old {
            id.clone_into(&mut activity.id);
            activity.rev = rev;
        }
    };
    for change in history {
        match change {
            Change::Created(activity) | Change::Deleted(activity) => learn(activity),
            Change::Edited { before, after } => {
                learn(before);
                learn(after);
            }
        }
    }
}
