//! The moment of an entry that is moved.

use jiff::{
    Timestamp,
    civil::{Date, Time},
};

use crate::{DayClock, Entry, MomentError};

impl Entry {
    /// The entry's moment after it is moved to `day`, and to `time` of that day if given. Without another day or a time the
    /// moment stays, even if its date is another one than the entry's day (a late evening's).
    ///
    /// # Errors
    ///
    /// As [`DayClock::moment_on`].
    pub fn rescheduled(
        &self,
        day: Date,
        time: Option<Time>,
        clock: &DayClock,
    ) -> Result<Timestamp, MomentError> {
        match time {
            Some(time) => clock.moment_on(day, time),
            None if day == self.date => Ok(self.moment),
            None => clock.moved_to(self.moment, day),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{
        civil::{date, time},
        tz::TimeZone,
    };
    use rstest::rstest;

    use super::*;

    fn entry(day: Date, moment: &str) -> Entry {
        Entry::new(day, moment.parse().unwrap(), "Food", "Lunch", 650)
    }

    #[rstest]
    #[case::nothing_new(date(2026, 11, 23), None, "2026-11-23T06:30:12.345Z")]
    #[case::another_day(date(2026, 11, 20), None, "2026-11-20T06:30:12.345Z")]
    #[case::another_day_in_summer(date(2026, 7, 1), None, "2026-07-01T05:30:12.345Z")]
    #[case::another_time(date(2026, 11, 23), Some(time(19, 0, 0, 0)), "2026-11-23T18:00:00Z")]
    #[case::both(date(2026, 11, 20), Some(time(19, 0, 0, 0)), "2026-11-20T18:00:00Z")]
    #[case::a_time_that_the_day_lacks(date(2026, 3, 29), Some(time(2, 30, 0, 0)), "2026-03-29T01:30:00Z")]
    fn an_entry_keeps_its_time_of_day(#[case] day: Date, #[case] time: Option<Time>, #[case] moment: &str) {
        let berlin = DayClock::at_midnight(TimeZone::get("Europe/Berlin").unwrap());
        let entry = entry(date(2026, 11, 23), "2026-11-23T06:30:12.345Z");
        assert_eq!(entry.rescheduled(day, time, &berlin), Ok(moment.parse().unwrap()));
    }

    #[test]
    fn a_late_evenings_entry_stays_where_it_is_until_its_day_changes() {
        let late = entry(date(2026, 11, 22), "2026-11-23T01:30:00Z");
        let clock = DayClock::at_midnight(TimeZone::UTC);
        let at = |day| late.rescheduled(day, None, &clock).unwrap().to_string();
        assert_eq!(at(date(2026, 11, 22)), "2026-11-23T01:30:00Z");
        assert_eq!(at(date(2026, 11, 23)), "2026-11-23T01:30:00Z");
        assert_eq!(at(date(2026, 11, 20)), "2026-11-20T01:30:00Z");
    }

    #[test]
    fn an_entry_of_the_night_keeps_its_place_in_the_day() {
        let night = entry(date(2026, 11, 22), "2026-11-23T01:30:00Z");
        let clock = DayClock::new(TimeZone::UTC, time(4, 0, 0, 0));
        let moment = night.rescheduled(date(2026, 11, 20), None, &clock).unwrap();
        assert_eq!(moment.to_string(), "2026-11-21T01:30:00Z");
    }
}
