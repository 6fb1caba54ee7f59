//! The totals of all days, as the screens were told them.

use std::collections::HashMap;

use caltrack_domain::DailyTotals;
use jiff::civil::Date;

use super::report::Report;

/// A user whose totals are watched, and the versions that were reported.
#[derive(Debug)]
pub(super) struct Overview {
    pub(super) sub: String,
    versions: HashMap<Date, u64>,
}

impl Overview {
    pub(super) fn new(sub: String) -> Self {
        Self {
            sub,
            versions: HashMap::new(),
        }
    }

    /// The report of all totals.
    pub(super) fn whole(&mut self, days: Vec<DailyTotals>) -> Report {
        self.versions = days.iter().map(|day| (day.date, day.version)).collect();
        let sub = self.sub.clone();
        Report::AllTotals { sub, days }
    }

    /// The report of a day's totals, if they are news.
    pub(super) fn day(&mut self, totals: DailyTotals) -> Option<Report> {
        let before = self.versions.insert(totals.date, totals.version);
        (before != Some(totals.version)).then(|| {
            let sub = self.sub.clone();
            Report::Totals { sub, totals }
        })
    }
}
