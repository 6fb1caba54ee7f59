//! What users prefer to see. It is remembered on this computer.

use serde::{Deserialize, Serialize};

/// The order of the Today screen's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Meals and drinks by type, then exercise.
    #[default]
    ByType,
    /// By moment.
    ByTime,
}

impl Order {
    /// The other order.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::ByType => Self::ByTime,
            Self::ByTime => Self::ByType,
        }
    }
}

/// What a user prefers to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Preferences {
    /// The order of the Today screen's list.
    pub order: Order,
    /// Whether what is left of the week's targets is shown beside the day's.
    pub shows_week: bool,
    /// Grams of sugar that a suggested food stays below.
    pub sugar: u16,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            order: Order::default(),
            shows_week: false,
            // The free sugars of a day by the WHO's stronger advice (Sugars intake for adults and children, 2015): 5 % of 2,000 kcal.
            sugar: 25,
        }
    }
}
