//! The foods and activities of `assets/foods.csv` and `assets/exercises.csv`, and the lookup of the quick line in them and
//! in the user's own names.
//!
//! The program contains the tables deflated; [`table()`] unpacks them once, at its first call.

mod habits;
mod names;
mod own;
mod table;
mod unpack;

pub use habits::Habits;
pub use own::{OwnNames, WithOwn};
pub use table::{Table, table};
