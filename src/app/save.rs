//! Saves under way, and what becomes of them.

use caltrack_domain::{Activity, ActivityPatch, NewActivity};

use super::{
    Effect, Failure, FailureKind, Request, State, account,
    dialog::{self, Dialog},
    state::Tone,
    text, today,
    undo::{self, Change},
};

/// A save under way.
#[derive(Debug, Clone, PartialEq)]
pub struct Save {
    /// The number of its effect.
    pub request: Request,
    /// What is being saved.
    pub job: Job,
    /// What goes back to the user where it fails.
    pub origin: Origin,
}

/// What is being saved.
#[derive(Debug, Clone, PartialEq)]
pub enum Job {
    /// A new entry.
    Create(NewActivity),
    /// An edit.
    Update {
        /// The entry as it was when edited.
        before: Activity,
        /// What changes.
        patch: ActivityPatch,
    },
    /// A deletion of an entry.
    Delete(Activity),
}

/// Where a save came from.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// A line or a form: it comes back as it was typed.
    Typed(Box<Dialog>),
    /// A key on the list.
    Key,
    /// An undo of this change.
    Undo(Box<Change>),
}

/// What was asked for while a save was under way, and follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waiting {
    /// An undo.
    Undo,
    /// A deletion of the entry of this id.
    Delete(String),
}

/// Starts a save.
pub(super) fn start(state: &mut State, job: Job, origin: Origin) -> Vec<Effect> {
    let request = state.request();
    let effect = match &job {
        Job::Create(activity) => Effect::Create {
            request,
            activity: activity.clone(),
        },
        Job::Update { before, patch } => Effect::Update {
            request,
            id: before.id.clone(),
            patch: patch.clone(),
            expected_rev: Some(before.rev),
        },
        Job::Delete(activity) => Effect::Delete {
            request,
            id: activity.id.clone(),
        },
    };
    let id = match &job {
        Job::Create(activity) => activity.id.clone(),
        Job::Update { before: activity, .. } | Job::Delete(activity) => activity.id.clone(),
    };
    state.saves.push(Save { request, job, origin });
    state.rebuild_rows();
    state.today.select(&id);
    vec![effect]
}

/// Whether a save of this entry is under way: another one would not know which revision it meets.
pub(super) fn is_busy(state: &State, id: &str) -> bool {
    state.saves.iter().any(|save| match &save.job {
        Job::Create(activity) => activity.id == id,
        Job::Update { before: activity, .. } | Job::Delete(activity) => activity.id == id,
    })
}

pub(super) fn answered(
    state: &mut State,
    request: Request,
    result: Result<Activity, Failure>,
) -> Vec<Effect> {
    let Some(at) = state.saves.iter().position(|save| save.request == request) else {
        return Vec::new();
    };
    let save = state.saves.remove(at);
    match result {
        Ok(activity) => {
            let mut effects = succeeded(state, save, activity);
            effects.extend(go_on(state));
            effects
        }
        Err(failure) => {
            state.waiting = None;
            failed(state, save, failure)
        }
    }
}

/// Does what waited for the saves.
fn go_on(state: &mut State) -> Vec<Effect> {
    if !state.saves.is_empty() {
        return Vec::new();
    }
    match state.waiting.take() {
        Some(Waiting::Undo) => undo::undo(state),
        Some(Waiting::Delete(id)) => match newest(state, &id) {
            Some(activity) => start(state, Job::Delete(activity), Origin::Key),
            None => Vec::new(),
        },
        None => Vec::new(),
    }
}

fn succeeded(state: &mut State, save: Save, activity: Activity) -> Vec<Effect> {
    let now = state.now.timestamp();
    let gone = matches!(save.job, Job::Delete(_));
    state.overlay.note(activity.clone(), gone, now);
    if let Job::Create(new) = &save.job {
        // An earlier attempt had arrived after all, and what was typed has changed since.
        if let Some(patch) = new.entry.patch_from(&activity.entry) {
            state.history.push(Change::Created(activity.clone()));
            return start(
                state,
                Job::Update {
                    before: activity,
                    patch,
                },
                save.origin,
            );
        }
    }
    state.rebuild_rows();
    let shown = state.today.date;
    match save.origin {
        Origin::Undo(change) => undo::done(state, *change, &activity),
        Origin::Typed(_) | Origin::Key => {
            let (words, change) = match save.job {
                Job::Create(_) => ("logged", Change::Created(activity.clone())),
                Job::Update { before, .. } => (
                    "saved",
                    Change::Edited {
                        before,
                        after: activity.clone(),
                    },
                ),
                Job::Delete(_) => ("deleted", Change::Deleted(activity.clone())),
            };
            undo::remember(state, change);
            state.say(
                Tone::Good,
                format!(
                    "{words} {} · u takes it back",
                    text::summary_beside(&activity.entry, shown)
                ),
            );
        }
    }
    today::catch_up(state)
}

fn failed(state: &mut State, save: Save, failure: Failure) -> Vec<Effect> {
    let kind = failure.kind;
    let shown = state.today.date;
    match save.origin {
        Origin::Typed(mut typed) => {
            typed.fail(&failure);
            let is_new = matches!(save.job, Job::Create(_));
            if kind == FailureKind::NotFound || (kind == FailureKind::Conflict && is_new) {
                // The id is used up: the entry that an earlier attempt made was deleted since, or it is another's.
                typed.forget_id();
            }
            dialog::bring_back(state, *typed);
        }
        Origin::Key => {
            let what = match &save.job {
                Job::Create(new) => format!("{} is not logged", new.entry.kind),
                Job::Update { before, .. } => {
                    format!("{} stays as it was", text::summary_beside(&before.entry, shown))
                }
                Job::Delete(activity) => {
                    format!("{} is still there", text::summary_beside(&activity.entry, shown))
                }
            };
            state.say(Tone::Problem, text::failed(&failure, &what));
        }
        Origin::Undo(change) => {
            state.say(Tone::Problem, text::failed(&failure, "nothing was undone"));
            state.history.push(*change);
        }
    }
    state.rebuild_rows();
    match kind {
        FailureKind::SignedOut => account::ended(state, Some(failure)),
        FailureKind::NotFound | FailureKind::Conflict => today::load(state),
        FailureKind::Usage
        | FailureKind::Value
        | FailureKind::Unauthorized
        | FailureKind::Unreachable
        | FailureKind::Rejected
        | FailureKind::Busy
        | FailureKind::Storage
        | FailureKind::Internal => Vec::new(),
    }
}

/// The entry as it would be saved now: newer than on the list where more is known.
pub(super) fn newest(state: &State, id: &str) -> Option<Activity> {
    let listed = state.today.list.iter().find(|activity| activity.id == id);
    match (state.overlay.newest(id), listed) {
        (Some(known), Some(listed)) if listed.rev > known.rev => Some(listed.clone()),
        (Some(known), _) => Some(known.clone()),
        (None, listed) => listed.cloned(),
    }
}
