//! Events of the loop.

use crate::app::{Failure, Message};

/// An event for the loop.
#[derive(Debug)]
pub(super) enum Event {
    /// A message for the core.
    Message(Message),
    /// The backend in the box can't be opened.
    StartFailed(Failure),
    /// The host of the box responds again.
    HostResponds,
}
