//! The quick line: entries in one line of text.
//!
//! [`read`] parses the whole grammar, `[day] [@time] [type:] item [, item …] [# note]`, with the foods and activities of a
//! [`Lookup`]. [`read_line`] parses one entry whose kcal are in the line.

mod amount;
mod energy;
mod fold;
mod item;
mod kcal_only;
mod kind;
mod known;
mod number;
mod question;
mod reader;
mod reading;
mod setting;
mod size;
mod unit;
mod when;
mod words;

pub use fold::{folded, stemmed};
pub use kcal_only::{Line, LineError, meal_of, read_line};
pub use known::{Activity, Closeness, Food, Known, Lookup, Match, Own, Pace, Portion};
pub use question::Question;
pub use reader::{MAX_READINGS, read};
pub use reading::{Item, Reading, Role, Word};
pub use setting::Setting;
