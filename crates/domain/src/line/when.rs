//! Days and times of a line: `yesterday`, `-2d`, `mon`, `2026-11-20`, `20.11.`, `11/20`, `@07:30`, `7:30am`.

use jiff::{
    Span,
    civil::{Date, Time, date},
};

use super::question::Question;
use crate::{parse_time, resolve_day, text::quoted};

/// Days that an entry can be ahead of today.
const DAYS_AHEAD: i64 = 366;

const WORDS: [&str; 32] = [
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
    "yest",
    "tonight",
    "gestern",
    "heute",
    "vorgestern",
    "hier",
    "ayer",
    "hoy",
    "ieri",
    "oggi",
];

/// Whether a word names a day and nothing else: `sun`, but not `11/20`.
pub(super) fn is_day_word(word: &str) -> bool {
    WORDS.contains(&word)
}

/// The day of a word in lower case; `None` if it has no form of a day.
pub(super) fn day(word: &str, today: Date) -> Option<Result<Date, Question>> {
    let found = if is_day_word(word) {
        let word = match word {
            "yday" | "yest" | "gestern" | "hier" | "ayer" | "ieri" => "yesterday",
            "tonight" | "heute" | "hoy" | "oggi" => "today",
            "vorgestern" => "-2d",
            "weds" => "wed",
            word => word,
        };
        resolve_day(word, today).map_err(|_| Question::NotADay(quoted(word)))
    } else if is_relative(word) || is_label(word) {
        resolve_day(word, today).map_err(|_| Question::NotADay(quoted(word)))
    } else if is_label(&word.replace('/', "-")) {
        resolve_day(&word.replace('/', "-"), today).map_err(|_| Question::NotADay(quoted(word)))
    } else if let Some((first, second, year)) = dotted(word) {
        either_order(word, first, second, year, today)
    } else {
        return None;
    };
    Some(found.and_then(|day| in_range(word, day, today)))
}

/// The day of `n/m`; see [`day`].
pub(super) fn slashed(word: &str, first: u32, second: u32, today: Date) -> Result<Date, Question> {
    either_order(word, first, second, None, today).and_then(|day| in_range(word, day, today))
}

/// The day, if an entry can have it.
pub(super) fn in_range(word: &str, day: Date, today: Date) -> Result<Date, Question> {
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

/// `20.11.`, `20.11.2026`, `20.11.26`, `11/20/2026`, `20-11-2026`
fn dotted(word: &str) -> Option<(u32, u32, Option<i16>)> {
    let mark = ['.', '/', '-'].into_iter().find(|mark| word.contains(*mark))?;
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
        (year, '.' | '/') if year.len() == 2 => Some((first, second, Some(2000 + year.parse::<i16>().ok()?))),
        _ => None,
    }
}

/// Day and month in either order.
fn either_order(
    word: &str,
    first: u32,
    second: u32,
    year: Option<i16>,
    today: Date,
) -> Result<Date, Question> {
    let dated = |day: u32, month: u32| -> Option<Date> {
        of_year(i8::try_from(day).ok()?, i8::try_from(month).ok()?, year, today)
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

/// A day of a year, without one the nearest past one.
pub(super) fn of_year(day: i8, month: i8, year: Option<i16>, today: Date) -> Option<Date> {
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
        if let Some(time) = named_time(rest) {
            return Some(Ok(time));
        }
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
        // `8.30am` too.
        Some(clock) if is_clock(&clock.replace('.', ":"), 1) => {
            Some(parse_time(&word.replace('.', ":")).map_err(Question::Time))
        }
        None if is_clock(word, 2) => Some(parse_time(word).map_err(Question::Time)),
        _ => None,
    }
}

/// The time behind `at`: `noon`, `7`, `7.30`.
pub(super) fn time_behind_at(word: &str) -> Option<Time> {
    if let Some(time) = named_time(word) {
        return Some(time);
    }
    let clock = word.replace('.', ":");
    match time(&clock) {
        Some(found) => found.ok(),
        None if is_clock(&clock, 1) => parse_time(&format!("{clock}:00")).ok(),
        None => None,
    }
}

/// Whether a word behind `at` names a time.
pub(super) fn is_named_time(word: &str) -> bool {
    named_time(word).is_some()
}

fn named_time(word: &str) -> Option<Time> {
    match word {
        "noon" | "midday" => Some(Time::constant(12, 0, 0, 0)),
        "midnight" => Some(Time::midnight()),
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
    #[case("2026/11/20", "2026-11-20")]
    #[case("20.11.26", "2026-11-20")]
    #[case("20-11-2026", "2026-11-20")]
    #[case("gestern", "2026-11-29")]
    #[case("tonight", "2026-11-30")]
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
    #[case("8.30am", "08:30:00")]
    #[case("@noon", "12:00:00")]
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
