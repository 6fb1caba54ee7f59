//! What a dialog of a few fields is about.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::app::screens::profile::Setting;

/// What a dialog of a few fields is about: texts that were left in one are there again in the next one of the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A value of the profile.
    Setting(Setting),
    /// The weight of a day.
    Weight(Date),
    /// An item of the library, by its key.
    Item(String),
    /// A new own food.
    NewFood,
    /// A new recipe. Its texts follow to the entries that are marked next.
    Recipe,
    /// Another day for entries. The text follows to the entries that are marked next.
    MoveTo,
}

impl Subject {
    pub(super) fn words(&self) -> String {
        match self {
            Self::Setting(setting) => setting.title().to_lowercase(),
            Self::Weight(date) => format!("weight on {date}"),
            Self::Item(_) => "a library item".to_owned(),
            Self::NewFood => "an own food".to_owned(),
            Self::Recipe => "a recipe".to_owned(),
            Self::MoveTo => "the day to move entries to".to_owned(),
        }
    }
}
