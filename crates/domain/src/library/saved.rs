//! Items of the library, and edits of them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::recipe::Recipe;
use crate::{
    line::{Own, folded},
    outbox::{Library, LibraryChange, LibraryEdit},
};

/// The most bytes of a library as JSON: it is a member of the user's row, which has a limit of its own.
pub const MAX_LIBRARY_BYTES: usize = 100_000;

/// What an item of the library is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SavedKind {
    /// A name of the log that is wanted often.
    Favourite,
    /// A food with the user's own figures.
    Food,
    /// A dish that is logged by portion or by weight.
    Recipe,
}

/// An item of the library.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedItem {
    /// Its key in the library.
    pub key: String,
    /// What it is.
    pub kind: SavedKind,
    /// Its name and figures.
    pub own: Own,
    /// The parts of a recipe, from which the figures follow; none of other items.
    pub recipe: Option<Recipe>,
}

/// The library has no room for another edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the library is full (100 kB); remove own foods, recipes or favourites first")]
pub struct LibraryFull;

impl SavedKind {
    /// The kind of a key's item; none for one of a newer program.
    pub fn of(key: &str) -> Option<Self> {
        match key.split_once(':')?.0 {
            "favourite" => Some(Self::Favourite),
            "food" => Some(Self::Food),
            "recipe" => Some(Self::Recipe),
            _ => None,
        }
    }

    /// The key of a new item.
    pub fn key(self, id: &str) -> String {
        let word = match self {
            Self::Favourite => "favourite",
            Self::Food => "food",
            Self::Recipe => "recipe",
        };
        format!("{word}:{id}")
    }

    /// Its name on screens.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Favourite => "favourite",
            Self::Food => "own food",
            Self::Recipe => "recipe",
        }
    }
}

/// The key of a favourite: the same name is the same favourite on every device.
pub fn favourite_key(name: &str) -> String {
    SavedKind::Favourite.key(&folded(name))
}

/// The items of a library that this program can read, by kind, then name.
pub fn items(library: &Library) -> Vec<SavedItem> {
    let each = library.items.iter().filter_map(|(key, item)| {
        let (kind, value) = (SavedKind::of(key)?, item.value.as_ref()?);
        Some(SavedItem {
            key: key.clone(),
            kind,
            own: own(value)?,
            recipe: Some(value)
                .filter(|_| kind == SavedKind::Recipe)
                .and_then(Recipe::read),
        })
    });
    let mut items: Vec<SavedItem> = each.collect();
    items.sort_by(|one, other| {
        (one.kind, &one.own.name, &one.key).cmp(&(other.kind, &other.own.name, &other.key))
    });
    items
}

fn own(value: &Value) -> Option<Own> {
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let number = |name: &str| {
        let number = value.get(name).and_then(Value::as_f64);
        number.filter(|number| number.is_finite() && *number >= 0.0)
    };
    let kcal = value.get("kcal").and_then(Value::as_u64)?;
    Some(Own {
        name: text("name").filter(|name| !name.trim().is_empty())?,
        category: text("category")?,
        kind: text("type")?,
        kcal: u32::try_from(kcal).ok()?,
        quantity: number("quantity").filter(|quantity| *quantity > 0.0),
        unit: text("unit"),
        grams: number("grams").filter(|grams| *grams > 0.0),
        macros: ["protein", "fat", "carbohydrate"].map(number),
        food: text("food"),
    })
}

impl SavedItem {
    /// The item of a recipe, by portion; none without parts.
    pub fn of_recipe(key: String, name: &str, recipe: Recipe) -> Option<Self> {
        Some(Self {
            key,
            kind: SavedKind::Recipe,
            own: recipe.portion(name)?,
            recipe: Some(recipe),
        })
    }

    /// The edit that puts the item into a library; members that this program doesn't know stay.
    pub fn edit(&self, library: &Library, at: Timestamp) -> LibraryChange {
        let before = library.items.get(&self.key).and_then(|item| item.value.clone());
        let mut members = match &before {
            Some(Value::Object(members)) => members.clone(),
            Some(_) | None => Map::new(),
        };
        let Own {
            name,
            category,
            kind,
            kcal,
            quantity,
            unit,
            grams,
            macros: [protein, fat, carbohydrate],
            food,
        } = &self.own;
        let known = json!({
            "name": name, "category": category, "type": kind, "kcal": kcal, "quantity": quantity, "unit": unit,
            "grams": grams, "protein": protein, "fat": fat, "carbohydrate": carbohydrate, "food": food,
        });
        if let Value::Object(mut known) = known {
            let recipe = Recipe::members(self.recipe.as_ref());
            known.extend(recipe.map(|(name, value)| (name.to_owned(), value)));
            for (name, value) in known {
                match value {
                    Value::Null => members.remove(&name),
                    value => members.insert(name, value),
                };
            }
        }
        change(&self.key, before, Some(Value::Object(members)), library, at)
    }
}

/// The edit that removes an item.
pub fn removal(key: &str, library: &Library, at: Timestamp) -> LibraryChange {
    let before = library.items.get(key).and_then(|item| item.value.clone());
    change(key, before, None, library, at)
}

/// An edit that is newer than the one before, whatever the clock says.
fn change(
    key: &str,
    before: Option<Value>,
    after: Option<Value>,
    library: &Library,
    at: Timestamp,
) -> LibraryChange {
    let last = library.items.get(key).map(|item| item.at);
    let next = last.and_then(|last| last.checked_add(jiff::SignedDuration::from_millis(1)).ok());
    let at = next.map_or(at, |next| at.max(next));
    let edit = LibraryEdit { at, before, after };
    LibraryChange {
        edits: BTreeMap::from([(key.to_owned(), edit)]),
    }
}

/// A change, if the library has room for it. One that makes it smaller always has.
///
/// # Errors
///
/// [`LibraryFull`] if the library would have more than [`MAX_LIBRARY_BYTES`].
pub fn checked(library: &Library, change: LibraryChange) -> Result<LibraryChange, LibraryFull> {
    let mut after = library.clone();
    after.apply(&change);
    let size = after.size();
    if size > MAX_LIBRARY_BYTES && size > library.size() {
        return Err(LibraryFull);
    }
    Ok(change)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granola() -> SavedItem {
        SavedItem {
            key: SavedKind::Food.key("1"),
            kind: SavedKind::Food,
            own: Own {
                name: "Granola".to_owned(),
                category: "Food".to_owned(),
                kind: "Breakfast".to_owned(),
                kcal: 270,
                quantity: Some(1.0),
                unit: Some("bowl".to_owned()),
                grams: Some(60.0),
                macros: [Some(6.5), None, Some(40.0)],
                food: None,
            },
            recipe: None,
        }
    }

    #[test]
    fn an_item_is_read_as_it_was_saved_and_removed() {
        let mut library = Library::default();
        library.apply(&granola().edit(&library, Timestamp::UNIX_EPOCH));
        assert_eq!(items(&library), [granola()]);
        // On a clock that is slow.
        library.apply(&removal("food:1", &library, Timestamp::UNIX_EPOCH));
        assert!(items(&library).is_empty());
    }

    #[test]
    fn members_and_items_of_a_newer_program_are_kept() {
        let text = r#"{"food:1":{"at":"2026-11-30T08:00:00Z","by":"phone","value":{"name":"Granola","category":"Food",
            "type":"Breakfast","kcal":1,"fibre":7}},"plan:1":{"at":"2026-11-30T08:00:00Z","value":[1]},"version":2}"#;
        let mut library: Library = serde_json::from_str(text).unwrap();
        library.apply(&granola().edit(&library, Timestamp::UNIX_EPOCH));
        let kept = serde_json::to_value(&library).unwrap();
        assert_eq!(kept["food:1"]["value"]["fibre"], 7);
        assert_eq!(kept["food:1"]["value"]["kcal"], 270);
        assert_eq!(kept["food:1"]["by"], "phone");
        assert_eq!(
            (&kept["plan:1"]["value"][0], &kept["version"]),
            (&json!(1), &json!(2))
        );
        assert_eq!(items(&library).len(), 1);
    }

    #[test]
    fn a_full_library_says_so_and_lets_items_go() {
        let mut library = Library::default();
        let mut at = 0;
        let full = loop {
            let mut item = granola();
            item.key = SavedKind::Food.key(&at.to_string());
            item.own.name = "x".repeat(200);
            at += 1;
            match checked(&library, item.edit(&library, Timestamp::UNIX_EPOCH)) {
                Ok(change) => assert!(library.apply(&change)),
                Err(full) => break full,
            }
        };
        assert!(full.to_string().contains("full"));
        assert!(library.size() <= MAX_LIBRARY_BYTES && library.size() > MAX_LIBRARY_BYTES - 1_000);
        let removed = checked(&library, removal("food:3", &library, Timestamp::UNIX_EPOCH));
        assert!(removed.is_ok_and(|change| library.apply(&change)));
    }

    #[test]
    fn the_same_name_is_the_same_favourite() {
        assert_eq!(favourite_key("Crème"), favourite_key("creme"));
        assert_eq!(SavedKind::of(&favourite_key("x")), Some(SavedKind::Favourite));
        assert_eq!(SavedKind::of("plan:1"), None);
    }
}
