//! The deployed resolvers on the tables.

mod activities;
mod aggregates;
mod categories;
mod filters;
mod invalid_arguments;
mod lists;
mod owners;
mod users;
