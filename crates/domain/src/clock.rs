//! The user's clock: the day of a moment, and the moment of a time of day.

use jiff::{
    Timestamp, Zoned,
    civil::{Date, Time},
    tz::TimeZone,
};

/// A day and a time of day outside the calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is too close to an end of the calendar")]
pub struct MomentError(pub Date);

/// The time zone of a user's days, and the time at which a day begins. A day that begins at 04:00 lasts until 04:00 of the
/// calendar's next day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayClock {
    zone: TimeZone,
    starts_at: Time,
}

impl DayClock {
    /// The clock of a zone in which days begin at `starts_at`.
    pub const fn new(zone: TimeZone, starts_at: Time) -> Self {
        Self { zone, starts_at }
    }

    /// The clock of a zone in which days begin at midnight.
    pub const fn at_midnight(zone: TimeZone) -> Self {
        Self::new(zone, Time::midnight())
    }

    /// The zone of the days.
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// A moment as this clock shows it.
    pub fn shown(&self, moment: Timestamp) -> Zoned {
        moment.to_zoned(self.zone.clone())
    }

    /// The day that a moment belongs to.
    pub fn day_of(&self, moment: Timestamp) -> Date {
        let here = self.shown(moment);
        if here.time() < self.starts_at {
            here.date().yesterday().unwrap_or(here.date())
        } else {
            here.date()
        }
    }

    /// The moment of a time of day within a day, in whole milliseconds, as the API stores them. Times before the day's beginning are
    /// those of the night at its end.
    ///
    /// # Errors
    ///
    /// [`MomentError`] at the ends of the calendar. A time that the day skips or repeats is resolved as by the clock change.
    pub fn moment_on(&self, day: Date, time: Time) -> Result<Timestamp, MomentError> {
        let date = if time < self.starts_at {
            day.tomorrow().map_err(|_| MomentError(day))?
        } else {
            day
        };
        let moment = date
            .to_datetime(time)
            .to_zoned(self.zone.clone())
            .map_err(|_| MomentError(day))?;
        Ok(in_milliseconds(moment.timestamp()))
    }

    /// The moment at which a day begins, and the day before ends.
    ///
    /// # Errors
    ///
    /// As [`DayClock::moment_on`].
    pub fn beginning_of(&self, day: Date) -> Result<Timestamp, MomentError> {
        self.moment_on(day, self.starts_at)
    }

    /// The same time of day on another day, in whole milliseconds; on its own day, the moment itself.
    ///
    /// # Errors
    ///
    /// As [`DayClock::moment_on`].
    pub fn moved_to(&self, moment: Timestamp, day: Date) -> Result<Timestamp, MomentError> {
        if self.day_of(moment) == day {
            return Ok(in_milliseconds(moment));
        }
        self.moment_on(day, self.shown(moment).time())
    }

    /// The day that a time of day belongs to when none is given, at the moment `now`: the present day, or the day before for a time
    /// before the day's beginning that has passed (01:00, said at noon).
    pub fn day_of_time(&self, time: Time, now: Timestamp) -> Date {
        let today = self.day_of(now);
        if time < self.starts_at && self.shown(now).time() >= self.starts_at {
            return today.yesterday().unwrap_or(today);
        }
        today
    }
}

/// A moment as the API stores it, in whole milliseconds.
pub fn in_milliseconds(moment: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(moment.as_millisecond()).unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn berlin(starts_at: Time) -> DayClock {
        DayClock::new(TimeZone::get("Europe/Berlin").unwrap(), starts_at)
    }

    const FOUR: Time = time(4, 0, 0, 0);

    #[rstest]
    #[case::the_night("2026-11-29T00:00:00Z", FOUR, date(2026, 11, 28))]
    #[case::the_last_minute("2026-11-29T02:59:59Z", FOUR, date(2026, 11, 28))]
    #[case::the_beginning("2026-11-29T03:00:00Z", FOUR, date(2026, 11, 29))]
    #[case::midnight("2026-11-28T23:00:00Z", Time::midnight(), date(2026, 11, 29))]
    #[case::the_hour_that_comes_twice("2026-10-25T00:30:00Z", time(3, 0, 0, 0), date(2026, 10, 24))]
    #[case::and_again("2026-10-25T01:30:00Z", time(3, 0, 0, 0), date(2026, 10, 24))]
    fn a_day_lasts_until_the_next_begins(
        #[case] moment: Timestamp,
        #[case] starts_at: Time,
        #[case] day: Date,
    ) {
        assert_eq!(berlin(starts_at).day_of(moment), day);
    }

    #[rstest]
    #[case::evening(time(19, 0, 0, 0), "2026-11-28T18:00:00Z")]
    #[case::the_night_at_its_end(time(1, 0, 0, 0), "2026-11-29T00:00:00Z")]
    fn a_time_is_within_its_day(#[case] time: Time, #[case] moment: Timestamp) {
        let day = date(2026, 11, 28);
        assert_eq!(berlin(FOUR).moment_on(day, time), Ok(moment));
        assert_eq!(berlin(FOUR).day_of(moment), day);
    }

    #[rstest]
    #[case::a_time_of_the_night_at_noon("2026-11-28T11:00:00Z", time(1, 0, 0, 0), date(2026, 11, 27))]
    #[case::within_the_night("2026-11-29T01:00:00Z", time(1, 30, 0, 0), date(2026, 11, 28))]
    #[case::the_evening_before_within_the_night(
        "2026-11-29T01:00:00Z",
        time(23, 0, 0, 0),
        date(2026, 11, 28)
    )]
    #[case::this_evening_at_noon("2026-11-28T11:00:00Z", time(19, 0, 0, 0), date(2026, 11, 28))]
    fn a_time_without_a_day_is_the_nearest_that_people_mean(
        #[case] now: Timestamp,
        #[case] time: Time,
        #[case] day: Date,
    ) {
        assert_eq!(berlin(FOUR).day_of_time(time, now), day);
    }

    #[test]
    fn a_day_begins_at_its_hour() {
        let beginning = berlin(FOUR).beginning_of(date(2026, 11, 29)).unwrap();
        assert_eq!(beginning.to_string(), "2026-11-29T03:00:00Z");
    }

    #[test]
    fn the_calendar_has_ends() {
        let west = DayClock::new(TimeZone::get("America/Los_Angeles").unwrap(), FOUR);
        let last = date(9999, 12, 31);
        for hour in [1, 23] {
            assert_eq!(west.moment_on(last, time(hour, 0, 0, 0)), Err(MomentError(last)));
        }
    }

    proptest! {
        #[test]
        fn a_moment_moved_to_a_day_belongs_to_it(
            seconds in 0..4_000_000_000_i64,
            day in 1..28_i8,
            hour in 0..24_i8,
        ) {
            // At 03:00 the clock of Berlin changes, where a skipped time is an hour later.
            let clock = DayClock::new(TimeZone::UTC, time(hour, 0, 0, 0));
            let day = date(2026, 11, day);
            let moved = clock.moved_to(Timestamp::from_second(seconds).unwrap(), day).unwrap();
            prop_assert_eq!(clock.day_of(moved), day);
        }
    }
}
