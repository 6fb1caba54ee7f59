//! Days as labels.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// A text that names no day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a day of the calendar (expected YYYY-MM-DD)")]
pub struct DateError(pub String);

/// Reads a day's label. It must round-trip, so `2026-2-3` and `2026-02-30` are refused.
///
/// # Errors
///
/// [`DateError`] where the text is anything but a real day written `YYYY-MM-DD`; years before 0 can't be written so.
pub fn parse_day(text: &str) -> Result<Date, DateError> {
    text.parse::<Date>()
        .ok()
        .filter(|day| has_label(*day) && day.to_string() == text)
        .ok_or_else(|| DateError(text.to_owned()))
}

/// Whether a day can be written `YYYY-MM-DD`.
fn has_label(day: Date) -> bool {
    day.year() >= 0
}

/// The UTC date of a moment: the day of an entry that carries none. Before the year 0 it has no label; see [`parse_day`].
pub fn utc_day(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

/// Reads a day as people say it: `2026-11-23`, `today`, `yesterday`, `-1d`, `+1d`.
///
/// # Errors
///
/// [`DateError`] where it is none of these.
pub fn resolve_day(text: &str, today: Date) -> Result<Date, DateError> {
    let text = text.trim();
    let error = || DateError(crate::kcal::short(text));
    let day = match text.to_ascii_lowercase().as_str() {
        "today" => Some(today),
        "yesterday" => today.yesterday().ok(),
        relative if relative.starts_with(['-', '+']) && relative.ends_with('d') => {
            let days = relative.trim_end_matches('d').parse::<i32>().ok();
            days.and_then(|days| jiff::Span::new().try_days(days).ok())
                .and_then(|span| today.checked_add(span).ok())
        }
        _ => parse_day(text).ok(),
    };
    day.filter(|day| has_label(*day)).ok_or_else(error)
}

/// A text that is no time of day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time of day (expected HH:MM, such as 07:30)")]
pub struct TimeError(pub String);

/// Reads a time of day, `HH:MM`.
///
/// # Errors
///
/// [`TimeError`] where it is none.
pub fn parse_time(text: &str) -> Result<jiff::civil::Time, TimeError> {
    let text = text.trim();
    let error = || TimeError(crate::kcal::short(text));
    let (hour, minute) = text.split_once(':').ok_or_else(error)?;
    let number = |digits: &str| {
        let right = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        right
            .then(|| digits.parse::<i8>().ok())
            .flatten()
            .ok_or_else(error)
    };
    jiff::civil::Time::new(number(hour)?, number(minute)?, 0, 0).map_err(|_| error())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2026-11-23", Some(date(2026, 11, 23)))]
    #[case("2024-02-29", Some(date(2024, 2, 29)))]
    #[case("2026-02-30", None)]
    #[case("2026-2-3", None)]
    #[case("2026-11-23T00:00", None)]
    #[case("20261123", None)]
    #[case("0000-01-01", Some(date(0, 1, 1)))]
    #[case("-000001-01-01", None)]
    #[case("-001-01-01", None)]
    #[case("", None)]
    fn a_day_must_be_real_and_round_trip(#[case] text: &str, #[case] day: Option<Date>) {
        assert_eq!(parse_day(text).ok(), day);
    }

    #[rstest]
    #[case("today", Some(date(2026, 3, 1)))]
    #[case("Yesterday", Some(date(2026, 2, 28)))]
    #[case("-1d", Some(date(2026, 2, 28)))]
    #[case("+1d", Some(date(2026, 3, 2)))]
    #[case::before_the_year_0("-750000d", None)]
    #[case("-999999999999d", None)]
    #[case("-d", None)]
    #[case("tomorrow", None)]
    fn days_as_people_say_them(#[case] text: &str, #[case] day: Option<Date>) {
        assert_eq!(resolve_day(text, date(2026, 3, 1)).ok(), day);
    }

    #[rstest]
    #[case("07:30", true)]
    #[case("7:30", true)]
    #[case("24:00", false)]
    #[case("07:60", false)]
    #[case("0730", false)]
    #[case("-1:00", false)]
    fn times_of_day(#[case] text: &str, #[case] right: bool) {
        assert_eq!(parse_time(text).is_ok(), right);
    }
}
