//! The terminal of the calorie log: what decides, what draws, what performs, and who hosts the box.

pub mod app;
pub mod cli;
pub mod demo;
pub mod embedded;
mod importer;
pub mod logging;
pub mod runtime;
pub mod view;
