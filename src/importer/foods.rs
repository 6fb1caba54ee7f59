//! Foods of another tracker's library as own foods.

use std::collections::HashSet;

use caltrack_domain::{
    MAX_KCAL, MAX_NAME_CHARS, clean,
    library::{SavedItem, SavedKind, checked, items},
    line::{Own, folded},
    outbox::{Library, LibraryChange},
    shortened,
};
use caltrack_import::{Food, Skipped};
use jiff::Timestamp;
use uuid::Uuid;

/// The grams, or milliliters, that a food's figures are of where it has no portion.
const WHOLE: f64 = 100.0;

/// What an import adds to the library.
#[derive(Debug, Default)]
pub(super) struct FoodPlan {
    pub(super) change: LibraryChange,
    pub(super) count: usize,
    pub(super) already: usize,
    pub(super) skipped: Vec<Skipped>,
}

/// Plans the foods that the library lacks. One that was imported and removed since stays removed.
pub(super) fn plan(foods: &[Food], library: &Library, now: Timestamp) -> FoodPlan {
    let mut after = library.clone();
    let own_foods = items(library)
        .into_iter()
        .filter(|item| item.kind == SavedKind::Food);
    let mut names: HashSet<String> = own_foods.map(|item| folded(&item.own.name)).collect();
    let mut plan = FoodPlan::default();
    for food in foods {
        let item = own_food(food);
        let mut skip = |reason: &str| {
            plan.skipped.push(Skipped {
                line: food.line,
                reason: format!("{}: {reason}", item.own.name),
            });
        };
        if library.items.contains_key(&item.key) {
            plan.already += 1;
        } else if !names.insert(folded(&item.own.name)) {
            skip("there is an own food of this name");
        } else {
            match checked(&after, item.edit(&after, now)) {
                Ok(edit) => {
                    after.apply(&edit);
                    plan.change.edits.extend(edit.edits);
                    plan.count += 1;
                }
                Err(full) => skip(&full.to_string()),
            }
        }
    }
    plan
}

/// A food as an item of the library: a portion of it, or 100 g. Its key follows from its name and energy.
fn own_food(food: &Food) -> SavedItem {
    let name = shortened(&clean(&food.name), MAX_NAME_CHARS);
    let text = format!("food\0{}\0{}", folded(&name), food.kcal_per_100g);
    let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, text.as_bytes()).to_string();
    let amount = food.portion_grams.unwrap_or(WHOLE);
    let of_amount = |figure: f64| figure * amount / WHOLE;
    let grams = |figure: Option<f64>| figure.map(|figure| (of_amount(figure) * 10.0).round() / 10.0);
    let unit = if food.is_liquid { "ml" } else { "g" };
    let (quantity, unit, weight) = match food.portion_grams {
        Some(portion) => (1.0, "portion", Some(portion)),
        None => (WHOLE, unit, None),
    };
    SavedItem {
        key: SavedKind::Food.key(&id),
        kind: SavedKind::Food,
        own: Own {
            name,
            category: if food.is_liquid { "Drink" } else { "Food" }.to_owned(),
            kind: "Snacks".to_owned(),
            kcal: whole(of_amount(food.kcal_per_100g)),
            quantity: Some(quantity),
            unit: Some(unit.to_owned()),
            grams: weight,
            macros: [grams(food.protein), grams(food.fat), grams(food.carbohydrate)],
            food: None,
        },
        recipe: None,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a whole number from 0 to the most of an entry"
)]
fn whole(kcal: f64) -> u32 {
    kcal.round().clamp(0.0, f64::from(MAX_KCAL)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn porridge(line: u64) -> Food {
        Food {
            line,
            name: "Oat porridge".to_owned(),
            is_liquid: false,
            kcal_per_100g: 379.0,
            portion_grams: Some(60.0),
            protein: Some(13.0),
            fat: None,
            carbohydrate: Some(60.0),
            sugar: None,
        }
    }

    #[test]
    fn a_food_is_saved_by_its_portion_once_and_stays_removed() {
        let now = Timestamp::UNIX_EPOCH;
        let mut library = Library::default();
        let first = plan(&[porridge(2), porridge(3)], &library, now);
        assert_eq!((first.count, first.skipped.len()), (1, 1));
        library.apply(&first.change);
        let [saved] = items(&library).try_into().unwrap();
        assert_eq!(
            (saved.own.kcal, saved.own.grams, saved.own.macros),
            (227, Some(60.0), [Some(7.8), None, Some(36.0)])
        );
        assert_eq!(plan(&[porridge(2)], &library, now).already, 1);
        library.apply(&caltrack_domain::library::removal(&saved.key, &library, now));
        assert_eq!(plan(&[porridge(2)], &library, now).already, 1);
    }

    #[test]
    fn a_food_for_which_the_library_has_no_room_is_skipped() {
        let foods: Vec<Food> = (0..2_000)
            .map(|at| Food {
                name: format!("Food {at}"),
                ..porridge(at)
            })
            .collect();
        let planned = plan(&foods, &Library::default(), Timestamp::UNIX_EPOCH);
        assert!(planned.count > 100, "{}", planned.count);
        assert_eq!(planned.count + planned.skipped.len(), 2_000);
    }
}
