//! The nouns and the arithmetic of calorie logging: activities, categories, days, totals.
//!
//! Energy is in kcal, weight in kg, height in cm. Nothing here does I/O or asks for the time.

mod activity;
mod category;
mod day;
mod totals;

pub use activity::{Activity, ActivityPatch, MAX_KCAL, MAX_NAME_CHARS, MAX_NOTE_CHARS, NewActivity};
pub use category::{Booking, Category};
pub use day::{DateError, parse_day, utc_day};
pub use totals::DailyTotals;
