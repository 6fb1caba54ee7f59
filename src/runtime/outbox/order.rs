//! Orders to the outbox.

use caltrack_client::replica::DayStatus;
use caltrack_domain::{LogCommand, outbox::Command};
use tokio::sync::{mpsc::Sender, oneshot};

use super::part::PartReply;
use crate::app::{Direction, Failure, Message, Request};

/// What the screens and the program want of the outbox.
#[derive(Debug)]
pub(in crate::runtime) enum Order {
    /// Save a step.
    Save {
        request: Request,
        name: String,
        commands: Vec<LogCommand>,
        replaces: Option<u64>,
    },
    /// Save a step of changes that aren't of entries.
    SaveChanges {
        request: Option<Request>,
        name: String,
        commands: Vec<Command>,
    },
    /// Save a part of an import; what became of each command is reported.
    SavePart {
        name: String,
        commands: Vec<Command>,
        /// Whether the import begins with it.
        is_first: bool,
        done: PartReply,
    },
    Undo(Direction),
    Retry(u64),
    Drop(u64),
    /// Send what is queued: the backend responds again.
    Send,
    /// Sync has started over; it is to know the days of acknowledged changes.
    Follow(Option<Sender<Vec<DayStatus>>>),
    /// Release lock and socket, before the process is stopped.
    Suspend(oneshot::Sender<()>),
    /// Take part again.
    Resume,
}

impl Order {
    /// The message that it isn't carried out.
    pub(in crate::runtime) fn refused(self, failure: Failure) -> Message {
        match self {
            Self::Save { request, .. } => Message::Saved {
                request,
                result: Err(failure),
            },
            Self::Undo(direction) => Message::Undone {
                direction,
                result: Err(failure),
            },
            Self::SaveChanges { request, .. } => Message::ChangesSaved {
                request,
                result: Err(failure),
            },
            Self::Retry(_)
            | Self::Drop(_)
            | Self::SavePart { .. }
            | Self::Send
            | Self::Follow(_)
            | Self::Suspend(_)
            | Self::Resume => Message::Problem(failure),
        }
    }
}
