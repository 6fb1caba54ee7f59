//! A day's totals.

use jiff::civil::Date;

use crate::{Activity, Grams, digest};

/// What a user ate and burned on one day, as the backend counted it. Absolute: a higher version replaces a lower one.
///
/// The optional totals are `None` on days that were last counted before the backend knew them.
#[derive(Debug, Clone, PartialEq)]
pub struct DailyTotals {
    /// The day that was counted.
    pub date: Date,
    /// kcal of Food and Drink.
    pub calories_consumed: i64,
    /// kcal of the category Exercise.
    pub calories_burned: i64,
    /// Grows by 1 with every write to the day; 0 for a day without writes.
    pub version: u64,
    /// kg, as recorded on that day.
    pub weight: Option<f64>,
    /// The number of the day's entries, those of unknown categories included.
    pub entries: Option<u32>,
    /// [`digest()`] of the day's entries.
    pub digest: Option<u64>,
    /// Protein of Food and Drink.
    pub protein: Option<Grams>,
    /// Fat of Food and Drink.
    pub fat: Option<Grams>,
    /// Carbohydrate of Food and Drink.
    pub carbohydrate: Option<Grams>,
}

impl DailyTotals {
    /// A day without writes, and so without entries.
    pub fn empty(date: Date) -> Self {
        Self {
            date,
            calories_consumed: 0,
            calories_burned: 0,
            version: 0,
            weight: None,
            entries: Some(0),
            digest: Some(0),
            protein: Some(Grams::ZERO),
            fat: Some(Grams::ZERO),
            carbohydrate: Some(Grams::ZERO),
        }
    }

    /// kcal eaten less kcal burned; at the limits of `i64` the nearest of them.
    pub fn net(&self) -> i64 {
        self.calories_consumed.saturating_sub(self.calories_burned)
    }

    /// Whether these are exactly the day's entries, by number and digest; `None` where the totals can't tell.
    pub fn verifies(&self, activities: &[Activity]) -> Option<bool> {
        let (entries, sum) = (self.entries?, self.digest?);
        Some(u32::try_from(activities.len()) == Ok(entries) && digest(activities) == sum)
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};

    use super::*;
    use crate::Entry;

    fn activity(id: &str, rev: u32) -> Activity {
        let day = date(2026, 11, 23);
        Activity {
            id: id.to_owned(),
            owner: "u".to_owned(),
            entry: Entry::new(day, Timestamp::UNIX_EPOCH, "Food", "Lunch", 1),
            rev,
        }
    }

    #[test]
    fn a_copy_matches_totals_that_have_its_entries_and_digest() {
        let copy = [activity("1", 1), activity("2", 3)];
        let mut totals = DailyTotals::empty(date(2026, 11, 23));
        assert_eq!(totals.verifies(&[]), Some(true));
        assert_eq!(totals.verifies(&copy), Some(false));
        totals.entries = Some(2);
        totals.digest = Some(digest(&copy));
        assert_eq!(totals.verifies(&copy), Some(true));
        // A delete and its undo: as many entries, another id.
        assert_eq!(
            totals.verifies(&[activity("1", 1), activity("3", 3)]),
            Some(false)
        );
        totals.entries = None;
        assert_eq!(totals.verifies(&copy), None);
    }
}
