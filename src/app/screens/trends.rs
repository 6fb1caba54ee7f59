//! The Trends screen: the range of days, and chart or table.

use std::ops::RangeInclusive;

use jiff::{ToSpan as _, civil::Date};
use strum::VariantArray;

use crate::app::input::action::Motion;

/// The days that the screen shows, up to today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, VariantArray)]
pub enum Range {
    /// 7 days.
    Week,
    /// 30 days.
    #[default]
    Month,
    /// 90 days.
    Quarter,
    /// 365 days.
    Year,
}

impl Range {
    /// The number of days.
    pub const fn days(self) -> u16 {
        match self {
            Self::Week => 7,
            Self::Month => 30,
            Self::Quarter => 90,
            Self::Year => 365,
        }
    }

    /// The days up to `last`; none at the calendar's beginning.
    pub fn of(self, last: Date) -> Option<RangeInclusive<Date>> {
        let before = i64::from(self.days()) - 1;
        Some(last.checked_sub(before.days()).ok()?..=last)
    }
}

/// What the screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Trends {
    /// The range of days.
    pub range: Range,
    /// Whether the figures are shown as a table.
    pub is_table: bool,
    /// The first line of the table.
    pub first: usize,
}

impl Trends {
    /// Takes the next shorter or longer range.
    pub(in crate::app) fn change_range(&mut self, longer: bool) {
        let at = Range::VARIANTS.iter().position(|range| *range == self.range);
        let next = at.and_then(|at| {
            if longer {
                at.checked_add(1)
            } else {
                at.checked_sub(1)
            }
        });
        if let Some(range) = next.and_then(|next| Range::VARIANTS.get(next)) {
            self.range = *range;
            self.first = 0;
        }
    }

    /// Changes between chart and table.
    pub(in crate::app) const fn change_view(&mut self) {
        self.is_table = !self.is_table;
        self.first = 0;
    }

    /// Scrolls the table.
    pub(in crate::app) fn move_by(&mut self, motion: Motion, page: usize) {
        if self.is_table {
            let last = usize::from(self.range.days()).saturating_sub(1);
            self.first = motion.from(self.first, page, last);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_end_at_a_week_and_a_year() {
        let mut trends = Trends::default();
        for expected in [90, 365, 365] {
            trends.change_range(true);
            assert_eq!(trends.range.days(), expected);
        }
        for expected in [90, 30, 7, 7] {
            trends.change_range(false);
            assert_eq!(trends.range.days(), expected);
        }
    }

    #[test]
    fn only_a_table_scrolls() {
        let mut trends = Trends::default();
        trends.move_by(Motion::Down, 5);
        assert_eq!(trends.first, 0);
        trends.change_view();
        trends.move_by(Motion::PageDown, 5);
        assert_eq!(trends.first, 5);
        trends.change_range(true);
        assert_eq!(trends.first, 0);
    }
}
