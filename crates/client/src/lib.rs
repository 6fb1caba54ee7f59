//! The AppSync client of caltrack-tui without its screens: what screens and commands both need to talk to a backend.
//!
//! From the wire up: `http` sends requests, `session` signs in at the user pool and keeps the tokens, [`api`] queries,
//! changes and subscribes, [`store`] keeps on disk what was fetched. [`config`] finds the backend (`endpoints`) of a
//! profile, and [`process`] inspects the program that hosts it. All failures are `error::ApiError`, except those of
//! [`config`] and [`store`].

mod endpoints;
mod error;
mod http;
mod realtime_url;
mod session;

pub mod api;
pub mod config;
pub mod lock_file;
pub mod outbox;
pub mod process;
pub mod socket_file;
pub mod store;
