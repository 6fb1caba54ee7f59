//! The nouns and the arithmetic of calorie logging: activities, categories, days, totals.
//!
//! Energy is in kcal, weight in kg, height in cm. Nothing here does I/O or asks for the time.

#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

mod account;
mod category;
mod clock;
mod command;
mod counted;
mod day;
mod digest;
mod display;
mod energy;
mod entry;
mod failure;
mod grams;
mod kcal;
pub mod library;
pub mod line;
mod log;
mod macros;
mod merge;
mod moment;
pub mod outbox;
mod profile;
pub mod repeat;
mod search;
mod share;
mod target;
mod text;
mod totals;
pub mod weight;
mod wire;

pub use account::Account;
pub use category::{Booking, Category, UnknownName, find_category, nearest};
pub use clock::{DayClock, MomentError, in_milliseconds};
pub use command::LogCommand;
pub use counted::counted_unit;
pub use day::{DateError, DayError, TimeError, parse_day, parse_time, resolve_day, utc_day};
pub use digest::{digest, entry_digest};
pub use display::{
    DEFAULT_THEME, Display, DisplaySetting, EnergyUnit, KeyLine, Marker, Measures, Mouse, WeekStart,
};
pub use energy::{DEFAULT_TARGET, remaining};
pub use entry::{Activity, ActivityPatch, Entry, MAX_KCAL, NewActivity};
pub use failure::FailureKind;
pub use grams::{Grams, GramsError, MAX_GRAMS};
pub use kcal::{KcalError, parse_energy, parse_kcal};
pub use log::{ChangeKind, Day};
pub use macros::Macros;
pub use merge::Merge;
pub use profile::Profile;
pub use search::{LetterSet, search, search_best};
pub use share::{TypeKcal, eaten_by_type, queued_by_type};
pub use target::{MAX_TARGET, TargetChange, TargetKcal, Targets};
pub use text::{
    MAX_FOOD_CHARS, MAX_NAME_CHARS, MAX_NOTE_CHARS, MAX_UNIT_CHARS, TextError, UserNameError, checked_food,
    checked_name, checked_note, checked_unit, checked_user_name, clean, is_shown, is_unprintable, shortened,
};
pub use totals::DailyTotals;
