//! The terminal client of the calorie log: what talks to a backend, what keeps, what decides and what draws.

pub mod api;
pub mod app;
pub mod cli;
pub mod config;
pub mod embedded;
pub mod logging;
pub mod process;
pub mod runtime;
pub mod store;
pub mod view;
