//! `assets/foods.csv`, and the suggestions generated from it.

use serde::Deserialize;

/// Largest number of suggestions: the resolver's code must stay small.
const MOST: usize = 60;

/// The types of suggested foods and drinks, in the order of `suggested.js`: four of food, then those of drink.
const TYPES: [&str; 12] = [
    "Breakfast",
    "Lunch",
    "Dinner",
    "Snacks",
    "Tea",
    "Coffee",
    "Shake",
    "Juice",
    "Water",
    "Milk",
    "Soft drink",
    "Alcohol",
];

/// A food or drink, as far as suggestions need it; `docs/foods.md` describes all columns. Nutrients are grams in 100 g.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Food {
    /// Its name, unique in the table.
    pub name: String,
    /// `Food` or `Drink`.
    pub category: String,
    /// One of the category's types.
    #[serde(rename = "type")]
    pub kind: String,
    /// kcal in 100 g.
    #[serde(rename = "kcalPer100g")]
    pub kcal: f64,
    /// A usual portion, in words.
    pub portion: String,
    /// A portion, in grams.
    pub portion_grams: f64,
    /// Protein in g.
    pub protein: f64,
    /// Fat in g.
    pub fat: f64,
    /// Carbohydrate in g, sugar included.
    pub carbohydrate: f64,
    /// Sugar in g, where the source has it.
    pub sugar: Option<f64>,
    /// `yes` where `suggestedFood` offers it, else empty.
    pub suggested: String,
    /// Origin of the values: `usda:` and a number of FNDDS or SR.
    pub source: String,
}

impl Food {
    fn of_a_portion(&self, in_100_g: f64) -> f64 {
        in_100_g * self.portion_grams / 100.0
    }

    /// Grams of sugar in a portion; all carbohydrate where the source has no sugar.
    fn portion_sugar(&self) -> f64 {
        self.of_a_portion(self.sugar.unwrap_or(self.carbohydrate))
    }
}

/// Reads the table.
///
/// # Errors
///
/// A text that names the invalid line.
pub fn read(text: &str) -> Result<Vec<Food>, String> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| format!("assets/foods.csv: {error}"))
}

/// `Query.suggestedFood`: the foods that the table marks, those with the least sugar in a portion first.
pub(crate) fn suggestions(foods: &[Food]) -> String {
    let mut foods: Vec<&Food> = foods.iter().filter(|food| food.suggested == "yes").collect();
    foods.sort_by(|a, b| {
        a.portion_sugar()
            .total_cmp(&b.portion_sugar())
            .then_with(|| a.name.cmp(&b.name))
    });
    let encoded: Vec<String> = foods
        .into_iter()
        .take(MOST)
        .map(|food| {
            format!(
                "{} ({});{:.0};{:.1};{}",
                food.name,
                food.portion,
                food.of_a_portion(food.kcal),
                food.portion_sugar(),
                TYPES.iter().take_while(|kind| **kind != food.kind).count()
            )
        })
        .collect();
    include_str!("suggested.js").replace("@foods@", &encoded.join("|"))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    fn foods() -> Vec<Food> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/foods.csv");
        read(&fs::read_to_string(path).unwrap()).unwrap()
    }

    #[test]
    fn the_table_makes_sense() {
        let foods = foods();
        let names: BTreeSet<&str> = foods.iter().map(|food| food.name.as_str()).collect();
        assert_eq!(names.len(), foods.len(), "a name stands twice");
        assert!(foods.len() >= 3000, "{}", foods.len());
        for food in &foods {
            let known = match food.category.as_str() {
                "Food" => &TYPES[..4],
                "Drink" => &TYPES[4..],
                other => panic!("{}: {other}", food.name),
            };
            assert!(known.contains(&food.kind.as_str()), "{}", food.name);
            assert!(
                food.portion_grams > 0.0 && food.portion_grams <= 600.0,
                "{}",
                food.name
            );
            // USDA takes sugar and carbohydrate from different analyses, up to a gram apart.
            assert!(
                food.sugar.unwrap_or(0.0) <= food.carbohydrate + 1.0,
                "{}",
                food.name
            );
            assert!(
                food.source.starts_with("usda:FNDDS") || food.source.starts_with("usda:NDB"),
                "{}",
                food.name
            );
            let unsafe_letters = [';', '|', '\'', '\\'];
            assert!(
                food.suggested.is_empty()
                    || !food.name.contains(unsafe_letters) && !food.portion.contains(unsafe_letters),
                "{}",
                food.name
            );
        }
    }

    /// Atwater's general factors, in kcal a gram. Alcohol has 7 of its own; fibre, acids and polyols count less than
    /// the rest of the carbohydrates, which moves some spices, brans and sweeteners out of the band.
    #[test]
    fn energy_follows_from_the_nutrients() {
        let foods: Vec<Food> = foods()
            .into_iter()
            .filter(|food| food.kind != "Alcohol")
            .collect();
        let outside: Vec<String> = foods
            .iter()
            .filter_map(|food| {
                let energy = 4.0 * food.protein + 4.0 * food.carbohydrate + 9.0 * food.fat;
                let off = (energy - food.kcal).abs();
                (off > 12.0 && off > 0.2 * food.kcal)
                    .then(|| format!("{}: {energy} against {}", food.name, food.kcal))
            })
            .collect();
        assert!(outside.len() * 80 < foods.len(), "{outside:?}");
    }

    #[test]
    fn sixty_foods_at_most_are_suggested_as_portions() {
        let text = suggestions(&foods());
        let types: Vec<String> = TYPES.iter().map(|kind| format!("'{kind}'")).collect();
        assert!(text.contains(&format!("const TYPES = [{}];", types.join(", "))));
        let line = text.lines().find(|line| line.starts_with("const FOODS")).unwrap();
        assert_eq!(line.split('|').count(), MOST);
        assert!(line.contains("|Egg (1 egg);72;0.2;0|"), "{line}");
    }
}
