//! The names of months and weekdays, in English and German.

use jiff::civil::Weekday;

pub(super) fn month_of(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
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
    const GERMAN: [&str; 12] = [
        "januar",
        "februar",
        "märz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
    ];
    let word = word.to_lowercase();
    if word.chars().count() < 3 {
        return None;
    }
    let at = |names: &[&str; 12]| names.iter().position(|month| month.starts_with(&word));
    let at = at(&MONTHS)
        .or_else(|| at(&GERMAN))
        .or((word == "sept").then_some(8))?;
    i8::try_from(at + 1).ok()
}

pub(super) fn weekday_of(word: &str) -> Option<Weekday> {
    const DAYS: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    const GERMAN: [&str; 7] = [
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag",
        "sonntag",
    ];
    let word = word.to_lowercase();
    let at = |names: &[&str; 7]| {
        names
            .iter()
            .position(|day| word.len() >= 2 && day.starts_with(&word))
    };
    let at = at(&DAYS).or_else(|| at(&GERMAN))?;
    Weekday::from_monday_zero_offset(i8::try_from(at).ok()?).ok()
}
