//! The line below the list.

use ratatui::style::Style;

use crate::{
    app::{Connection, CopyState, Progress, State, log::day::Load},
    view::theme::Theme,
};

/// The line below the list, the most urgent first.
pub(super) fn newest(state: &State, theme: &Theme) -> Option<(Style, String)> {
    if let Some(notice) = &state.shell.notice {
        return Some((theme.tone(notice.tone), notice.text.clone()));
    }
    if let (Load::Failed(failure), true) = (&state.log.day.load, state.log.day.is_known) {
        let text = format!("{}; what you see is older; {}", failure.message, failure.advice());
        return Some((theme.bad, text));
    }
    if let Connection::Offline { reason: Some(reason) } = &state.log.connection {
        return Some((theme.bad, format!("offline: {reason}")));
    }
    if let (Some(reason), queued @ 1..) = (&state.outbox.trouble, state.outbox.queued()) {
        return Some((theme.waiting, format!("{queued} queued: {}", reason.text)));
    }
    match state.outbox.rejected().count() {
        0 => {}
        1 => return Some((theme.bad, "1 change was rejected; `Queue` (:) has it".to_owned())),
        count => {
            let text = format!("{count} changes were rejected; `Queue` (:) has them");
            return Some((theme.bad, text));
        }
    }
    if let Some(failure) = &state.catalog.failure
        && state.catalog.categories.is_empty()
    {
        let text = format!(
            "the categories are missing: {}; {}",
            failure.message,
            failure.advice()
        );
        return Some((theme.bad, text));
    }
    if let Some(Progress { done, total }) = state.log.progress {
        let text = format!("copying the log to this computer: {done} of {total} entries");
        return Some((theme.muted, text));
    }
    (state.log.day.copy == CopyState::Unverified).then(|| {
        let text = "unverified: the entries may differ from the backend's";
        (theme.muted, text.to_owned())
    })
}
