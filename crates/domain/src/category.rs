//! Categories, their types, and what they book.

/// A category as screens offer it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its name, such as `Food`.
    pub name: String,
    /// Its types, such as `Lunch`.
    pub types: Vec<String>,
}

/// Which of a day's totals an activity adds to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Booking {
    /// Food and Drink add to `caloriesConsumed`.
    Consumed,
    /// Exercise adds to `caloriesBurned`.
    Burned,
    /// Anything else adds to neither.
    Nothing,
}

impl Booking {
    /// What a category books. Names are compared to the letter, as the workshop's function does.
    pub fn of(category: &str) -> Self {
        match category {
            "Food" | "Drink" => Self::Consumed,
            "Exercise" => Self::Burned,
            _ => Self::Nothing,
        }
    }
}
