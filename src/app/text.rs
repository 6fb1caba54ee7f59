//! Sentences about entries.

use caltrack_domain::{Activity, clean};

use super::Failure;

/// `Lunch 650 kcal`, or with the name: `Lunch 650 kcal (soup)`.
pub fn summary(activity: &Activity) -> String {
    let kind = clean(&activity.kind);
    let kcal = activity.kcal;
    match &activity.name {
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

/// What happened, what was kept, what to do next.
pub fn failed(failure: &Failure, kept: &str) -> String {
    format!("{}; {kept}; {}", failure.message, failure.advice())
}
