//! Times with colons that measure: `45:00`, `1:15:00`, `1:30 h`.

use super::{
    question::Question,
    unit::{MINUTES, Measure, Unit},
};
use crate::text::quoted;

/// From so many hours on, hours and minutes are rather a time of day.
const LEAST_OF_DAY: f64 = 5.0;
/// From so many on, it can only be minutes and seconds.
const HOURS_OF_DAY: f64 = 24.0;

/// What a word in lower case measures that has a colon between digits; `None` for other words. A time of day is one that
/// nothing else makes a measure, so a doubtful one is a question.
pub(super) fn clock(word: &str) -> Result<Option<(f64, Unit)>, Question> {
    let digits = word.trim_end_matches(|c: char| c.is_alphabetic());
    let Some(numbers) = numbers(digits) else {
        return Ok(None);
    };
    let unit = word.get(digits.len()..).unwrap_or_default();
    Ok(Some(match (numbers.as_slice(), unit) {
        ([hours, minutes, seconds], "" | "h" | "hr" | "hrs") => {
            (hours * 60.0 + minutes + seconds / 60.0, MINUTES)
        }
        ([hours, minutes], "h" | "hr" | "hrs" | "std") => (hours * 60.0 + minutes, MINUTES),
        ([minutes, seconds], "m" | "min" | "mins") => (minutes + seconds / 60.0, MINUTES),
        ([minutes, seconds], "") if *minutes >= HOURS_OF_DAY => (minutes + seconds / 60.0, MINUTES),
        ([hours, minutes], "") if *hours < LEAST_OF_DAY => (hours + minutes / 60.0, CLOCK),
        ([..], "") => return Err(Question::ClockOrTime(quoted(word))),
        _ => return Ok(None),
    }))
}

const CLOCK: Unit = Unit {
    name: "min",
    measure: Measure::Clock,
};

/// The two or three numbers between colons, of which the first alone may exceed 59.
fn numbers(text: &str) -> Option<Vec<f64>> {
    let parts: Vec<&str> = text.split(':').collect();
    let (first, others) = parts.split_first()?;
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_valid = (1..=2).contains(&others.len())
        && is_digits(first)
        && first.len() <= 3
        && others
            .iter()
            .all(|part| part.len() == 2 && is_digits(part) && *part < "60");
    if !is_valid {
        return None;
    }
    parts.iter().map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("45:00", Some((45.0, "min")))]
    #[case("90:30", Some((90.5, "min")))]
    #[case("1:15:00", Some((75.0, "min")))]
    #[case("1:30h", Some((90.0, "min")))]
    #[case("8:30min", Some((8.5, "min")))]
    #[case("1:30", Some((1.5, "min")))]
    #[case("45:61", None)]
    #[case("1:2", None)]
    #[case("16:9x", None)]
    #[case("a:b", None)]
    fn a_word_with_colons_measures(#[case] word: &str, #[case] expected: Option<(f64, &str)>) {
        let found = clock(word).unwrap();
        assert_eq!(found.map(|(number, unit)| (number, unit.name)), expected);
    }

    #[test]
    fn what_may_be_a_time_of_day_is_a_question() {
        assert!(clock("8:30").is_err());
    }
}
