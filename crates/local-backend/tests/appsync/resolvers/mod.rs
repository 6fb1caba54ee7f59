//! Each deployed resolver on the tables.

mod activities;
mod aggregates;
mod categories;
mod filters;
mod lists;
mod refusals;
mod users;
