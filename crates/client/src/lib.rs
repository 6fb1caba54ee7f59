//! The AppSync client of caltrack-tui without its screens: what screens and commands both need to talk to a backend.
//!
//! From the wire up: `http` sends requests, `session` signs in at the user pool and keeps the tokens, [`api`] queries,
//! changes and subscribes, [`replica`] keeps a copy of the log on disk, and [`sync`] keeps it equal to the backend.
//! [`config`] finds the backend (`endpoints`) of a profile, and [`process`] inspects the program that hosts it. All
//! failures are `error::ApiError`, except those of [`config`] and [`replica`].

mod database;
mod endpoints;
mod error;
mod http;
#[cfg(test)]
mod power_cut;
mod realtime_url;
mod session;

pub mod api;
pub mod config;
pub mod lock_file;
pub mod outbox;
pub mod process;
pub mod replica;
pub mod socket_file;
pub mod sync;
