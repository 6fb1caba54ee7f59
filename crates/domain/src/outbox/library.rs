//! The library as rows: own foods, recipes and favourites by their keys.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An item of the library, or the tombstone of a removed one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LibraryItem {
    /// The moment of its last edit.
    pub at: Timestamp,
    /// The item; `None` once it was removed.
    pub value: Option<Value>,
    /// Members that a newer program has written.
    #[serde(flatten)]
    pub other: BTreeMap<String, Value>,
}

/// The library of a user: items by their keys, tombstones of removed ones included.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, Value>", into = "BTreeMap<String, Value>")]
pub struct Library {
    /// By key, such as `food:<id>`.
    pub items: BTreeMap<String, LibraryItem>,
    /// What this program can't read, by key.
    other: BTreeMap<String, Value>,
}

impl From<BTreeMap<String, Value>> for Library {
    fn from(stored: BTreeMap<String, Value>) -> Self {
        let mut library = Self::default();
        for (key, value) in stored {
            match LibraryItem::deserialize(&value) {
                Ok(item) => {
                    library.items.insert(key, item);
                }
                Err(_) => {
                    library.other.insert(key, value);
                }
            }
        }
        library
    }
}

impl From<Library> for BTreeMap<String, Value> {
    fn from(library: Library) -> Self {
        let items = library.items.into_iter();
        let items = items.map(|(key, item)| (key, serde_json::to_value(item).unwrap_or_default()));
        items.chain(library.other).collect()
    }
}

/// An edit of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LibraryEdit {
    /// The moment of the edit: the newest edit of an item wins.
    pub at: Timestamp,
    /// The item before the edit, for undo.
    pub before: Option<Value>,
    /// The item after it; `None` removes.
    pub after: Option<Value>,
}

/// Edits of items by their keys.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LibraryChange {
    /// By key.
    pub edits: BTreeMap<String, LibraryEdit>,
}

impl Library {
    /// Applies edits; of two edits of an item the newer one wins, of equally old ones the one that sorts last, so that
    /// every device arrives at the same library. Returns whether something changed.
    pub fn apply(&mut self, change: &LibraryChange) -> bool {
        let mut changed = false;
        for (key, edit) in &change.edits {
            let other = self.items.get(key).map(|stored| stored.other.clone());
            let item = LibraryItem {
                at: edit.at,
                value: edit.after.clone(),
                other: other.unwrap_or_default(),
            };
            let wins = self
                .items
                .get(key)
                .is_none_or(|stored| rank(stored) < rank(&item));
            if wins {
                self.items.insert(key.clone(), item);
                changed = true;
            }
        }
        changed
    }

    /// Takes the newer items of another copy of the library.
    pub fn merge(&mut self, other: &Self) {
        for (key, item) in &other.items {
            let stored = self.items.get(key);
            if stored.is_none_or(|stored| rank(stored) < rank(item)) {
                self.items.insert(key.clone(), item.clone());
            }
        }
        let unread = other.other.iter();
        self.other
            .extend(unread.map(|(key, value)| (key.clone(), value.clone())));
    }

    /// Its bytes as JSON.
    pub fn size(&self) -> usize {
        serde_json::to_string(self).map_or(0, |text| text.len())
    }

    /// Forgets tombstones older than `before`.
    pub fn prune(&mut self, before: Timestamp) {
        self.items
            .retain(|_, item| item.value.is_some() || item.at >= before);
    }
}

fn rank(item: &LibraryItem) -> (Timestamp, Option<String>) {
    (item.at, item.value.as_ref().map(Value::to_string))
}

impl LibraryChange {
    /// Adds later edits.
    pub(super) fn follow(&mut self, later: &Self) {
        for (key, edit) in &later.edits {
            match self.edits.get_mut(key) {
                Some(earlier) => {
                    earlier.at = edit.at.max(earlier.at);
                    earlier.after.clone_from(&edit.after);
                }
                None => {
                    self.edits.insert(key.clone(), edit.clone());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn change() -> impl Strategy<Value = LibraryChange> {
        let edit = (0..5_i64, proptest::option::of(0..3_u8)).prop_map(|(second, value)| LibraryEdit {
            at: Timestamp::from_second(second).unwrap(),
            before: None,
            after: value.map(|value| json!(value)),
        });
        proptest::collection::btree_map("[abc]", edit, 0..3).prop_map(|edits| LibraryChange { edits })
    }

    proptest! {
        #[test]
        fn devices_arrive_at_the_same_library_in_whatever_order_changes_reach_it(
            changes in proptest::collection::vec(change(), 0..6), again in 0..6_usize,
        ) {
            let (mut one, mut other) = (Library::default(), Library::default());
            for change in &changes {
                one.apply(change);
            }
            for change in changes.iter().rev().chain(changes.get(again)) {
                other.apply(change);
            }
            prop_assert_eq!(&one, &other);
            let twice = changes.iter().any(|change| one.apply(change));
            prop_assert!(!twice, "a repeated change changes nothing");
        }
    }

    #[test]
    fn a_removed_item_stays_removed_until_a_newer_edit() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let edit = |second, after: Option<Value>| LibraryChange {
            edits: BTreeMap::from([(
                "own:1".to_owned(),
                LibraryEdit {
                    at: at(second),
                    before: None,
                    after,
                },
            )]),
        };
        let mut library = Library::default();
        library.apply(&edit(2, None));
        assert!(!library.apply(&edit(1, Some(json!("soup")))));
        library.prune(at(2));
        assert!(library.items.contains_key("own:1"));
        assert!(library.apply(&edit(3, Some(json!("soup")))));
        library.prune(at(9));
        assert!(library.items.contains_key("own:1"));
        library.apply(&edit(4, None));
        library.prune(at(9));
        assert_eq!(library, Library::default());
    }
}
