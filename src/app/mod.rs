//! The pure core of the screens: what a key, an answer or an event does to the state, and what is to be done about it.
//!
//! [`update()`] never performs I/O, never asks for the time and cannot fail: it turns a [`Message`] into a changed [`State`]
//! and a list of [`Effect`]s. The runtime performs effects and answers with messages; an answer carries the number of its
//! effect, and the core ignores numbers that it no longer waits for.

#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod account;
pub mod action;
pub mod categories;
pub mod dialog;
pub mod effect;
pub mod failure;
pub mod form;
pub mod help;
mod ids;
mod input;
pub mod key;
pub mod keymap;
pub mod message;
mod overlay;
pub mod palette;
pub mod picker;
pub mod quick;
pub mod rows;
mod run;
pub mod save;
pub mod start;
pub mod state;
pub mod text;
pub mod text_field;
pub mod today;
pub mod totals;
pub mod undo;
mod update;

pub use effect::{Effect, Password};
pub use failure::{Failure, FailureKind};
pub use key::{Code, Key};
pub use message::{Account, ChangeKind, Connection, Day, Message, Request, Target};
pub use state::{Startup, State};
pub use update::update;
