//! Recipes: dishes of several parts, logged by portion or by weight.

use serde_json::{Value, json};

use crate::{Booking, Entry, Grams, MAX_KCAL, line::Own};

/// The most parts of a recipe.
const MAX_PARTS: usize = 100;

/// A part of a recipe.
#[derive(Debug, Clone, PartialEq)]
pub struct Ingredient {
    /// Its name; the type of an entry without one.
    pub name: String,
    /// Its category.
    pub category: String,
    /// Its type.
    pub kind: String,
    /// kcal of the amount.
    pub kcal: u32,
    /// The amount, in `unit`s.
    pub quantity: Option<f64>,
    /// What `quantity` counts.
    pub unit: Option<String>,
    /// Protein, fat and carbohydrate of the amount, in g.
    pub macros: [Option<f64>; 3],
}

/// The parts of a dish, and into how many portions it is divided.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// Food and drinks.
    pub parts: Vec<Ingredient>,
    /// The number of equal portions, above 0.
    pub portions: f64,
    /// The weight of the whole cooked dish in g.
    pub cooked: Option<f64>,
}

impl Ingredient {
    /// What an entry adds to a dish; none for exercise.
    fn of(entry: &Entry) -> Option<Self> {
        (Booking::of(&entry.category) == Booking::Consumed).then(|| Self {
            name: entry.name.clone().unwrap_or_else(|| entry.kind.clone()),
            category: entry.category.clone(),
            kind: entry.kind.clone(),
            kcal: entry.kcal,
            quantity: entry.quantity,
            unit: entry.unit.clone(),
            macros: [entry.protein, entry.fat, entry.carbohydrate].map(|grams| grams.map(Grams::to_f64)),
        })
    }

    /// The same food with another quantity: kcal and macros follow. Unchanged without a quantity.
    #[must_use]
    pub fn with_quantity(&self, quantity: f64) -> Self {
        let Some(before) = self.quantity.filter(|before| *before > 0.0) else {
            return self.clone();
        };
        Self {
            quantity: Some(quantity),
            ..self.scaled(quantity / before)
        }
    }

    /// The same food with other kcal: its macros follow.
    #[must_use]
    pub fn with_kcal(&self, kcal: u32) -> Self {
        let share = if self.kcal == 0 {
            1.0
        } else {
            f64::from(kcal) / f64::from(self.kcal)
        };
        Self {
            kcal,
            ..self.scaled(share)
        }
    }

    fn scaled(&self, share: f64) -> Self {
        Self {
            kcal: whole(f64::from(self.kcal) * share),
            macros: self.macros.map(|grams| grams.map(|grams| tenths(grams * share))),
            ..self.clone()
        }
    }

    fn read(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let number = |name: &str| positive(value.get(name));
        let kcal = value.get("kcal").and_then(Value::as_u64)?;
        Some(Self {
            name: text("name")?,
            category: text("category")?,
            kind: text("type")?,
            kcal: u32::try_from(kcal).ok().filter(|kcal| *kcal <= MAX_KCAL)?,
            quantity: number("quantity"),
            unit: text("unit"),
            macros: ["protein", "fat", "carbohydrate"].map(number),
        })
    }

    fn json(&self) -> Value {
        let [protein, fat, carbohydrate] = self.macros;
        let Self {
            name,
            category,
            kind,
            kcal,
            quantity,
            unit,
            ..
        } = self;
        let mut json = json!({
            "name": name, "category": category, "type": kind, "kcal": kcal, "quantity": quantity, "unit": unit,
            "protein": protein, "fat": fat, "carbohydrate": carbohydrate,
        });
        if let Some(members) = json.as_object_mut() {
            members.retain(|_, value| !value.is_null());
        }
        json
    }
}

impl Recipe {
    /// One portion of the food and drinks among entries; none without any.
    pub fn of(entries: &[Entry]) -> Option<Self> {
        let parts: Vec<Ingredient> = entries
            .iter()
            .filter_map(Ingredient::of)
            .take(MAX_PARTS)
            .collect();
        (!parts.is_empty()).then_some(Self {
            parts,
            portions: 1.0,
            cooked: None,
        })
    }

    /// What a portion has, under a name; none without parts.
    pub(super) fn portion(&self, name: &str) -> Option<Own> {
        let first = self.parts.iter().find(|part| part.category == "Food");
        let first = first.or(self.parts.first())?;
        let total: u32 = self
            .parts
            .iter()
            .map(|part| part.kcal)
            .fold(0, u32::saturating_add);
        let sum = |at: usize| {
            let known = self.parts.iter().filter_map(|part| *part.macros.get(at)?);
            let known: Vec<f64> = known.collect();
            (!known.is_empty()).then(|| tenths(known.iter().sum::<f64>() / self.portions))
        };
        Some(Own {
            name: name.to_owned(),
            category: first.category.clone(),
            kind: first.kind.clone(),
            kcal: whole(f64::from(total) / self.portions),
            quantity: Some(1.0),
            unit: Some("portion".to_owned()),
            grams: self.cooked.map(|cooked| cooked / self.portions),
            macros: [sum(0), sum(1), sum(2)],
            food: None,
        })
    }

    /// The recipe of an item's value; none if it has sums only, as an earlier program saved them.
    pub(super) fn read(value: &Value) -> Option<Self> {
        let parts = value.get("parts")?.as_array()?;
        let parts = parts.iter().take(MAX_PARTS).map(Ingredient::read);
        let parts: Vec<Ingredient> = parts.collect::<Option<_>>()?;
        (!parts.is_empty()).then_some(Self {
            parts,
            portions: positive(value.get("portions")).unwrap_or(1.0),
            cooked: positive(value.get("cooked")),
        })
    }

    /// The members of an item's value.
    pub(super) fn members(recipe: Option<&Self>) -> [(&'static str, Value); 3] {
        let parts = recipe.map(|recipe| recipe.parts.iter().map(Ingredient::json).collect::<Vec<Value>>());
        [
            ("parts", json!(parts)),
            ("portions", json!(recipe.map(|recipe| recipe.portions))),
            ("cooked", json!(recipe.and_then(|recipe| recipe.cooked))),
        ]
    }
}

fn positive(value: Option<&Value>) -> Option<f64> {
    let number = value.and_then(Value::as_f64)?;
    (number.is_finite() && number > 0.0).then_some(number)
}

fn tenths(grams: f64) -> f64 {
    (grams * 10.0).round() / 10.0
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
    use crate::{
        library::{SavedItem, items},
        outbox::Library,
    };

    fn entry(category: &str, kcal: u32, protein: Option<i64>) -> Entry {
        Entry {
            protein: protein.map(Grams::from_tenths),
            quantity: Some(200.0),
            unit: Some("g".to_owned()),
            ..Entry::new(
                date(2026, 11, 30),
                Timestamp::UNIX_EPOCH,
                category,
                "Dinner",
                kcal,
            )
        }
    }

    fn chili() -> Recipe {
        let entries = [
            entry("Food", 800, Some(400)),
            entry("Food", 400, None),
            entry("Exercise", 300, None),
        ];
        Recipe {
            portions: 4.0,
            cooked: Some(1_200.0),
            ..Recipe::of(&entries).unwrap()
        }
    }

    #[test]
    fn a_recipe_is_a_portion_of_what_was_eaten() {
        let own = chili().portion("Chili").unwrap();
        assert_eq!(
            (own.kcal, own.grams, own.unit.as_deref()),
            (300, Some(300.0), Some("portion"))
        );
        assert_eq!(own.macros, [Some(10.0), None, None]);
        assert_eq!(Recipe::of(&[entry("Exercise", 300, None)]), None);
    }

    #[test]
    fn parts_are_kept_in_the_library_and_can_be_rescaled() {
        let mut library = Library::default();
        let item = SavedItem::of_recipe("recipe:1".to_owned(), "Chili", chili()).unwrap();
        library.apply(&item.edit(&library, Timestamp::UNIX_EPOCH));
        assert_eq!(items(&library), std::slice::from_ref(&item));

        let mut recipe = items(&library).remove(0).recipe.unwrap();
        recipe.parts[0] = recipe.parts[0].with_quantity(100.0);
        recipe.parts[1] = recipe.parts[1].with_kcal(600);
        recipe.portions = 2.0;
        let rescaled = SavedItem::of_recipe(item.key.clone(), "Chili", recipe).unwrap();
        assert_eq!(rescaled.own.kcal, 500);
        assert_eq!(rescaled.own.macros, [Some(10.0), None, None]);
        library.apply(&rescaled.edit(&library, Timestamp::UNIX_EPOCH));
        assert_eq!(items(&library), [rescaled]);
    }

    #[test]
    fn a_recipe_with_sums_only_is_read_without_parts() {
        let text = r#"{"recipe:1":{"at":"2026-11-30T08:00:00Z","value":{"name":"Chili","category":"Food","type":"Dinner",
            "kcal":300,"quantity":1,"unit":"portion"}}}"#;
        let library: Library = serde_json::from_str(text).unwrap();
        assert_eq!(items(&library)[0].recipe, None);
    }
}
