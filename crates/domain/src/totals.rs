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
        }
    }

    /// kcal eaten less kcal burned; at the limits of `i64` the nearest of them.
    pub fn net(&self) -> i64 {
        self.calories_consumed.saturating_sub(self.calories_burned)
    }
}
