//! The History screen: the selection in the list of days, newest first.

use jiff::{ToSpan as _, civil::Date};

use crate::app::input::action::Motion;

/// The selected day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct History {
    selected: Option<Date>,
}

/// The days that the list has: all from the first one logged to today, or to the last one planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first line.
    pub newest: Date,
    /// The last line.
    pub oldest: Date,
}

impl Days {
    /// The number of lines.
    pub fn count(self) -> usize {
        self.line(self.oldest) + 1
    }

    /// The line of a day.
    pub fn line(self, day: Date) -> usize {
        let days = self.newest.since(day).map_or(0, |span| span.get_days());
        usize::try_from(days).unwrap_or(0)
    }

    /// The day of a line.
    pub fn at(self, line: usize) -> Date {
        let days = i64::try_from(line.min(self.count() - 1)).unwrap_or(0);
        self.newest.checked_sub(days.days()).unwrap_or(self.oldest)
    }
}

impl History {
    /// The selected day: today unless another one was selected.
    pub fn selected(&self, days: Days, today: Date) -> Date {
        self.selected.unwrap_or(today).clamp(days.oldest, days.newest)
    }

    /// Selects a day.
    pub(in crate::app) const fn select(&mut self, day: Date) {
        self.selected = Some(day);
    }

    /// Moves the selection.
    pub(in crate::app) fn move_by(&mut self, motion: Motion, page: usize, days: Days, today: Date) {
        let at = days.line(self.selected(days, today));
        let line = motion.from(at, page, days.count() - 1);
        self.selected = Some(days.at(line));
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 30);

    #[test]
    fn the_list_goes_back_to_the_first_day_and_no_further() {
        let days = Days {
            newest: TODAY,
            oldest: date(2026, 11, 1),
        };
        let mut history = History::default();
        assert_eq!(history.selected(days, TODAY), TODAY);
        history.move_by(Motion::Down, 10, days, TODAY);
        assert_eq!(history.selected(days, TODAY), date(2026, 11, 29));
        history.move_by(Motion::Last, 10, days, TODAY);
        assert_eq!(history.selected(days, TODAY), date(2026, 11, 1));
        history.move_by(Motion::Down, 10, days, TODAY);
        assert_eq!(history.selected(days, TODAY), date(2026, 11, 1));
        history.move_by(Motion::PageUp, 10, days, TODAY);
        assert_eq!(history.selected(days, TODAY), date(2026, 11, 11));
        assert_eq!(days.count(), 30);
    }
}
