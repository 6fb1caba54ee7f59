//! The outbox on disk and the program that sends it. What becomes of commands is decided by [`caltrack_domain::outbox`].
//!
//! [`Outbox`] is the file `outbox.db`: every method is one durable transaction. A change is saved first, then sent: by
//! [`deliver()`] in a command, by [`Sender`] in a program that stays open. Of all programs on a data directory, one sends the
//! rows of an owner (a user of a profile): the one that holds the lock. The others wake it through its socket.

mod access;
mod channel;
mod deliver;
mod drive;
mod error;
mod event;
mod file;
mod forget;
mod format;
mod listing;
mod owner;
mod place;
mod port;
mod reading;
mod recover;
mod sender;
mod sending;
mod steps;
mod store;
mod tables;
#[cfg(test)]
mod tests;
mod transaction;
mod turn;
mod value;

pub use access::Access;
pub use deliver::{Delivery, deliver, deliver_in_turn};
pub use error::OutboxError;
pub use event::OutboxEvent;
pub use listing::{Listed, Listing, QueueChange, Saved, Status, Trouble};
pub use owner::OutboxOwner;
pub use port::{ClientApi, OutboxApi};
pub use recover::{Recovery, recover};
pub use sender::Sender;
pub use store::Outbox;
pub use turn::SendingTurn;
