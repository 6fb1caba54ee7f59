//! Events of the loop.

use crate::app::{Failure, Message};

/// An event for the loop.
#[expect(clippy::large_enum_variant, reason = "nearly all are messages")]
#[derive(Debug)]
pub(super) enum Event {
    /// A message for the core.
    Message(Message),
    /// The backend in the box can't be opened.
    StartFailed(Failure),
    /// The host of the box responds again.
    HostResponds,
}
