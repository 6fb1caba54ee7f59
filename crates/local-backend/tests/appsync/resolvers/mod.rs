//! The deployed resolvers on the tables.

mod activities;
mod activity_values;
mod aggregates;
mod categories;
mod filters;
mod invalid_arguments;
mod lists;
mod own_totals;
mod owners;
mod users;
