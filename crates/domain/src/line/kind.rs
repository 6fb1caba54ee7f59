//! Types of a line: found by a word, and resolved for a food or an activity.

use crate::Category;

/// The default type of a food, by the hour of the day (0 to 23).
pub fn meal_of(hour: i8) -> &'static str {
    match hour {
        4..=10 => "Breakfast",
        11..=14 => "Lunch",
        17..=21 => "Dinner",
        _ => "Snacks",
    }
}

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
    let all = || all_types(categories);
    let singular = |word: &str| word.strip_suffix('s').unwrap_or(word).to_owned();
    let word = word.to_lowercase();
    if word.chars().count() < 3 {
        return None;
    }
    let word = match word.as_str() {
        "supper" | "abendessen" | "dîner" => "dinner".to_owned(),
        "brekkie" | "brekky" | "bfast" | "frühstück" => "breakfast".to_owned(),
        "lunchtime" | "mittagessen" => "lunch".to_owned(),
        "elevenses" => "snacks".to_owned(),
        _ => word,
    };
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

/// The meal in lower case of which a word in lower case looks like a typo: `lunhc`.
pub(super) fn near_meal(word: &str, categories: &[Category]) -> Option<String> {
    let food = categories.iter().find(|category| category.name == "Food")?;
    let meals = food.types.iter().map(|meal| meal.to_lowercase());
    let is_near = |meal: &String| {
        meal.chars().count() > 4
            && meal.chars().next() == word.chars().next()
            && strsim::osa_distance(meal, word) == 1
    };
    meals.into_iter().find(is_near)
}

/// The category that a word in lower case names.
pub(super) fn category<'a>(word: &str, categories: &'a [Category]) -> Option<&'a Category> {
    let word = match word {
        "burned" | "burnt" | "workout" => "exercise",
        word => word,
    };
    let named = |word: &str| {
        categories
            .iter()
            .find(|category| category.name.eq_ignore_ascii_case(word))
    };
    named(word).or_else(|| named(word.strip_suffix('s')?))
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
    let all = || all_types(categories);
    all()
        .find(|(_, kind)| kind.eq_ignore_ascii_case(meal))
        .or_else(|| all().next())
        .map(|(category, kind)| Kind::listed(category, kind))
}

/// Every type with its category. Those of Food come first: a type that Drink has too means Food.
fn all_types(categories: &[Category]) -> impl Iterator<Item = (&Category, &String)> {
    let mut ordered: Vec<&Category> = categories.iter().collect();
    ordered.sort_by_key(|category| category.name != "Food");
    ordered
        .into_iter()
        .flat_map(|category| category.types.iter().map(move |kind| (category, kind)))
}
