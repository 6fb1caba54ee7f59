//! The pure core of the screens: how a key, a response or an event changes the state, and which effects follow.
//!
//! [`update()`] performs no I/O, reads no clock and cannot fail: it turns a [`Message`] into a changed [`State`] and a list
//! of [`Effect`]s. The runtime performs effects and sends the results as messages. Each result carries the [`Request`] number
//! of its effect; the core ignores results that it no longer waits for.
//!
//! Each folder is a feature with a state of its own. Features don't call each other: they report what happened, and `update`
//! routes it.

#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod catalog;
pub mod clipboard;
pub mod dialogs;
pub mod effect;
pub mod failure;
pub mod import;
pub mod input;
pub mod library;
pub mod log;
pub(crate) mod measures;
pub mod message;
pub mod model;
pub mod names;
pub mod outbox;
pub mod overview;
mod password;
pub mod preferences;
pub mod profile;
mod reaction;
pub mod screens;
pub mod session;
pub mod shares;
pub mod shell;
mod state;
pub mod tab;
pub mod text;
mod update;

pub use effect::{AccountTask, DaysFor, Effect, Query, SuggestionQuery};
pub use failure::{Failure, FailureKind};
pub use input::key::{Code, Key};
pub use message::{Answer, Configured, Message};
pub use model::{
    Account, Connection, CopyState, DayChange, DayCopy, Direction, Progress, QueueChange, QueueCopy, Request,
    Settings,
};
pub use password::Password;
pub use state::{Startup, State};
pub use update::{
    calculated_need, context, history_days, plan, proposed_target, remaining_today, setting_text, start,
    update,
};
