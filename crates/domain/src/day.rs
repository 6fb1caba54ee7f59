//! Days, and how users and the API write them.

use jiff::{
    Span, Timestamp,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};

/// A text that is not a day written `YYYY-MM-DD`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a day of the calendar (expected YYYY-MM-DD)")]
pub struct DateError(pub String);

/// Parses a day written `YYYY-MM-DD`. It must round-trip, so `2026-2-3` and `2026-02-30` are refused.
///
/// # Errors
///
/// [`DateError`] if the text is anything else, or the calendar has no such day. Years before 0 have no such form.
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

/// The UTC date of a moment: the day of an entry that has none. Before the year 0 it can't be written; see [`parse_day`].
pub fn utc_day(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

/// A text that can't be parsed as a day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DayError {
    /// Written `YYYY-MM-DD`, but the calendar has no such day.
    #[error("`{0}` is not a day of the calendar")]
    NotInCalendar(String),
    /// In no known form.
    #[error(
        "`{0}` is not a day; days are `2026-11-23`, `today`, `yesterday`, `tomorrow`, `mon` to `sun`, `-1d` or `+1d`"
    )]
    NotUnderstood(String),
}

/// Parses a day in upper or lower case: `2026-11-23`, `today`, `yesterday`, `tomorrow`, `-1d`, `+1d`; or a weekday, `monday` or
/// at least its first three letters, which is the latest such day, today included.
///
/// # Errors
///
/// [`DayError`] for other texts, and for years outside 0 to 9999.
pub fn resolve_day(text: &str, today: Date) -> Result<Date, DayError> {
    let text = text.trim();
    let word = text.to_lowercase();
    let day = match word.as_str() {
        "today" => Some(today),
        "yesterday" => today.yesterday().ok(),
        "tomorrow" => today.tomorrow().ok(),
        word => days_from(word)
            .map(|days| today.checked_add(days))
            .or_else(|| weekday(word).map(|weekday| last(weekday, today)))
            .map_or_else(|| parse_day(word).ok(), Result::ok),
    };
    day.filter(|day| has_label(*day)).ok_or_else(|| {
        let quoted = crate::text::quoted(text);
        if is_shaped_like_a_label(text) {
            DayError::NotInCalendar(quoted)
        } else {
            DayError::NotUnderstood(quoted)
        }
    })
}

/// `-1d`, `+12d`
fn days_from(word: &str) -> Option<Span> {
    let number = word.strip_suffix('d').filter(|_| word.starts_with(['-', '+']))?;
    Span::new().try_days(number.parse::<i32>().ok()?).ok()
}

/// `mon`, `thurs`, `sunday`
fn weekday(word: &str) -> Option<Weekday> {
    const NAMES: [(&str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    let found = NAMES
        .iter()
        .find(|(name, _)| word.len() >= 3 && name.starts_with(word))?;
    Some(found.1)
}

/// The latest such day, today included.
fn last(weekday: Weekday, today: Date) -> Result<Date, jiff::Error> {
    today.checked_sub(Span::new().try_days(today.weekday().since(weekday))?)
}

/// Four, two and two digits, with hyphens between.
fn is_shaped_like_a_label(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// A text that can't be parsed as a time of day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// A single digit of minutes, such as `7:5`: it could be 7:05 or 7:50.
    #[error("`{text}` is not a time of day; is it `{hour}:0{digit}` or `{hour}:{digit}0`?")]
    OneDigit {
        /// The text as given.
        text: String,
        /// The digits of the hour.
        hour: String,
        /// The only digit of the minutes.
        digit: String,
    },
    /// In no known form.
    #[error("`{0}` is not a time of day; times are `07:30`, `19:30` or `7:30pm`")]
    NotUnderstood(String),
}

/// Parses a time of day: `07:30`, `7:30`, `7:30am`, `7 pm`. Noon is `12pm`, midnight `12am`.
///
/// # Errors
///
/// [`TimeError`] for other texts.
pub fn parse_time(text: &str) -> Result<Time, TimeError> {
    let text = text.trim();
    let word = text.to_lowercase();
    let not_understood = || TimeError::NotUnderstood(crate::text::quoted(text));
    let half = |half: &str, from: i8| Some((word.strip_suffix(half)?.trim_end().to_owned(), from));
    let (clock, afternoon) = match half("am", 0).or_else(|| half("pm", 12)) {
        Some((clock, from)) => (clock, Some(from)),
        None => (word.clone(), None),
    };
    let (hour, minute) = match clock.split_once(':') {
        Some(parts) => parts,
        None if afternoon.is_some() => (clock.as_str(), "00"),
        None => return Err(not_understood()),
    };
    let digits = |digits: &str, most: usize| {
        let right = (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        right.then(|| digits.parse::<i8>().ok()).flatten()
    };
    let (Some(hours), Some(minutes)) = (digits(hour, 2), digits(minute, 2)) else {
        return Err(not_understood());
    };
    if minute.len() == 1 {
        return match minutes {
            0..=5 => Err(TimeError::OneDigit {
                text: crate::text::quoted(text),
                hour: hour.to_owned(),
                digit: minute.to_owned(),
            }),
            _ => Err(not_understood()),
        };
    }
    let hours = match afternoon {
        None => hours,
        Some(from) if (1..=12).contains(&hours) => hours % 12 + from,
        Some(_) => return Err(not_understood()),
    };
    Time::new(hours, minutes, 0, 0).map_err(|_| not_understood())
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
    #[case("2026-11-23T23:59:59.999Z", date(2026, 11, 23))]
    #[case("2026-11-23T23:30:00-05:00", date(2026, 11, 24))]
    #[case("2026-11-23T00:30:00+09:00", date(2026, 11, 22))]
    fn a_moments_day_is_the_one_in_utc(#[case] moment: Timestamp, #[case] day: Date) {
        assert_eq!(utc_day(moment), day);
    }

    #[test]
    fn hours_and_minutes_have_two_digits_at_most() {
        assert!(parse_time("07:30").is_ok());
        for text in ["007:30", "07:030", "7:3x", "x7:30", ":30"] {
            assert!(
                matches!(parse_time(text), Err(TimeError::NotUnderstood(_))),
                "{text}"
            );
        }
    }

    /// 2026-03-01 is a Sunday.
    #[rstest]
    #[case("today", Some(date(2026, 3, 1)))]
    #[case("Yesterday", Some(date(2026, 2, 28)))]
    #[case(" tomorrow ", Some(date(2026, 3, 2)))]
    #[case("-1d", Some(date(2026, 2, 28)))]
    #[case("+1d", Some(date(2026, 3, 2)))]
    #[case("+1D", Some(date(2026, 3, 2)))]
    #[case::today_included("sun", Some(date(2026, 3, 1)))]
    #[case("Monday", Some(date(2026, 2, 23)))]
    #[case("mon", Some(date(2026, 2, 23)))]
    #[case("Thurs", Some(date(2026, 2, 26)))]
    #[case("SAT", Some(date(2026, 2, 28)))]
    #[case("2024-02-29", Some(date(2024, 2, 29)))]
    #[case::two_letters("mo", None)]
    #[case::more_than_its_name("mondays", None)]
    #[case::before_the_year_0("-750000d", None)]
    #[case("-999999999999d", None)]
    #[case("-d", None)]
    #[case("1d", None)]
    #[case("- 1d", None)]
    #[case("", None)]
    fn days_are_parsed_in_every_form(#[case] text: &str, #[case] day: Option<Date>) {
        assert_eq!(resolve_day(text, date(2026, 3, 1)).ok(), day);
    }

    #[test]
    fn every_weekday_is_one_of_the_last_seven_days() {
        let today = date(2026, 3, 4);
        for (back, name) in ["wed", "tue", "mon", "sun", "sat", "fri", "thu"]
            .iter()
            .enumerate()
        {
            let day = resolve_day(name, today).unwrap();
            assert_eq!(
                today.since(day).unwrap().get_days(),
                i32::try_from(back).unwrap(),
                "{name}"
            );
        }
    }

    #[rstest]
    #[case("2026-02-30", "`2026-02-30` is not a day of the calendar")]
    #[case(
        "29.11.2026",
        "`29.11.2026` is not a day; days are `2026-11-23`, `today`, `yesterday`, `tomorrow`, `mon` to `sun`, `-1d` or `+1d`"
    )]
    fn a_refused_day_names_what_is_understood(#[case] text: &str, #[case] message: &str) {
        assert_eq!(
            resolve_day(text, date(2026, 3, 1)).unwrap_err().to_string(),
            message
        );
    }

    #[rstest]
    #[case("07:30", Some((7, 30)))]
    #[case("7:30", Some((7, 30)))]
    #[case("7:30am", Some((7, 30)))]
    #[case("7:30 PM", Some((19, 30)))]
    #[case("7pm", Some((19, 0)))]
    #[case("12am", Some((0, 0)))]
    #[case("12:05pm", Some((12, 5)))]
    #[case("24:00", None)]
    #[case("07:60", None)]
    #[case("13pm", None)]
    #[case("0am", None)]
    #[case("7", None)]
    #[case("0730", None)]
    #[case("-1:00", None)]
    #[case("7:5", None)]
    #[case("7:5am", None)]
    #[case("7:", None)]
    #[case("am", None)]
    fn times_of_day(#[case] text: &str, #[case] time: Option<(i8, i8)>) {
        let read = parse_time(text).ok().map(|time| (time.hour(), time.minute()));
        assert_eq!(read, time);
    }

    #[rstest]
    #[case("7:5", "`7:5` is not a time of day; is it `7:05` or `7:50`?")]
    #[case("7:9", "`7:9` is not a time of day; times are `07:30`, `19:30` or `7:30pm`")]
    #[case("noon", "`noon` is not a time of day; times are `07:30`, `19:30` or `7:30pm`")]
    fn a_refused_time_names_what_is_understood(#[case] text: &str, #[case] message: &str) {
        assert_eq!(parse_time(text).unwrap_err().to_string(), message);
    }
}
