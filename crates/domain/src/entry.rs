//! Entries of the log: their members, how the backend stores them, and what an edit changes.
//!
//! [`Entry`] is the one list of an entry's members. Edits, cached rows, JSON and the API's inputs and answers are made
//! from it, under the API's names.

use std::cmp::Ordering;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    Grams,
    wire::{label, moment},
};

/// The most kcal of one entry.
pub const MAX_KCAL: u32 = 99_999;
/// Makes [`Entry`] and [`ActivityPatch`] from one list of members, each with its name in the API and, after `with`, the
/// functions of `wire` that write its value in an entry and in an edit (by default serde's).
macro_rules! entry {
    ($($(#[doc = $doc:literal])+ $member:ident: $type:ty = $name:literal $(with $with:literal and $edited:literal)?,)+) => {
        /// The members of an entry that a user sets.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub struct Entry {
            $($(#[doc = $doc])+ #[serde(rename = $name $(, with = $with)?)] pub $member: $type,)+
        }

/// An edit: `None` keeps a member, `Some` sets it, and `Some(None)` removes an optional one.
        #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
        #[serde(default)]
        pub struct ActivityPatch {
            $(
                $(#[doc = $doc])+
                #[serde(
                    rename = $name,
                    skip_serializing_if = "Option::is_none",
                    deserialize_with = "present"
                    $(, serialize_with = $edited)?
                )]
                pub $member: Option<$type>,
            )+
        }

        impl Entry {
            /// The members' names in the API, in the order of the JSON.
            pub const MEMBERS: &[&str] = &[$($name),+];

            /// The members in which this entry differs from `before`.
            fn differences(&self, before: &Self) -> ActivityPatch {
                ActivityPatch {
                    $($member: (self.$member != before.$member).then(|| self.$member.clone()),)+
                }
            }

            /// Makes an edit in place; see [`Entry::edited`].
            pub fn apply(&mut self, patch: &ActivityPatch) {
                $(if let Some(value) = &patch.$member {
                    self.$member.clone_from(value);
                })+
            }
        }

        impl ActivityPatch {
            /// This edit followed by another one.
            #[must_use]
            pub fn followed_by(&self, later: &Self) -> Self {
                Self {
                    $($member: later.$member.clone().or_else(|| self.$member.clone()),)+
                }
            }

            /// The values that an entry has of the members of this edit: the edit that reverts it.
            #[must_use]
            pub fn previous(&self, entry: &Entry) -> Self {
                Self {
                    $($member: self.$member.as_ref().map(|_| entry.$member.clone()),)+
                }
            }

            /// The members of this edit that an entry has already.
            #[must_use]
            pub fn agreeing(&self, entry: &Entry) -> Self {
                Self {
                    $($member: self.$member.clone().filter(|value| *value == entry.$member),)+
                }
            }

            /// What this edit of `base` still changes of `stored`, and what collides: members that `stored` has neither as
            /// they were nor as they are wanted.
            pub(crate) fn compared(&self, base: &Entry, stored: &Entry) -> (Self, Self) {
                let (mut kept, mut lost) = (Self::default(), Self::default());
                $(if let Some(mine) = &self.$member && *mine != stored.$member {
                    let side = if stored.$member == base.$member { &mut kept } else { &mut lost };
                    side.$member = Some(mine.clone());
                })+
                (kept, lost)
            }
        }
    };
}

/// A member of an edit that is there: null removes, and an absent one is unchanged.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

entry! {
    /// The user's day that it counts for.
    date: Date = "date" with "label" and "label::edited",
    /// The moment it was logged for.
    moment: Timestamp = "creationDateTime" with "moment" and "moment::edited",
    /// `Food`, `Drink`, `Exercise` or another; see [`crate::Booking`].
    category: String = "category",
    /// The category's type, such as `Lunch`.
    kind: String = "type",
    /// The food's or the exercise's name, at most [`crate::MAX_NAME_CHARS`] characters.
    name: Option<String> = "name",
    /// At most [`crate::MAX_NOTE_CHARS`] characters.
    note: Option<String> = "note",
    /// The number of `unit`s that `kcal` covers, above 0 and at most 10,000.
    quantity: Option<f64> = "quantity",
    /// What `quantity` counts: `g`, `ml`, `portion`, `min`, `km`; at most [`crate::MAX_UNIT_CHARS`] characters.
    unit: Option<String> = "unit",
    /// The source of the figures, at most [`crate::MAX_FOOD_CHARS`] characters: `usda:171287`, `own:<id>`, `met:12050`.
    food: Option<String> = "food",
    /// Protein, 0 to [`crate::MAX_GRAMS`] g.
    protein: Option<Grams> = "protein",
    /// Fat, 0 to [`crate::MAX_GRAMS`] g.
    fat: Option<Grams> = "fat",
    /// Carbohydrate, 0 to [`crate::MAX_GRAMS`] g.
    carbohydrate: Option<Grams> = "carbohydrate",
    /// kcal, eaten or burned, 0 to [`MAX_KCAL`].
    kcal: u32 = "caloriesConsumed",
}

impl Entry {
    /// An entry without its optional members.
    pub fn new(
        date: Date,
        moment: Timestamp,
        category: impl Into<String>,
        kind: impl Into<String>,
        kcal: u32,
    ) -> Self {
        Self {
            date,
            moment,
            category: category.into(),
            kind: kind.into(),
            name: None,
            note: None,
            quantity: None,
            unit: None,
            food: None,
            protein: None,
            fat: None,
            carbohydrate: None,
            kcal,
        }
    }

    /// The edit that turns `before` into this entry; `None` if they are equal. Category and type travel together, for a
    /// type means nothing without its category.
    pub fn patch_from(&self, before: &Self) -> Option<ActivityPatch> {
        let mut patch = self.differences(before);
        if patch.category.is_some() || patch.kind.is_some() {
            patch.category = Some(self.category.clone());
            patch.kind = Some(self.kind.clone());
        }
        (patch != ActivityPatch::default()).then_some(patch)
    }

    /// This entry after an edit.
    #[must_use]
    pub fn edited(&self, patch: &ActivityPatch) -> Self {
        let mut after = self.clone();
        after.apply(patch);
        after
    }
}

/// An entry as the backend stores it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// UUID, generated by the client that logged it.
    pub id: String,
    /// The `sub` of its user.
    #[serde(rename = "userid")]
    pub owner: String,
    /// The members that the user has set.
    #[serde(flatten)]
    pub entry: Entry,
    /// Counts the edits; the first is 1, and 0 is an entry that is not saved yet.
    #[serde(default = "first")]
    pub rev: u32,
}

/// The revision of an entry that carries none, as those of other programs.
const fn first() -> u32 {
    1
}

impl Activity {
    /// The order of a day's list: by moment, then id.
    pub fn log_order(&self, other: &Self) -> Ordering {
        (self.entry.moment, &self.id).cmp(&(other.entry.moment, &other.id))
    }
}

impl ActivityPatch {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// An entry to be logged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewActivity {
    /// UUID v7, generated by the client: a repeat of the same create is harmless.
    pub id: String,
    /// The members that the user has set.
    #[serde(flatten)]
    pub entry: Entry,
    /// The id under which it is logged instead if its own turns out to be another user's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_id: Option<String>,
}

impl NewActivity {
    /// An entry under this id and no other.
    pub const fn new(id: String, entry: Entry) -> Self {
        Self {
            id,
            entry,
            other_id: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    fn lunch() -> Entry {
        Entry {
            name: Some("soup".to_owned()),
            ..Entry::new(
                date(2026, 11, 23),
                "2026-11-23T07:30:00.1239Z".parse().unwrap(),
                "Food",
                "Lunch",
                650,
            )
        }
    }

    #[test]
    fn an_entry_without_a_revision_has_the_first() {
        let mut item = json!({ "id": "1", "userid": "u" });
        let entry = serde_json::to_value(lunch()).unwrap();
        item.as_object_mut()
            .unwrap()
            .extend(entry.as_object().unwrap().clone());
        let activity: Activity = serde_json::from_value(item).unwrap();
        assert_eq!(activity.rev, 1);
        assert_eq!(activity.entry.date, date(2026, 11, 23));
    }

    #[test]
    fn an_edit_names_what_differs_and_leads_from_one_entry_to_the_other() {
        let after = Entry {
            kcal: 700,
            name: None,
            ..lunch()
        };
        let patch = after.patch_from(&lunch()).unwrap();
        assert_eq!(
            patch,
            ActivityPatch {
                kcal: Some(700),
                name: Some(None),
                ..ActivityPatch::default()
            }
        );
        assert_eq!(lunch().edited(&patch), after);
        assert_eq!(lunch().patch_from(&lunch()), None);
    }

    #[test]
    fn category_and_type_travel_together() {
        let dinner = Entry {
            kind: "Dinner".to_owned(),
            ..lunch()
        };
        let patch = dinner.patch_from(&lunch()).unwrap();
        assert_eq!(
            (patch.category.as_deref(), patch.kind.as_deref()),
            (Some("Food"), Some("Dinner"))
        );
    }

    #[test]
    fn an_entry_is_written_under_the_apis_names_with_every_member() {
        let activity = Activity {
            id: "i".to_owned(),
            owner: "u".to_owned(),
            entry: Entry {
                quantity: Some(1.5),
                unit: Some("bowl".to_owned()),
                food: Some("usda:171287".to_owned()),
                protein: Some(Grams::from_tenths(125)),
                fat: Some(Grams::ZERO),
                ..lunch()
            },
            rev: 2,
        };
        let written = serde_json::to_string(&activity).unwrap();
        assert_eq!(
            written,
            r#"{"id":"i","userid":"u","date":"2026-11-23","creationDateTime":"2026-11-23T07:30:00.123Z","category":"Food","type":"Lunch","name":"soup","note":null,"quantity":1.5,"unit":"bowl","food":"usda:171287","protein":12.5,"fat":0,"carbohydrate":null,"caloriesConsumed":650,"rev":2}"#
        );
        let read: Activity = serde_json::from_str(&written).unwrap();
        assert_eq!(read.entry.moment.to_string(), "2026-11-23T07:30:00.123Z");
        assert_eq!((read.entry.kcal, read.rev), (650, 2));
        let written: serde_json::Value = serde_json::from_str(&written).unwrap();
        for name in Entry::MEMBERS {
            assert!(written.get(name).is_some(), "{name}");
        }
    }

    #[test]
    fn an_entry_that_was_read_equals_what_is_written_of_it() {
        let text = r#"{"id":"i","userid":"u","date":"2026-11-23","creationDateTime":"2026-11-23T07:30:00.1239Z","category":"Food","type":"Lunch","quantity":0.30000000000000004,"caloriesConsumed":650}"#;
        let mut read: Activity = serde_json::from_str(text).unwrap();
        for quantity in [0.1 + 0.2, 1.0 / 3.0, 7_038_531e-26, 9_999.999_999_999_998] {
            read.entry.quantity = Some(quantity);
            let written = serde_json::to_string(&read).unwrap();
            assert_eq!(serde_json::from_str::<Activity>(&written).unwrap(), read);
        }
    }

    #[test]
    fn an_edit_is_written_without_what_it_leaves_alone_and_null_removes() {
        let patch = ActivityPatch {
            date: Some(date(2026, 11, 22)),
            moment: Some("2026-11-22T07:30:00.1234Z".parse().unwrap()),
            name: Some(None),
            ..ActivityPatch::default()
        };
        assert_eq!(
            serde_json::to_value(&patch).unwrap(),
            json!({"date": "2026-11-22", "creationDateTime": "2026-11-22T07:30:00.123Z", "name": null})
        );
    }

    #[test]
    fn an_edit_is_read_as_it_was_written() {
        let patch = ActivityPatch {
            date: Some(date(2026, 11, 22)),
            moment: Some("2026-11-22T07:30:00.123Z".parse().unwrap()),
            name: Some(None),
            note: Some(Some("x".to_owned())),
            ..ActivityPatch::default()
        };
        let written = serde_json::to_string(&patch).unwrap();
        assert_eq!(serde_json::from_str::<ActivityPatch>(&written).unwrap(), patch);
    }

    #[test]
    fn the_order_of_a_list_is_by_moment_then_id() {
        let at = |id: &str, moment: &str| Activity {
            id: id.to_owned(),
            owner: "u".to_owned(),
            entry: Entry {
                moment: moment.parse().unwrap(),
                ..lunch()
            },
            rev: 1,
        };
        let early = at("b", "2026-11-23T07:30:00Z");
        let late = at("a", "2026-11-23T07:30:01Z");
        assert_eq!(early.log_order(&late), Ordering::Less);
        assert_eq!(at("a", "2026-11-23T07:30:00Z").log_order(&early), Ordering::Less);
    }
}
