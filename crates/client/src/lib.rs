//! The AppSync client of caltrack-tui without its screens: what screens and commands both need to talk to a backend.
//!
//! Each module uses only those before it: `error`, `endpoints`, `http`, `session`, `api`, `replica`, `sync`, `config`.

mod endpoints;
mod error;
mod http;
mod realtime_url;
mod session;

pub mod api;
pub mod config;
pub mod process;
pub mod replica;
pub mod sync;
