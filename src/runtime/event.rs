//! Events of the loop.

use caltrack_client::sync::Report;

use super::convert;
use crate::app::{Failure, Message};

/// An event for the loop.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "most are messages")]
pub(super) enum Event {
    /// A message for the core.
    Message(Message),
    /// The backend in the box can't be opened.
    StartFailed(Failure),
    /// The host of the box responds again.
    HostResponds,
}

impl From<Report> for Event {
    fn from(report: Report) -> Self {
        Self::Message(convert::message(report))
    }
}
