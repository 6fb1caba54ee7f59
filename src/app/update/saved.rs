//! The library as it arrives, and its names for the quick line.

use caltrack_domain::outbox::Library;

use crate::app::state::State;

/// Takes the library of this computer's copy of the user's row.
pub(super) fn take(state: &mut State, sub: &str, library: &Library) {
    if state.session.is_of(sub) && state.saved.take(library, state.outbox.queued_others()) {
        state.names.take_library(state.saved.names());
    }
}

/// Applies what is queued.
pub(super) fn follow_queue(state: &mut State) {
    if state.saved.project(state.outbox.queued_others()) {
        state.names.take_library(state.saved.names());
    }
}
