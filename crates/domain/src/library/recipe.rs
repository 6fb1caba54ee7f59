//! Recipes made of entries.

use super::saved::{SavedItem, SavedKind};
use crate::{Booking, Entry, Grams, MAX_KCAL, line::Own};

/// A recipe of the food and drinks among entries: one of `portions` equal portions. `cooked` is the weight of the whole dish in
/// grams. None without food.
pub fn recipe(
    id: &str,
    name: &str,
    entries: &[Entry],
    portions: f64,
    cooked: Option<f64>,
) -> Option<SavedItem> {
    let eaten: Vec<&Entry> = entries
        .iter()
        .filter(|entry| Booking::of(&entry.category) == Booking::Consumed)
        .collect();
    let first = eaten
        .iter()
        .find(|entry| entry.category == "Food")
        .or(eaten.first())?;
    let total: u32 = eaten.iter().map(|entry| entry.kcal).fold(0, u32::saturating_add);
    let sum = |pick: fn(&Entry) -> Option<Grams>| {
        let known: Vec<f64> = eaten
            .iter()
            .filter_map(|entry| pick(entry))
            .map(Grams::to_f64)
            .collect();
        (!known.is_empty()).then(|| (known.iter().sum::<f64>() / portions * 10.0).round() / 10.0)
    };
    Some(SavedItem {
        key: SavedKind::Recipe.key(id),
        kind: SavedKind::Recipe,
        own: Own {
            name: name.to_owned(),
            category: first.category.clone(),
            kind: first.kind.clone(),
            kcal: whole(f64::from(total) / portions),
            quantity: Some(1.0),
            unit: Some("portion".to_owned()),
            grams: cooked.map(|cooked| cooked / portions),
            macros: [
                sum(|entry| entry.protein),
                sum(|entry| entry.fat),
                sum(|entry| entry.carbohydrate),
            ],
            food: None,
        },
    })
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
    use jiff::{Timestamp, civil::date};

    use super::*;

    fn entry(category: &str, kcal: u32, protein: Option<i64>) -> Entry {
        Entry {
            protein: protein.map(Grams::from_tenths),
            ..Entry::new(
                date(2026, 11, 30),
                Timestamp::UNIX_EPOCH,
                category,
                "Dinner",
                kcal,
            )
        }
    }

    #[test]
    fn a_recipe_is_a_portion_of_what_was_eaten() {
        let entries = [
            entry("Food", 800, Some(400)),
            entry("Food", 400, None),
            entry("Exercise", 300, None),
        ];
        let chili = recipe("1", "Chili", &entries, 4.0, Some(1_200.0)).unwrap();
        let own = &chili.own;
        assert_eq!(
            (own.kcal, own.grams, own.unit.as_deref()),
            (300, Some(300.0), Some("portion"))
        );
        assert_eq!(own.macros, [Some(10.0), None, None]);
        assert_eq!(recipe("1", "Run", &entries[2..], 1.0, None), None);
    }
}
