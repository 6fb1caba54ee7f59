//! The whole account: copied or deleted by a program of its own.

use crate::app::{
    dialogs::{Dialog, account_task::TaskDialog},
    effect::{AccountTask, Effect},
    failure::Failure,
    shell::Tone,
    state::State,
    text,
};

/// Opens the dialog that copies the account to one of these profiles.
pub(super) fn offer(state: &mut State, profiles: Vec<String>) {
    if let Some(account) = state.session.account() {
        let dialog = TaskDialog::copy(&account.username, profiles);
        state.dialogs.open(Dialog::Task(dialog));
    }
}

/// Opens the dialog that deletes the account.
pub(super) fn ask_to_delete(state: &mut State) {
    if let Some(account) = state.session.account() {
        let dialog = TaskDialog::delete(&account.username);
        state.dialogs.open(Dialog::Task(dialog));
    }
}

/// The program reports how far it is.
pub(super) fn progressed(state: &mut State, report: String) {
    if let Some(dialog) = state.dialogs.task() {
        dialog.report(report);
    }
}

/// The program has ended.
pub(super) fn ended(state: &mut State, task: &AccountTask, result: &Result<String, Failure>) -> Vec<Effect> {
    match state.dialogs.task() {
        Some(dialog) => dialog.end(result),
        None => match result {
            Ok(report) => {
                let first = report.lines().next().unwrap_or_default();
                state.shell.notify(Tone::Info, first);
            }
            Err(failure) => {
                let problem = text::failed(failure, "repeating it continues");
                state.shell.notify(Tone::Problem, problem);
            }
        },
    }
    match (task, result) {
        (AccountTask::Delete, Ok(_)) => vec![Effect::SignOut { everywhere: false }],
        // Sync and outbox were stopped before.
        (AccountTask::Delete, Err(_)) => vec![Effect::Connect],
        (AccountTask::CopyTo(_), _) => Vec::new(),
    }
}
