//! The quick line: entries in one line of text.
//!
//! [`read`] parses the whole grammar, `[day] [@time] [type:] item [, item …] [# note]`, with the foods and activities of a
//! [`Lookup`].

mod amount;
mod clock;
mod count;
mod day_phrase;
mod energy;
mod fold;
mod habit;
mod head;
mod item;
mod kind;
mod known;
mod known_name;
mod number;
mod question;
mod range;
mod reader;
mod reading;
mod setting;
mod several;
mod size;
mod unit;
mod when;
mod without;
mod words;
mod written;

pub use day_phrase::typed_day;
pub use fold::{folded, stemmed};
pub use habit::{Habit, likeliest, usual_meal};
pub use kind::meal_of;
pub use known::{Activity, Closeness, Food, Known, Lookup, Match, Own, Pace, Portion};
pub use question::Question;
pub use reader::{MAX_READINGS, read, read_first};
pub use reading::{Item, Reading, Role, Word};
pub use setting::Setting;
pub use without::is_negation;
pub use written::written;
