//! Sentences about entries and failures.

use caltrack_domain::{EnergyUnit, Entry, clean, line::folded, shortened};
use jiff::civil::Date;

use super::failure::Failure;

/// The longest name within a sentence, in characters.
const MAX_NAME_CHARS: usize = 30;

/// `Lunch 650 kcal`, or with the name: `Lunch 650 kcal (soup)`.
pub fn summary(entry: &Entry) -> String {
    summary_in(entry, EnergyUnit::Kcal)
}

/// [`summary`] in a unit of energy.
pub fn summary_in(entry: &Entry, energy: EnergyUnit) -> String {
    let kind = clean(&entry.kind);
    let amount = format!("{} {}", energy.of_kcal(entry.kcal.into()), energy.symbol());
    // A type that is a food or an activity too needs no name beside it.
    let named = entry
        .name
        .as_ref()
        .filter(|name| !name.eq_ignore_ascii_case(&entry.kind));
    match named {
        Some(name) => {
            let name = shortened(&clean(name), MAX_NAME_CHARS);
            format!("{kind} {amount} ({name})")
        }
        None => format!("{kind} {amount}"),
    }
}

/// [`summary_in`], and the entry's day if it isn't `shown`: `Lunch 650 kcal (soup) on 2026-11-28`.
pub fn summary_beside(entry: &Entry, shown: Date, energy: EnergyUnit) -> String {
    let day = if entry.date == shown {
        String::new()
    } else {
        format!(" on {}", entry.date)
    };
    summary_in(entry, energy) + &day
}

/// Whether the name, the note or the type of an entry have a word beginning with each word of a text, as the search in the copy of
/// the log has it: in upper or lower case, with or without accents.
pub(super) fn has_words(entry: &Entry, text: &str) -> bool {
    let texts = [Some(&entry.kind), entry.name.as_ref(), entry.note.as_ref()];
    let texts: Vec<String> = texts.into_iter().flatten().map(|text| folded(text)).collect();
    let words = texts
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let words: Vec<&str> = words.collect();
    let wanted = folded(text);
    let mut wanted = wanted
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .peekable();
    wanted.peek().is_some() && wanted.all(|wanted| words.iter().any(|word| word.starts_with(wanted)))
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
