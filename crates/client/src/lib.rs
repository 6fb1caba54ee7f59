//! The AppSync client of caltrack-tui without its screens: what screens and commands alike need to talk to a backend.

pub mod api;
pub mod config;
pub mod process;
pub mod store;
