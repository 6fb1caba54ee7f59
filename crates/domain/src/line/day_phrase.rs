//! Days in several words: `last friday`, `3 days ago`, `20 november`, `yesterday evening`.

use jiff::{Span, civil::Date};

use super::{
    count::counted,
    question::Question,
    when::{day, in_range, is_day_word, of_year},
};
use crate::{DayError, resolve_day, text::quoted};

/// Months by their first letters, as people shorten them, in English and German.
const MONTHS: [&[&str]; 12] = [
    &["jan", "january", "januar"],
    &["feb", "february", "februar"],
    &["mar", "march", "märz"],
    &["apr", "april"],
    &["may"],
    &["jun", "june", "juni"],
    &["jul", "july", "juli"],
    &["aug", "august"],
    &["sep", "sept", "september"],
    &["oct", "okt", "october", "oktober"],
    &["nov", "november"],
    &["dec", "dez", "december", "dezember"],
];

/// The longest phrase in words: `the day before yesterday`, `on 20th of november 2026`.
pub(super) const LONGEST: usize = 5;

/// A phrase of at least two words at the front of words in lower case: the number of its words, and its day.
pub(super) fn day_phrase(words: &[&str], today: Date) -> Option<(usize, Result<Date, Question>)> {
    if let Some(("on", rest)) = words.split_first().map(|(first, rest)| (*first, rest)) {
        if let Some((length, day)) = day_phrase(rest, today) {
            return Some((length + 1, day));
        }
        return Some((2, day(rest.first()?, today)?));
    }
    if let Some(found) = named(words, today) {
        return Some(found);
    }
    ago(words, today).or_else(|| of_month(words, today))
}

/// A day as a text of its own: as [`resolve_day`] takes it, `23.11.`, `20 nov`, `last friday`, or the first of a month, `2026-06`
/// and `june`. Without a year it is the nearest past one.
///
/// # Errors
///
/// [`DayError`] for other texts.
pub fn typed_day(text: &str, today: Date) -> Result<Date, DayError> {
    let lower = text.to_lowercase().replace(',', " ");
    let words: Vec<&str> = lower.split_whitespace().collect();
    let found = match words.as_slice() {
        [word] => day(word, today),
        several => day_phrase(several, today)
            .filter(|(length, _)| *length == several.len())
            .map(|(_, day)| day),
    };
    if let Some(Ok(day)) = found {
        return Ok(day);
    }
    resolve_day(text, today).or_else(|error| first_of_month(&words, today).ok_or(error))
}

/// `june`, `june 2025`, `2025-06`
fn first_of_month(words: &[&str], today: Date) -> Option<Date> {
    let year_of = |word: &str| word.parse::<i16>().ok().filter(|_| word.len() == 4);
    match words {
        [word] => match word.split_once('-') {
            Some((year, month)) => Date::new(year_of(year)?, month.parse().ok()?, 1).ok(),
            None => of_year(1, month(word)?, None, today),
        },
        [word, year] => Date::new(year_of(year)?, month(word)?, 1).ok(),
        _ => None,
    }
}

/// `last friday`, `last night`, `this morning`, `yesterday evening`, `the day before yesterday`
fn named(words: &[&str], today: Date) -> Option<(usize, Result<Date, Question>)> {
    let is_part = |word: &str| matches!(word, "morning" | "afternoon" | "evening" | "night");
    let back = |days: i64| {
        today
            .checked_sub(Span::new().days(days))
            .map_err(|_| Question::FarDay(quoted(&words.join(" "))))
    };
    match words {
        ["the", "day", "before", "yesterday", ..] => Some((4, back(2))),
        ["day", "before", "yesterday", ..] => Some((3, back(2))),
        ["last", "night", ..] => Some((2, back(1))),
        ["this", part, ..] if is_part(part) => Some((2, Ok(today))),
        ["last", weekday, ..] if is_day_word(weekday) => {
            // The last such day before today.
            let yesterday = today.yesterday().ok()?;
            let found = day(weekday, yesterday)?;
            Some((2, found.and_then(|day| in_range(weekday, day, today))))
        }
        ["yesterday", part, ..] if is_part(part) => Some((2, back(1))),
        [weekday, part, ..] if is_day_word(weekday) && is_part(part) => Some((2, day(weekday, today)?)),
        _ => None,
    }
}

/// `3 days ago`, `a week ago`
fn ago(words: &[&str], today: Date) -> Option<(usize, Result<Date, Question>)> {
    let [number, unit, "ago", ..] = words else {
        return None;
    };
    let days = match *unit {
        "day" | "days" => 1.0,
        "week" | "weeks" => 7.0,
        _ => return None,
    };
    let number = number
        .parse::<u16>()
        .map(f64::from)
        .ok()
        .or_else(|| counted(number))?;
    let days = number * days;
    let typed = format!("-{days}d");
    let found = resolve_day(&typed, today).map_err(|_| Question::NotADay(quoted(&words.join(" "))));
    Some((3, found.and_then(|day| in_range(&typed, day, today))))
}

/// `20 nov`, `20th of november 2026`, `november 20th`
fn of_month(words: &[&str], today: Date) -> Option<(usize, Result<Date, Question>)> {
    let (day, month, length) = match words {
        [first, "of", second, ..] => (day_of_month(first)?, month(second)?, 3),
        [first, second, ..] => {
            let day_first = day_of_month(first).zip(month(second));
            let (day, month) = day_first.or_else(|| day_of_month(second).zip(month(first)))?;
            (day, month, 2)
        }
        _ => return None,
    };
    let year = words
        .get(length)
        .filter(|word| word.len() == 4 && word.starts_with("20"));
    let year = year.and_then(|year| year.parse::<i16>().ok());
    let length = length + usize::from(year.is_some());
    let typed = words.get(..length)?.join(" ");
    let found = match year {
        Some(year) => Date::new(year, month, day).ok(),
        None => of_year(day, month, None, today),
    };
    let found = found.ok_or_else(|| Question::NotADay(quoted(&typed)));
    Some((length, found.and_then(|day| in_range(&typed, day, today))))
}

/// `20`, `20.`, `20th`
fn day_of_month(word: &str) -> Option<i8> {
    let number = word.trim_end_matches(|c: char| !c.is_ascii_digit());
    let behind = word.strip_prefix(number)?;
    if !matches!(behind, "" | "." | "st" | "nd" | "rd" | "th") {
        return None;
    }
    number.parse().ok().filter(|day| (1..=31).contains(day))
}

fn month(word: &str) -> Option<i8> {
    let word = word.trim_end_matches('.');
    let at = MONTHS.iter().position(|names| names.contains(&word))?;
    i8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    /// A Monday.
    const TODAY: Date = date(2026, 11, 30);

    fn found(phrase: &str) -> Option<(usize, Result<Date, Question>)> {
        let words: Vec<&str> = phrase.split(' ').collect();
        day_phrase(&words, TODAY)
    }

    #[rstest]
    #[case("mon", Some("2026-11-30"))]
    #[case("23.11.", Some("2026-11-23"))]
    #[case("20 nov", Some("2026-11-20"))]
    #[case("Dec 24", Some("2025-12-24"))]
    #[case("nov 20, 2024", Some("2024-11-20"))]
    #[case("2026-06", Some("2026-06-01"))]
    #[case("june", Some("2026-06-01"))]
    #[case("june 2025", Some("2025-06-01"))]
    #[case("last friday", Some("2026-11-27"))]
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
    #[case("last friday", 2, "2026-11-27")]
    #[case("last monday", 2, "2026-11-23")]
    #[case("on friday", 2, "2026-11-27")]
    #[case("on 20 november", 3, "2026-11-20")]
    #[case("last night", 2, "2026-11-29")]
    #[case("this morning", 2, "2026-11-30")]
    #[case("yesterday evening", 2, "2026-11-29")]
    #[case("friday night", 2, "2026-11-27")]
    #[case("day before yesterday", 3, "2026-11-28")]
    #[case("3 days ago", 3, "2026-11-27")]
    #[case("a week ago", 3, "2026-11-23")]
    #[case("two weeks ago", 3, "2026-11-16")]
    #[case("20 nov", 2, "2026-11-20")]
    #[case("20. november", 2, "2026-11-20")]
    #[case("november 20th", 2, "2026-11-20")]
    #[case("20th of november 2025", 4, "2025-11-20")]
    #[case("dec 5", 2, "2025-12-05")]
    fn a_phrase_is_a_day(#[case] phrase: &str, #[case] words: usize, #[case] expected: &str) {
        let (length, day) = found(phrase).unwrap();
        assert_eq!((length, day.unwrap().to_string().as_str()), (words, expected));
    }

    #[rstest]
    #[case("31 nov", "not a day of the calendar")]
    #[case("3000 weeks ago", "too far away")]
    fn a_wrong_phrase_is_refused(#[case] phrase: &str, #[case] message: &str) {
        let refused = found(phrase).unwrap().1.unwrap_err().to_string();
        assert!(refused.contains(message), "{refused}");
    }

    #[rstest]
    #[case("friday")]
    #[case("last supper")]
    #[case("this pizza")]
    #[case("3 days old")]
    #[case("may contain nuts")]
    #[case("45 nov")]
    fn other_words_are_no_days(#[case] phrase: &str) {
        assert_eq!(found(phrase), None);
    }
}
