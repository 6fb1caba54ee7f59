//! Days and times of a line: `yesterday`, `-2d`, `mon`, `2026-11-20`, `20.11.`, `11/20`, `@07:30`, `7:30am`.

use jiff::{
    Span,
    civil::{Date, Time, date},
};

use super::question::Question;
use crate::{DayError, parse_time, resolve_day, text::quoted};

/// Days that an entry can be ahead of today.
const DAYS_AHEAD: i64 = 366;

const WORDS: [&str; 22] = [
    "today",
    "yesterday",
    "tomorrow",
    "mon",
    "monday",
    "tue",
    "tues",
    "tuesday",
    "wed",
    "weds",
    "wednesday",
    "thu",
    "thur",
    "thurs",
    "thursday",
    "fri",
    "friday",
    "sat",
    "saturday",
    "sun",
    "sunday",
    "yday",
];

/// Whether a word names a day and nothing else: `sun`, but not `11/20`.
pub(super) fn is_day_word(word: &str) -> bool {
    WORDS.contains(&word)
}

/// The day of a word in lower case; `None` if it has no form of a day.
pub(super) fn day(word: &str, today: Date) -> Option<Result<Date, Question>> {
    let found = if is_day_word(word) {
        let word = match word {
            "yday" => "yesterday",
            "weds" => "wed",
            word => word,
        };
        resolve_day(word, today).map_err(|_| Question::NotADay(quoted(word)))
    } else if is_relative(word) || is_label(word) {
        resolve_day(word, today).map_err(|_| Question::NotADay(quoted(word)))
    } else if let Some((first, second, year)) = dotted(word) {
        of_year(word, first, second, year, today)
    } else {
        return None;
    };
    Some(found.and_then(|day| in_range(word, day, today)))
}

/// The day of `n/m`; see [`day`].
pub(super) fn slashed(word: &str, first: u32, second: u32, today: Date) -> Result<Date, Question> {
    of_year(word, first, second, None, today).and_then(|day| in_range(word, day, today))
}

fn in_range(word: &str, day: Date, today: Date) -> Result<Date, Question> {
    let latest = today
        .checked_add(Span::new().days(DAYS_AHEAD))
        .unwrap_or(Date::MAX);
    if day < date(1970, 1, 1) || day > latest {
        return Err(Question::FarDay(quoted(word)));
    }
    Ok(day)
}

/// `-2d`, `+1d`
fn is_relative(word: &str) -> bool {
    let number = word
        .strip_suffix('d')
        .and_then(|word| word.strip_prefix(['-', '+']));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `2026-11-20`, and what was meant as one: `2026-2-3`.
fn is_label(word: &str) -> bool {
    let mut parts = word.split('-');
    let is_number = |part: Option<&str>, most: usize| {
        part.is_some_and(|part| {
            (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let year = parts.next();
    year.is_some_and(|year| year.len() == 4)
        && is_number(year, 4)
        && is_number(parts.next(), 2)
        && is_number(parts.next(), 2)
        && parts.next().is_none()
}

/// `20.11.`, `20.11.2026`, `11/20/2026`
fn dotted(word: &str) -> Option<(u32, u32, Option<i16>)> {
    let mark = if word.contains('.') { '.' } else { '/' };
    let mut parts = word.split(mark);
    let mut small = || {
        let part = parts.next().filter(|part| (1..=2).contains(&part.len()))?;
        part.parse::<u32>().ok()
    };
    let (first, second) = (small()?, small()?);
    let last = parts.next()?;
    if parts.next().is_some() {
        return None;
    }
    match (last, mark) {
        ("", '.') => Some((first, second, None)),
        (year, _) if year.len() == 4 => Some((first, second, Some(year.parse().ok()?))),
        _ => None,
    }
}

/// Day and month in either order.
fn of_year(word: &str, first: u32, second: u32, year: Option<i16>, today: Date) -> Result<Date, Question> {
    let dated = |day: u32, month: u32| -> Option<Date> {
        let (day, month) = (i8::try_from(day).ok()?, i8::try_from(month).ok()?);
        match year {
            Some(year) => Date::new(year, month, day).ok(),
            // The nearest past one; the 29th of February may be 8 years ago.
            None => (0..=8)
                .filter_map(|back| Date::new(today.year() - back, month, day).ok())
                .find(|day| *day <= today),
        }
    };
    match (dated(first, second), dated(second, first)) {
        (Some(one), Some(other)) if one != other => Err(Question::TwoDates {
            text: quoted(word),
            first: one.min(other).to_string(),
            second: one.max(other).to_string(),
        }),
        (Some(day), _) | (None, Some(day)) => Ok(day),
        (None, None) => Err(Question::NotADay(quoted(word))),
    }
}

/// A day as a text of its own: as [`resolve_day`] takes it, `23.11.`, `20 nov`, `nov 20 2025`, or the first of a month, `2026-06`
/// and `june`. Without a year it is the nearest past one.
///
/// # Errors
///
/// [`DayError`] for other texts.
pub fn typed_day(text: &str, today: Date) -> Result<Date, DayError> {
    let word = text.trim().to_lowercase();
    if let Some(Ok(day)) = day(&word, today) {
        return Ok(day);
    }
    resolve_day(text, today).or_else(|error| of_month(&word, today).ok_or(error))
}

/// The day of a text with a month in words, or of `2026-06`.
fn of_month(text: &str, today: Date) -> Option<Date> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let month_of = |word: &str| {
        let at = NAMES
            .iter()
            .position(|name| word.len() >= 3 && name.starts_with(word))?;
        i8::try_from(at + 1).ok()
    };
    let (mut month, mut day, mut year) = (None, None, None);
    for word in text.split([' ', '-', '.', ',']).filter(|word| !word.is_empty()) {
        let number = word.parse::<i16>().ok().filter(|number| *number > 0);
        let slot_is_free = match (number, word.len()) {
            (Some(number), 4) => year.replace(number).is_none(),
            // `2026-06`
            (Some(number), 1 | 2) if year.is_some() && month.is_none() => {
                month.replace(i8::try_from(number).ok()?).is_none()
            }
            (Some(number), 1 | 2) => day.replace(i8::try_from(number).ok()?).is_none(),
            _ => month.replace(month_of(word)?).is_none(),
        };
        if !slot_is_free {
            return None;
        }
    }
    let (month, day) = (month?, day.unwrap_or(1));
    match year {
        Some(year) => Date::new(year, month, day).ok(),
        // The 29th of February may be 8 years ago.
        None => (0..=8)
            .filter_map(|back| Date::new(today.year() - back, month, day).ok())
            .find(|day| *day <= today),
    }
}

/// The time of a word in lower case; `None` if it has no form of a time.
pub(super) fn time(word: &str) -> Option<Result<Time, Question>> {
    if let Some(rest) = word.strip_prefix('@') {
        if rest.is_empty() || !rest.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let hour = rest.len() <= 2 && rest.bytes().all(|byte| byte.is_ascii_digit());
        let text = if hour {
            format!("{rest}:00")
        } else {
            rest.to_owned()
        };
        return Some(parse_time(&text).map_err(Question::Time));
    }
    let has_half = word.strip_suffix("am").or_else(|| word.strip_suffix("pm"));
    match has_half {
        Some(clock) if is_clock(clock, 1) => Some(parse_time(word).map_err(Question::Time)),
        None if is_clock(word, 2) => Some(parse_time(word).map_err(Question::Time)),
        _ => None,
    }
}

/// `7` and `7:30`, with at least so many numbers.
fn is_clock(text: &str, least: usize) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let is_number =
        |part: &&str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    (least..=2).contains(&parts.len()) && parts.iter().all(is_number)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// A Monday.
    const TODAY: Date = date(2026, 11, 30);

    #[rstest]
    #[case("mon", Some("2026-11-30"))]
    #[case("23.11.", Some("2026-11-23"))]
    #[case("20 nov", Some("2026-11-20"))]
    #[case("Dec 24", Some("2025-12-24"))]
    #[case("nov 20, 2024", Some("2024-11-20"))]
    #[case("2026-06", Some("2026-06-01"))]
    #[case("june", Some("2026-06-01"))]
    #[case("29 feb", Some("2024-02-29"))]
    #[case("31 june", None)]
    #[case("20 nov 21", None)]
    #[case("2026-13", None)]
    #[case("ju", None)]
    #[case("", None)]
    fn a_day_alone(#[case] text: &str, #[case] expected: Option<&str>) {
        let found = typed_day(text, TODAY).ok().map(|day| day.to_string());
        assert_eq!(found.as_deref(), expected);
    }

    #[rstest]
    #[case("today", "2026-11-30")]
    #[case("yesterday", "2026-11-29")]
    #[case("mon", "2026-11-30")]
    #[case("sunday", "2026-11-29")]
    #[case("-2d", "2026-11-28")]
    #[case("+366d", "2027-12-01")]
    #[case("2026-11-20", "2026-11-20")]
    #[case("1970-01-01", "1970-01-01")]
    #[case("20.11.", "2026-11-20")]
    #[case("31.12.", "2025-12-31")]
    #[case("29.2.", "2024-02-29")]
    #[case("5.5.", "2026-05-05")]
    #[case("20.11.2025", "2025-11-20")]
    #[case("11/20/2025", "2025-11-20")]
    fn a_day_is_understood(#[case] word: &str, #[case] expected: &str) {
        assert_eq!(day(word, TODAY).unwrap().unwrap().to_string(), expected);
    }

    #[rstest]
    #[case("+367d", "too far away")]
    #[case("1969-12-31", "too far away")]
    #[case("2026-02-30", "not a day of the calendar")]
    #[case("2026-2-3", "not a day of the calendar")]
    #[case("-99999999999d", "not a day of the calendar")]
    #[case("3.4.", "is `3.4.` 2026-03-04 or 2026-04-03?")]
    #[case("45.13.", "not a day of the calendar")]
    fn a_wrong_day_is_refused(#[case] word: &str, #[case] message: &str) {
        let refused = day(word, TODAY).unwrap().unwrap_err().to_string();
        assert!(refused.contains(message), "{refused}");
    }

    #[rstest]
    #[case("20.11")]
    #[case("sunny")]
    #[case("month")]
    #[case("1.5")]
    #[case("-2")]
    fn other_words_are_no_days(#[case] word: &str) {
        assert_eq!(day(word, TODAY), None);
    }

    #[rstest]
    #[case("@07:30", "07:30:00")]
    #[case("@7", "07:00:00")]
    #[case("@19", "19:00:00")]
    #[case("@7pm", "19:00:00")]
    #[case("7:30am", "07:30:00")]
    #[case("12am", "00:00:00")]
    #[case("07:30", "07:30:00")]
    fn a_time_is_understood(#[case] word: &str, #[case] expected: &str) {
        assert_eq!(time(word).unwrap().unwrap().to_string(), expected);
    }

    #[rstest]
    #[case("@25")]
    #[case("@7:5")]
    #[case("13:75")]
    fn a_wrong_time_is_refused(#[case] word: &str) {
        assert!(time(word).unwrap().is_err());
    }

    #[rstest]
    #[case("ham")]
    #[case("jam")]
    #[case("7")]
    #[case("@home")]
    fn other_words_are_no_times(#[case] word: &str) {
        assert_eq!(time(word), None);
    }
}
