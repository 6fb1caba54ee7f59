//! Everything of an account: fetched from one backend, put into the same or another one.

mod fetch;
mod plan;
mod put;
mod verify;

pub(super) use fetch::logged_days;
pub(super) use put::{Deleted, PutReport};
