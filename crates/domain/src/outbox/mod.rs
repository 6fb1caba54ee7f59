//! The outbox: changes from the moment they are saved on this computer until the backend has acknowledged them, and the
//! undo history. Pure; `caltrack-client` stores and sends them.
//!
//! A change is a [`Command`]. A [`Ledger`] holds the [`Queue`] of one user and the [`History`]; each of its methods is one
//! transaction of the store. The [`Scheduler`] decides which rows are sent when.

mod answer;
mod change;
mod command;
mod fold;
mod history;
mod ledger;
mod library;
mod members;
mod obstacle;
mod projection;
mod queue;
mod rebase;
mod schedule;
mod settle;
mod undo;

pub use answer::{Answer, Outcome, Reason, ReasonKind, Rejection, RejectionKind, Stored};
pub use change::Change;
pub use command::{Command, ProfileChange, Subject, WeightChange};
pub use history::{History, MAX_CHANGES, MAX_PARTS, MAX_STEPS, Step, TrackedChange, import_name, too_many};
pub use ledger::{Collision, Ledger, SavedChange, Settlement};
pub use library::{Library, LibraryChange, LibraryEdit, LibraryItem};
pub use members::{Members, MembersMerge, ProfileMember, members, members_of};
pub use obstacle::Obstacle;
pub use projection::{QueuedKcal, by_entry, projected};
pub use queue::{Queue, Row, RowState};
pub use schedule::{MAX_IN_FLIGHT, Scheduler};
pub use undo::{Known, Undo};
