//! Imports: files are read, compared with the log, and sent through the outbox in parts that are undone as one step. Commands and
//! screens share it; each brings what it knows of the log ([`KnownLog`]) and its way to send ([`Outlet`]).

mod files;
mod foods;
mod plan;
mod send;

pub(crate) use self::{
    files::{ReadFiles, open},
    plan::{Choices, KnownLog, Plan, UnclearWeights, ids, next_generation},
    send::{Counts, Outlet, PartOutcome, send},
};
