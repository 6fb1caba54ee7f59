//! `assets/foods.csv`, and the suggestions generated from it.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Number of suggestions: the resolver's code must stay small.
const MOST: usize = 60;
/// Number of suggestions of one type.
const MOST_OF_A_TYPE: usize = 10;

/// The types of suggested foods and drinks, in the order of `suggested.js`: four of food, four of drink.
const TYPES: [&str; 8] = [
    "Breakfast",
    "Lunch",
    "Dinner",
    "Snacks",
    "Tea",
    "Coffee",
    "Shake",
    "Juice",
];

/// A food or drink. Nutrients are grams in 100 g.
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
    /// Sugar in g.
    pub sugar: f64,
    /// Origin of the values.
    pub source: String,
}

impl Food {
    fn of_a_portion(&self, in_100_g: f64) -> f64 {
        in_100_g * self.portion_grams / 100.0
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

/// `Query.suggestedFood`: the foods with the least sugar in a portion, without spoonfuls and fats.
pub(crate) fn suggestions(foods: &[Food]) -> String {
    let is_a_meal = |food: &&Food| food.portion_grams >= 25.0 && food.fat <= 70.0;
    let mut foods: Vec<&Food> = foods.iter().filter(is_a_meal).collect();
    let mut of_types: BTreeMap<&str, usize> = BTreeMap::new();
    foods.sort_by(|a, b| {
        a.of_a_portion(a.sugar)
            .total_cmp(&b.of_a_portion(b.sugar))
            .then_with(|| a.name.cmp(&b.name))
    });
    let encoded: Vec<String> = foods
        .into_iter()
        .filter(|food| {
            let count = of_types.entry(&food.kind).or_default();
            *count += 1;
            *count <= MOST_OF_A_TYPE
        })
        .take(MOST)
        .map(|food| {
            format!(
                "{} ({});{:.0};{:.1};{}",
                food.name,
                food.portion,
                food.of_a_portion(food.kcal),
                food.of_a_portion(food.sugar),
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
        assert!(foods.len() >= 300, "{}", foods.len());
        for food in &foods {
            let known = match food.category.as_str() {
                "Food" => &TYPES[..4],
                "Drink" => &TYPES[4..],
                other => panic!("{}: {other}", food.name),
            };
            assert!(known.contains(&food.kind.as_str()), "{}", food.name);
            assert!(
                food.portion_grams > 0.0 && food.portion_grams <= 500.0,
                "{}",
                food.name
            );
            assert!(food.sugar <= food.carbohydrate + 0.6, "{}", food.name);
            assert!(
                ["USDA FoodData Central", "typical label"].contains(&food.source.as_str()),
                "{}",
                food.name
            );
            for unsafe_letter in [';', '|', '\'', '\\'] {
                assert!(
                    !food.name.contains(unsafe_letter) && !food.portion.contains(unsafe_letter),
                    "{}",
                    food.name
                );
            }
        }
    }

    #[test]
    fn energy_follows_from_the_nutrients() {
        for food in foods() {
            // Atwater's general factors, in kcal a gram; fibre counts less than the rest of the carbohydrates.
            let energy = 4.0 * food.protein + 4.0 * food.carbohydrate + 9.0 * food.fat;
            let off = (energy - food.kcal).abs();
            assert!(
                off <= 12.0 || off <= 0.2 * food.kcal,
                "{}: {energy} against {}",
                food.name,
                food.kcal
            );
        }
    }

    #[test]
    fn sixty_foods_at_most_are_suggested_as_portions() {
        let text = suggestions(&foods());
        let types: Vec<String> = TYPES.iter().map(|kind| format!("'{kind}'")).collect();
        assert!(text.contains(&format!("const TYPES = [{}];", types.join(", "))));
        let line = text.lines().find(|line| line.starts_with("const FOODS")).unwrap();
        assert_eq!(line.split('|').count(), MOST);
        assert!(line.contains("Egg, boiled (1 large);78;0.6;0|"), "{line}");
    }
}
