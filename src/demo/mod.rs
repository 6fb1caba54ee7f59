//! `demo`: the screens on a throw-away directory with a year of invented log.

mod fill;
mod menu;
mod random;
mod year;

pub use fill::fill;
pub use year::{DAYS, Year, year};
