//! The Profile screen: the selected line.

use caltrack_domain::Measures;
use serde::{Deserialize, Serialize};

use crate::app::input::action::{Action, Motion};

/// A value that the user sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// kcal a day, or by weekday.
    Target,
    /// Protein a day.
    Protein,
    /// Carbohydrate a day.
    Carbohydrate,
    /// Fat a day.
    Fat,
    /// The weight of a day.
    Weight,
    /// The weight to reach.
    GoalWeight,
    /// The day to reach it by.
    GoalDay,
    /// Body height.
    Height,
    /// The sex, for the calculator.
    Sex,
    /// The year of birth, for the calculator.
    BirthYear,
    /// The exercise of a usual week, for the calculator.
    Activity,
    /// Whether burned kcal are added to what remains.
    CountExercise,
    /// The time at which days begin.
    DayStartsAt,
    /// The time zone of days.
    TimeZone,
}

impl Setting {
    /// Its name.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Target => "Target",
            Self::Protein => "Protein",
            Self::Carbohydrate => "Carbs",
            Self::Fat => "Fat",
            Self::Weight => "Weight",
            Self::GoalWeight => "Goal weight",
            Self::GoalDay => "Goal day",
            Self::Height => "Height",
            Self::Sex => "Sex",
            Self::BirthYear => "Year of birth",
            Self::Activity => "Activity",
            Self::CountExercise => "Exercise",
            Self::DayStartsAt => "Day starts at",
            Self::TimeZone => "Time zone",
        }
    }

    /// The form of its values.
    pub const fn hint(self, measures: Measures) -> &'static str {
        let is_metric = matches!(measures, Measures::Metric);
        match self {
            Self::Target => {
                "a day: 2000, or 8400 kJ; or seven from Monday: 2000,2000,2000,2000,2000,2400,2400. Past days keep theirs."
            }
            Self::Protein | Self::Carbohydrate | Self::Fat => "grams a day; empty for none",
            Self::Weight if is_metric => "kg, or such as 175 lb; empty removes it",
            Self::Weight => "lb, or such as 79 kg; empty removes it",
            Self::GoalWeight if is_metric => "kg, or such as 175 lb; empty for no goal",
            Self::GoalWeight => "lb, or such as 79 kg; empty for no goal",
            Self::GoalDay => "a date such as 2027-03-01; empty for none",
            Self::Height if is_metric => "cm, or such as 5'9\"; empty removes it",
            Self::Height => "feet and inches such as 5'9\", or 178 cm; empty removes it",
            Self::Sex => "female or male, for the calculator alone; empty for neither",
            Self::BirthYear => "a year such as 1990, for the calculator alone",
            Self::Activity => "sedentary, light, moderate, high or very high",
            Self::CountExercise => "whether burned kcal are added to what remains",
            Self::DayStartsAt => "a time such as 04:00; empty for midnight",
            Self::TimeZone => "a name such as Europe/Berlin; empty for the computer's",
        }
    }
}

/// A line of the screen that can be selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// A value.
    Setting(Setting),
    /// An action on the account or on the screens.
    Action(Action),
}

/// The lines, in groups with headings.
pub const GROUPS: [(&str, &[Item]); 5] = [
    (
        "Targets",
        &[
            Item::Setting(Setting::Target),
            Item::Setting(Setting::Protein),
            Item::Setting(Setting::Carbohydrate),
            Item::Setting(Setting::Fat),
            Item::Setting(Setting::CountExercise),
        ],
    ),
    (
        "Body",
        &[
            Item::Setting(Setting::Weight),
            Item::Setting(Setting::GoalWeight),
            Item::Setting(Setting::GoalDay),
            Item::Setting(Setting::Height),
            Item::Setting(Setting::Sex),
            Item::Setting(Setting::BirthYear),
            Item::Setting(Setting::Activity),
        ],
    ),
    (
        "Days",
        &[
            Item::Setting(Setting::DayStartsAt),
            Item::Setting(Setting::TimeZone),
        ],
    ),
    (
        "Account",
        &[
            Item::Action(Action::ChangePassword),
            Item::Action(Action::SetUpAuthenticator),
            Item::Action(Action::SignOut),
            Item::Action(Action::SignOutEverywhere),
            Item::Action(Action::DeleteAccount),
        ],
    ),
    (
        "Screens",
        &[
            Item::Action(Action::ChooseTheme),
            Item::Action(Action::ScreenSettings),
        ],
    ),
];

/// Every line, from the top.
pub fn items() -> impl Iterator<Item = Item> {
    GROUPS.iter().flat_map(|(_, items)| items.iter().copied())
}

/// The state of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProfileScreen {
    /// The index of the selected line.
    pub selected: usize,
}

impl ProfileScreen {
    /// The setting or account action on the selected line.
    pub fn item(self) -> Option<Item> {
        items().nth(self.selected)
    }

    /// Moves the selection.
    pub(in crate::app) fn move_by(&mut self, motion: Motion, page: usize) {
        let last = items().count().saturating_sub(1);
        self.selected = motion.from(self.selected, page, last);
    }
}
