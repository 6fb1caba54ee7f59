//! What the runtime reports of an import: to its dialog, if that is still open.

use crate::app::{
    effect::Effect,
    failure::Failure,
    import::{FileReading, ImportReport},
    model::{Progress, Request},
    state::State,
};

pub(super) fn completed(state: &mut State, typed: &str, completed: &str, found: Vec<String>) {
    if let Some(import) = state.dialogs.import() {
        import.complete(typed, completed, found);
    }
}

pub(super) fn read(state: &mut State, request: Request, result: Result<FileReading, Failure>) {
    if let Some(import) = state.dialogs.import() {
        import.read(request, result);
    }
}

pub(super) fn advanced(state: &mut State, request: Request, progress: Progress) {
    if let Some(import) = state.dialogs.import() {
        import.advance(request, progress);
    }
}

/// The import has ended: the log may have other names now.
pub(super) fn finished(
    state: &mut State,
    request: Request,
    result: Result<ImportReport, Failure>,
) -> Vec<Effect> {
    let is_shown = state
        .dialogs
        .import()
        .is_some_and(|import| import.finish(request, result));
    if is_shown {
        vec![Effect::LoadNames, Effect::LoadLibrary]
    } else {
        Vec::new()
    }
}
