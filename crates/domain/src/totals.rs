//! A day's totals.

use jiff::civil::Date;

/// What a user ate and burned on one day, as the backend counted it. Absolute: a higher version replaces a lower one.
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
    /// The day's live entries; none where the backend doesn't count them.
    pub entries: Option<u32>,
    /// The sum of the entries' digests; none where the backend doesn't keep it.
    pub digest: Option<u64>,
}

impl DailyTotals {
    /// A day without writes.
    pub fn empty(date: Date) -> Self {
        Self {
            date,
            calories_consumed: 0,
            calories_burned: 0,
            version: 0,
            weight: None,
            entries: None,
            digest: None,
        }
    }

    /// kcal eaten less kcal burned.
    pub fn net(&self) -> i64 {
        self.calories_consumed - self.calories_burned
    }
}
