//! Types of a line: found by a word, and resolved for a food or an activity.

use super::kcal_only::meal_of;
use crate::Category;

/// A listed type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) category: String,
    pub(super) name: String,
}

impl Kind {
    fn listed(category: &Category, name: &str) -> Self {
        Self {
            category: category.name.clone(),
            name: name.to_owned(),
        }
    }

    /// Whether it is a meal, which drinks may have too.
    pub(super) fn is_meal(&self) -> bool {
        self.category == "Food"
    }
}

/// The type that a word in lower case names: in full, as a plural or singular, or a meal by its unmistakable beginning.
pub(super) fn kind(word: &str, categories: &[Category]) -> Option<Kind> {
    let all = || {
        let by_meals = |category: &&Category| category.name != "Food";
        let mut ordered: Vec<&Category> = categories.iter().collect();
        ordered.sort_by_key(by_meals);
        ordered
            .into_iter()
            .flat_map(|category| category.types.iter().map(move |kind| (category, kind)))
    };
    let singular = |word: &str| word.strip_suffix('s').unwrap_or(word).to_owned();
    let word = word.to_lowercase();
    if word.chars().count() < 3 {
        return None;
    }
    let exact = all().find(|(_, kind)| singular(&kind.to_lowercase()) == singular(&word));
    let beginning = || {
        let mut found = all()
            .filter(|(category, kind)| category.name == "Food" && kind.to_lowercase().starts_with(&word));
        let first = found.next()?;
        found.next().is_none().then_some(first)
    };
    exact
        .or_else(beginning)
        .map(|(category, kind)| Kind::listed(category, kind))
}

/// The category that a word in lower case names.
pub(super) fn category<'a>(word: &str, categories: &'a [Category]) -> Option<&'a Category> {
    categories
        .iter()
        .find(|category| category.name.eq_ignore_ascii_case(word))
}

/// The type of an entry: what the line states, else the meal of the hour for foods, else the usual one. A type that isn't
/// listed is replaced by a listed one of the category.
pub(super) fn resolve(
    category: &str,
    usual: &str,
    stated: Option<&Kind>,
    hour: i8,
    categories: &[Category],
) -> Option<Kind> {
    let Some(listed) = categories.iter().find(|listed| listed.name == category) else {
        return fallback(hour, categories);
    };
    let meal = meal_of(hour);
    let stated = stated.map(|kind| kind.name.as_str());
    let usual = if category == "Food" { meal } else { usual };
    let near = match usual {
        "Milk" => "Shake",
        "Alcohol" | "Soft drink" | "Water" => "Juice",
        _ => "Cardio",
    };
    let mut wanted = stated.into_iter().chain([usual, "Other", meal, near]);
    let found = wanted.find_map(|name| listed.types.iter().find(|kind| kind.eq_ignore_ascii_case(name)));
    found
        .or(listed.types.first())
        .map(|name| Kind::listed(listed, name))
}

/// The meal of the hour, else any type.
pub(super) fn fallback(hour: i8, categories: &[Category]) -> Option<Kind> {
    let meal = meal_of(hour);
    let all = || {
        categories
            .iter()
            .flat_map(|category| category.types.iter().map(move |kind| (category, kind)))
    };
    all()
        .find(|(_, kind)| kind.eq_ignore_ascii_case(meal))
        .or_else(|| all().next())
        .map(|(category, kind)| Kind::listed(category, kind))
}
