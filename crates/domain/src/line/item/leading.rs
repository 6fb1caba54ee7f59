//! What an item begins with: its type, or a known name.

use crate::{
    Category,
    line::{
        kind::{Kind, category, kind, resolve},
        known_name::known_words,
        setting::Setting,
        words::Token,
    },
};

/// A category, a type with a colon, or a meal at the front of an item.
pub(super) struct Leading {
    /// How many words it has.
    pub(super) words: usize,
    pub(super) kind: Option<Kind>,
    /// Whether only the category is stated: what is known keeps its own type.
    pub(super) is_category: bool,
}

pub(super) fn leading(tokens: &[Token<'_>], lower: &[String], setting: &Setting<'_>) -> Option<Leading> {
    let first = lower.first()?;
    let categories = setting.categories;
    // `Soft drink: cola`
    if let Some(second) = lower.get(1).and_then(|second| second.strip_suffix(':'))
        && let Some(found) = kind(&format!("{first} {second}"), categories)
    {
        return Some(Leading {
            words: 2,
            is_category: false,
            kind: Some(found),
        });
    }
    let (word, has_colon) = match first.strip_suffix(':') {
        Some(word) => (word, true),
        None => (first.as_str(), lower.get(1).is_some_and(|next| next == ":")),
    };
    let is_name = !has_colon && known_words(tokens, setting) > 1;
    if is_name {
        return None;
    }
    let behind = if has_colon && !first.ends_with(':') { 2 } else { 1 };
    if let Some(category) = category(word, categories) {
        let only = std::slice::from_ref(category);
        let second = lower
            .get(behind)
            // `exercise run 30m` is a run.
            .filter(|word| word.ends_with(':') || setting.lookup.named(word).is_empty())
            .and_then(|word| kind(word.trim_end_matches(':'), only));
        return Some(Leading {
            words: behind + usize::from(second.is_some()),
            is_category: second.is_none(),
            kind: second.or_else(|| first_kind(category, setting.hour, categories)),
        });
    }
    let found = kind(word, categories)?;
    let is_food = || !setting.lookup.named(word).is_empty();
    let is_full = word.len() > 4 || found.name.eq_ignore_ascii_case(word);
    let is_stated = has_colon || found.is_meal() && (is_full || !is_food());
    is_stated.then_some(Leading {
        words: behind,
        is_category: false,
        kind: Some(found),
    })
}

/// The type of a category without one: the meal of the hour for foods, else `Other`, else its first.
fn first_kind(category: &Category, hour: i8, categories: &[Category]) -> Option<Kind> {
    if category.name == "Food" {
        return resolve(&category.name, "", None, hour, categories);
    }
    let other = category
        .types
        .iter()
        .find(|kind| kind.eq_ignore_ascii_case("other"));
    let first = other.or(category.types.first())?;
    kind(first, std::slice::from_ref(category))
}
