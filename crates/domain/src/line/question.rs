//! Why a line isn't logged as it stands.

use crate::{KcalError, TextError, TimeError};

/// Why a line, or an item of it, can't be logged as it stands. Its message has an example of what is understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Question {
    /// There are no categories to choose from.
    #[error("the categories are not loaded yet; try again in a moment")]
    NoCategories,
    /// Nothing is typed.
    #[error("how many kcal? try `lunch 650`, `2 eggs` or `run 30m`")]
    Empty,
    /// A type, a quantity or a known name without kcal.
    #[error("how many kcal? try `{0} 650`")]
    NoKcal(String),
    /// A name that no food or activity has.
    #[error("nothing is known as `{0}`; add its kcal, as in `{0} 350`")]
    Unknown(String),
    /// A quantity of nothing in particular.
    #[error("`{0}` of what? try `150 g rice` or `run 30 min`")]
    NoName(String),
    /// An activity without time or distance.
    #[error("how long? try `{0} 30 min`, or its kcal, as in `{0} 300 kcal`")]
    NoTime(String),
    /// Digits that have one mark before the last three.
    #[error("is `{text}` {whole} or {decimal}? write one of them")]
    Grouped {
        /// The text as given.
        text: String,
        /// The number without the mark.
        whole: String,
        /// The number with a decimal point.
        decimal: String,
    },
    /// More than an entry can have: see the limits.
    #[error("{0} is more than one entry can have; an entry has up to 5,000 kcal and 24 h in this line")]
    TooLarge(String),
    /// A number with two meanings.
    #[error("is that `{first}` or `{second}`? write one of them")]
    TwoMeanings {
        /// The line of the first meaning.
        first: String,
        /// The line of the second meaning.
        second: String,
    },
    /// A unit that doesn't measure this food or activity.
    #[error("`{unit}` does not measure {name}; try `{example}`")]
    Misfit {
        /// The unit.
        unit: String,
        /// The food or activity.
        name: String,
        /// What is understood.
        example: String,
    },
    /// Two numbers where one is expected.
    #[error("`{0}` or `{1}`? one number of kcal is enough")]
    TwoNumbers(String, String),
    /// Two types of one entry.
    #[error("`{0}` or `{1}`? an entry has one type; separate entries by a comma")]
    TwoTypes(String, String),
    /// A word that looks like a typo of a meal.
    #[error(
        "did you mean `{meal} 650`? a name like `{word}` needs a type in front, as in `{meal}: {word} 650`"
    )]
    NearMeal {
        /// The word.
        word: String,
        /// The meal.
        meal: String,
    },
    /// A type of another category than the food's or activity's.
    #[error("{name} is no {kind}; leave out `{kind}`, or add kcal and another name")]
    OtherCategory {
        /// The food or activity.
        name: String,
        /// The type.
        kind: String,
    },
    /// Two days or two times.
    #[error("`{0}` or `{1}`? a line has one day and one time")]
    TwoDays(String, String),
    /// A word for a day within the words of an item.
    #[error("is `{0}` a day or part of a name? put the day first, as in `yesterday lunch 650`")]
    DayInside(String),
    /// A unit within the words of an unknown name.
    #[error("is `{0}` a unit? write the number before it, as in `2 {0}`")]
    UnitInside(String),
    /// A date with two readings.
    #[error("is `{text}` {first} or {second}? write one of them")]
    TwoDates {
        /// The text as given.
        text: String,
        /// The earlier reading, `YYYY-MM-DD`.
        first: String,
        /// The later reading.
        second: String,
    },
    /// A day that isn't in the calendar.
    #[error("`{0}` is not a day of the calendar; days are `2026-11-23`, `yesterday`, `mon` or `-1d`")]
    NotADay(String),
    /// A day too far away.
    #[error("`{0}` is too far away; days are from 1970 to 366 days ahead")]
    FarDay(String),
    /// Not a time of day.
    #[error(transparent)]
    Time(#[from] TimeError),
    /// A time of day, or how long something took.
    #[error(
        "is `{0}` a time of day or how long it took? write `@{0}`, or the time it took as in `25 min` or `1h30`"
    )]
    ClockOrTime(String),
    /// A number below zero.
    #[error("`{0}` is negative; write how much it was, as in `2 eggs` or `lunch 650`")]
    Negative(String),
    /// A quantity of nothing.
    #[error("`{0}` is nothing; write how much it was, as in `2 eggs` or `½ avocado`")]
    Zero(String),
    /// Nothing between two commas.
    #[error("an item is empty; write one between two commas, as in `2 eggs, toast`")]
    EmptyItem,
    /// A line that is too long.
    #[error("the line is too long; it can have 2,000 characters and 40 items")]
    TooLong,
    /// A number of kcal that isn't valid.
    #[error(transparent)]
    Kcal(#[from] KcalError),
    /// A name or a note that isn't valid.
    #[error(transparent)]
    Text(#[from] TextError),
}

impl Question {
    /// Whether the line is wrong, and not only incomplete or ambiguous.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::NoCategories
                | Self::TooLarge(_)
                | Self::NotADay(_)
                | Self::FarDay(_)
                | Self::Time(_)
                | Self::Negative(_)
                | Self::Zero(_)
                | Self::EmptyItem
                | Self::TooLong
                | Self::Kcal(_)
                | Self::Text(_)
        )
    }
}
