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
/// [`DateError`] where the text is anything but a real day written `YYYY-MM-DD`.
pub fn parse_day(text: &str) -> Result<Date, DateError> {
    text.parse::<Date>()
        .ok()
        .filter(|day| day.to_string() == text)
        .ok_or_else(|| DateError(text.to_owned()))
}

/// The UTC date of a moment: the day of an entry that carries none.
pub fn utc_day(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}
