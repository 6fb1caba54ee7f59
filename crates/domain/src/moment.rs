//! Moments: a day and a time of day in the user's time zone.

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};

use crate::Entry;

/// A day and a time of day outside the calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is too close to an end of the calendar")]
pub struct MomentError(pub Date);

/// The moment of a time of day on a day, in whole milliseconds, as the API stores them.
///
/// # Errors
///
/// [`MomentError`] at the ends of the calendar. A time that the day skips or repeats is resolved as by the clock change.
pub fn moment_on(day: Date, time: Time, zone: &TimeZone) -> Result<Timestamp, MomentError> {
    let moment = day
        .to_datetime(time)
        .to_zoned(zone.clone())
        .map_err(|_| MomentError(day))?;
    Ok(in_milliseconds(moment.timestamp()))
}

/// The same time of day on another day, in whole milliseconds; on its own day, the moment itself.
///
/// # Errors
///
/// As [`moment_on`].
pub fn moved_to(moment: Timestamp, day: Date, zone: &TimeZone) -> Result<Timestamp, MomentError> {
    let here = moment.to_zoned(zone.clone());
    if here.date() == day {
        return Ok(in_milliseconds(moment));
    }
    moment_on(day, here.time(), zone)
}

impl Entry {
    /// The entry's moment after it is moved to `day`, and to `time` of that day if given. Without another day or a time the
    /// moment stays, even if its date is another one than the entry's day (a late evening's).
    ///
    /// # Errors
    ///
    /// As [`moment_on`].
    pub fn rescheduled(
        &self,
        day: Date,
        time: Option<Time>,
        zone: &TimeZone,
    ) -> Result<Timestamp, MomentError> {
        match time {
            Some(time) => moment_on(day, time, zone),
            None if day == self.date => Ok(self.moment),
            None => moved_to(self.moment, day, zone),
        }
    }
}

/// A moment as the API stores it, in whole milliseconds.
pub fn in_milliseconds(moment: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(moment.as_millisecond()).unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};
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
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let entry = entry(date(2026, 11, 23), "2026-11-23T06:30:12.345Z");
        assert_eq!(entry.rescheduled(day, time, &berlin), Ok(moment.parse().unwrap()));
    }

    #[test]
    fn a_late_evenings_entry_stays_where_it_is_until_its_day_changes() {
        let late = entry(date(2026, 11, 22), "2026-11-23T01:30:00Z");
        let at = |day| late.rescheduled(day, None, &TimeZone::UTC).unwrap().to_string();
        assert_eq!(at(date(2026, 11, 22)), "2026-11-23T01:30:00Z");
        assert_eq!(at(date(2026, 11, 23)), "2026-11-23T01:30:00Z");
        assert_eq!(at(date(2026, 11, 20)), "2026-11-20T01:30:00Z");
    }

    #[test]
    fn the_calendar_has_ends() {
        let west = TimeZone::get("America/Los_Angeles").unwrap();
        let last = date(9999, 12, 31);
        assert_eq!(moment_on(last, time(23, 0, 0, 0), &west), Err(MomentError(last)));
    }
}
