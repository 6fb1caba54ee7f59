//! Sentences about entries and failures.

use caltrack_domain::{Entry, clean, shortened};
use jiff::civil::Date;

use super::failure::Failure;

/// The longest name within a sentence, in characters.
const MAX_NAME_CHARS: usize = 30;

/// `Lunch 650 kcal`, or with the name: `Lunch 650 kcal (soup)`.
pub fn summary(entry: &Entry) -> String {
    let kind = clean(&entry.kind);
    let kcal = entry.kcal;
    // A type that is a food or an activity too needs no name beside it.
    let named = entry
        .name
        .as_ref()
        .filter(|name| !name.eq_ignore_ascii_case(&entry.kind));
    match named {
        Some(name) => {
            let name = shortened(&clean(name), MAX_NAME_CHARS);
            format!("{kind} {kcal} kcal ({name})")
        }
        None => format!("{kind} {kcal} kcal"),
    }
}

/// [`summary`], and the entry's day if it isn't `shown`: `Lunch 650 kcal (soup) on 2026-11-28`.
pub fn summary_beside(entry: &Entry, shown: Date) -> String {
    let day = if entry.date == shown {
        String::new()
    } else {
        format!(" on {}", entry.date)
    };
    summary(entry) + &day
}

/// What happened, what was kept, what to do next.
pub fn failed(failure: &Failure, kept: &str) -> String {
    format!("{}; {kept}; {}", failure.message, failure.advice())
}

/// As [`failed`], for typed text, which stays; `confirm` is the key that sends it again.
pub fn failed_typed(failure: &Failure, confirm: &str) -> String {
    format!(
        "{}; nothing typed is lost; {}",
        failure.message,
        failure.advice_on_typed(confirm)
    )
}
