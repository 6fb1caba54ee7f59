//! The outbox as programs use it: several on one data directory, with a backend that misbehaves on demand.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod commands;
mod programs;
mod world;
