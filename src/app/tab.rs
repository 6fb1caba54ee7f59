//! The table of tabs: the screens of a signed-in user.

use strum::VariantArray;

use super::input::action::Action;

/// A screen of a signed-in user, in the order of the help. ARCHITECTURE.md ("Where to add") lists what a new one needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, VariantArray)]
pub enum Tab {
    /// A day and its entries.
    #[default]
    Today,
    /// All days, and what was logged on them.
    History,
    /// Consumed, burned and weight over weeks and months.
    Trends,
    /// What fits into the rest of the day, and the library.
    Suggestions,
    /// Targets, body, days and account.
    Profile,
}

impl Tab {
    /// Its name in the help.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Today => "Today",
            Self::History => "History",
            Self::Trends => "Trends",
            Self::Suggestions => "Suggestions",
            Self::Profile => "Profile",
        }
    }

    /// The action that shows it.
    pub(super) const fn action(self) -> Action {
        match self {
            Self::Today => Action::ShowToday,
            Self::History => Action::ShowHistory,
            Self::Trends => Action::ShowTrends,
            Self::Suggestions => Action::ShowSuggestions,
            Self::Profile => Action::ShowProfile,
        }
    }
}
