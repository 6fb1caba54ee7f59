//! The pure core of the screens: what a key, an answer or an event does to the state, and what is to be done about it.
//!
//! [`update()`] never performs I/O, never asks for the time and cannot fail: it turns a [`Message`] into a changed [`State`]
//! and a list of [`Effect`]s. The runtime performs effects and answers with messages; an answer carries the number of its
//! effect, and the core ignores numbers that it no longer waits for.
//!
//! Each folder is a feature with a state of its own. Features don't call each other: they report what happened, and `update`
//! routes it.

#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod catalog;
pub mod dialogs;
pub mod effect;
pub mod failure;
pub mod input;
pub mod log;
pub mod message;
pub mod model;
mod password;
mod reaction;
mod saves;
pub mod screens;
pub mod session;
pub mod shell;
mod state;
pub mod tab;
pub mod text;
mod undo;
mod update;

pub use effect::{Effect, Query};
pub use failure::{Failure, FailureKind};
pub use input::key::{Code, Key};
pub use message::{Answer, Message};
pub use model::{Account, ChangeKind, Connection, Day, Request, Target};
pub use password::Password;
pub use state::{Startup, State};
pub use update::{context, start, update};
