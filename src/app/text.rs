//! Sentences about entries.

use caltrack_domain::{Entry, clean};
use jiff::civil::Date;

use super::Failure;

/// `Lunch 650 kcal`, or with the name: `Lunch 650 kcal (soup)`.
pub fn summary(entry: &Entry) -> String {
    let kind = clean(&entry.kind);
    let kcal = entry.kcal;
    match &entry.name {
        Some(name) => {
            let name = clean(name);
            let mut short: String = name.chars().take(30).collect();
            if short.len() < name.len() {
                short.push('…');
            }
            format!("{kind} {kcal} kcal ({short})")
        }
        None => format!("{kind} {kcal} kcal"),
    }
}

/// [`summary`], and the entry's day where it isn't the one on the screen: `Lunch 650 kcal (soup) on 2026-11-28`.
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

/// The same of something typed, which comes back.
pub fn failed_typed(failure: &Failure) -> String {
    format!(
        "{}; nothing typed is lost; {}",
        failure.message,
        failure.advice_on_typed()
    )
}
