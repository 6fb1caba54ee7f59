//! The time that a client signs into its proof: `Sat Mar 7 08:05:09 UTC 2026`.
//!
//! Cognito parses it leniently as Java's `EEE MMM d HH:mm:ss z yyyy`, and signs its own spelling of that time: a day with
//! a leading zero or a wrong weekday is parsed, but its proof never matches (measured on a pool: ministack, pull request
//! 1758).

use jiff::{Timestamp as Moment, ToSpan as _, civil::DateTime, fmt::strtime, tz::TimeZone};

use super::CognitoError;

/// A client's time, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Timestamp(Moment);

impl Timestamp {
    /// Parses a client's text.
    ///
    /// # Errors
    ///
    /// `InvalidParameterException` for another format; the challenge stays open.
    pub(super) fn read(text: &str) -> Result<Self, CognitoError> {
        parse(text).map(Self).ok_or_else(|| {
            CognitoError::invalid_parameter(
                "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.",
            )
        })
    }

    /// Whether it differs from `now` by at most `seconds`.
    pub(super) fn is_within(self, seconds: i64, now: i64) -> bool {
        (self.0.as_second() - now).abs() <= seconds
    }

    /// The time in Cognito's spelling.
    pub(super) fn canonical(self) -> String {
        self.0.strftime("%a %b %-d %H:%M:%S UTC %Y").to_string()
    }
}

fn parse(text: &str) -> Option<Moment> {
    // Java skips white space before a field.
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let [day_name, month, day, time, zone, year] = words.as_slice() else {
        return None;
    };
    let number = |digits: &str, most: usize| {
        let good = (1..=most).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit());
        good.then(|| digits.parse::<i64>().ok()).flatten()
    };
    let names = strtime::parse("%a %b", format!("{day_name} {month}")).ok()?;
    if !["UTC", "GMT"].contains(zone) {
        return None;
    }
    let parts: Vec<&str> = time.split(':').collect();
    let [hour, minute, second] = parts.as_slice() else {
        return None;
    };
    // Numbers beyond their range roll over, as in a lenient Java calendar.
    let year = i16::try_from(number(year, 4)?).ok()?;
    let first = DateTime::new(year, names.month()?, 1, 0, 0, 0, 0).ok()?;
    let span = (number(day, 2)? - 1)
        .days()
        .hours(number(hour, 2)?)
        .minutes(number(minute, 2)?)
        .seconds(number(second, 2)?);
    let at = first.checked_add(span).ok()?;
    Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const NOW: i64 = 1_772_870_709;

    #[rstest]
    #[case("Sat Mar 7 08:05:09 UTC 2026", true)]
    #[case::leading_zero("Sat Mar 07 08:05:09 UTC 2026", false)]
    #[case::wrong_weekday("Sun Mar 7 08:05:09 UTC 2026", false)]
    #[case::padded_with_a_blank("Sat Mar  7 08:05:09 UTC 2026", false)]
    #[case::other_zone("Sat Mar 7 08:05:09 GMT 2026", false)]
    #[case::rolled_over("Sat Feb 35 08:05:09 UTC 2026", false)]
    #[case::lower_case("sat mar 7 08:05:09 UTC 2026", false)]
    fn a_time_is_read_leniently_and_has_one_spelling(#[case] text: &str, #[case] canonical: bool) {
        let read = Timestamp::read(text).unwrap();
        assert!(read.is_within(0, NOW), "{read:?}");
        assert!(read.is_within(300, NOW + 300) && !read.is_within(300, NOW - 301));
        assert_eq!(read.canonical(), "Sat Mar 7 08:05:09 UTC 2026");
        assert_eq!(read.canonical() == text, canonical);
    }

    #[rstest]
    #[case("2026-03-07T08:05:09Z")]
    #[case("Mon Feb 12 15:26:37 +05:30 2018")]
    #[case("Samstag Mar 7 08:05:09 UTC 2026")]
    #[case("Sat Mär 7 08:05:09 UTC 2026")]
    #[case("Sat Mar 7 08:05 UTC 2026")]
    #[case("Sat Mar -7 08:05:09 UTC 2026")]
    #[case("")]
    fn a_time_of_another_form_is_refused(#[case] text: &str) {
        let refused = Timestamp::read(text).unwrap_err();
        assert_eq!(
            (refused.kind, refused.message.as_str()),
            (
                "InvalidParameterException",
                "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english."
            )
        );
    }
}
