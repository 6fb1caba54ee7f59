//! The Suggestions screen: what fits into the rest of the day.

use caltrack_domain::Entry;

use crate::app::input::action::Motion;

/// Where a suggestion comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The user's log.
    Log,
    /// The library.
    Library,
    /// The backend's foods.
    Foods,
}

impl Source {
    /// Its word in the list.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Log => "logged before",
            Self::Library => "library",
            Self::Foods => "foods",
        }
    }
}

/// Something that fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// Where it comes from.
    pub source: Source,
    /// The entry; its day and moment are those of logging it.
    pub entry: Entry,
}

/// What the suggestions follow from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) struct SuggestionSource {
    pub(in crate::app) names: u64,
    pub(in crate::app) hour: i8,
    pub(in crate::app) categories: usize,
    pub(in crate::app) remaining: i64,
    /// Counts the answers of the backend.
    pub(in crate::app) answers: u64,
}

/// The suggestions, and the selected one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Suggestions {
    /// Likeliest first.
    pub list: Vec<Suggestion>,
    /// The index of the selected one.
    pub selected: usize,
    /// The backend's foods that fitted when they were queried.
    foods: Vec<Entry>,
    answers: u64,
    source: Option<SuggestionSource>,
}

impl Suggestions {
    /// The selected suggestion.
    pub fn selection(&self) -> Option<&Suggestion> {
        self.list.get(self.selected)
    }

    /// Counts the answers of the backend.
    pub(in crate::app) const fn answers(&self) -> u64 {
        self.answers
    }

    /// Takes the backend's foods.
    pub(in crate::app) fn take(&mut self, foods: Vec<Entry>) {
        self.foods = foods.into_iter().map(with_amount).collect();
        self.answers += 1;
    }

    /// Finds suggestions again, if they follow from something else than before.
    pub(in crate::app) fn follow(
        &mut self,
        source: SuggestionSource,
        find: impl FnOnce(&[Entry]) -> Vec<Suggestion>,
    ) {
        if self.source != Some(source) {
            self.list = find(&self.foods);
            self.selected = self.selected.min(self.list.len().saturating_sub(1));
            self.source = Some(source);
        }
    }

    /// Moves the selection.
    pub(in crate::app) fn move_by(&mut self, motion: Motion, page: usize) {
        self.selected = motion.from(self.selected, page, self.list.len().saturating_sub(1));
    }
}

/// The backend names a food together with its amount, `Ham (2 slices)`: the amount becomes the entry's.
fn with_amount(mut food: Entry) -> Entry {
    let name = food.name.as_deref().unwrap_or_default();
    let parts = name.strip_suffix(')').and_then(|name| name.rsplit_once(" ("));
    let amount = parts.and_then(|(name, amount)| {
        let (number, unit) = amount.split_once(' ')?;
        let number: f64 = number.parse().ok().filter(|number| *number > 0.0)?;
        Some((name.to_owned(), number, unit.to_owned()))
    });
    if let Some((name, number, unit)) = amount {
        food.name = Some(name);
        food.quantity = Some(number);
        food.unit = Some(unit);
    }
    food
}

#[cfg(test)]
mod tests {
    use caltrack_domain::Entry;
    use jiff::{Timestamp, civil::date};

    use super::with_amount;

    #[test]
    fn an_amount_in_a_name_becomes_the_entrys() {
        let food = |name: &str| Entry {
            name: Some(name.to_owned()),
            quantity: Some(1.0),
            ..Entry::new(date(2026, 11, 23), Timestamp::UNIX_EPOCH, "Food", "Lunch", 101)
        };
        let ham = with_amount(food("Ham (2 slices)"));
        assert_eq!(
            (ham.name.as_deref(), ham.quantity, ham.unit.as_deref()),
            (Some("Ham"), Some(2.0), Some("slices"))
        );
        for name in ["Ham", "Ham (smoked)", "Ham (0 slices)"] {
            assert_eq!(with_amount(food(name)), food(name));
        }
    }
}
