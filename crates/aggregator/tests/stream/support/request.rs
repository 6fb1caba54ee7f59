//! Reads DynamoDB's requests strictly: an unexpected member, expression or type fails the test.

use std::collections::{BTreeMap, BTreeSet};

use caltrack_domain::Grams;
use serde_json::{Map, Value};

pub(super) type Item = Map<String, Value>;

/// A user and a day; of a marker, `evt#<eventID>` and its sort key.
pub(crate) type Key = (String, String);

pub(super) const TABLE: &str = "caltrack_user_aggregate_table";

/// One action of a transaction.
pub(super) enum Action {
    Put {
        key: Key,
        item: Item,
        only_if_absent: bool,
    },
    Add {
        key: Key,
        numbers: BTreeMap<String, Grams>,
        /// Whether it adds entries, digest and grams.
        counts: bool,
    },
}

impl Action {
    /// A key of the table.
    pub(super) fn key(&self) -> &Key {
        match self {
            Self::Put { key, .. } | Self::Add { key, .. } => key,
        }
    }

    pub(super) fn holds(&self, rows: &BTreeMap<Key, Item>) -> bool {
        match self {
            Self::Put {
                key, only_if_absent, ..
            } => !(*only_if_absent && rows.contains_key(key)),
            Self::Add { key, counts, .. } => {
                let row = rows.get(key);
                let has = |name: &str| row.is_some_and(|row| row.contains_key(name));
                let is_users_own =
                    has("userWrites") && row.is_some_and(|row| row["userWrites"] == row["version"]);
                if *counts {
                    has("entries") || row.is_none() || is_users_own
                } else {
                    row.is_some() && !has("entries")
                }
            }
        }
    }
}

/// The condition under which a row takes all totals.
const TAKES_ALL: &str = "attribute_exists(entries) OR attribute_not_exists(userid) OR userWrites = #version";
/// The condition under which a row takes kcal alone.
const TAKES_KCAL: &str = "attribute_exists(userid) AND attribute_not_exists(entries)";
const COUNTED: [&str; 5] = ["entries", "digest", "protein", "fat", "carbohydrate"];

/// Reads a `Put` of a marker or an `Update` that adds.
pub(super) fn action(item: &Value) -> Action {
    if let Some(put) = item.get("Put") {
        members(item, ["Put"]);
        let only_if_absent = put.get("ConditionExpression").is_some();
        let (table, item) = if only_if_absent {
            let [table, item, condition] = members(put, ["TableName", "Item", "ConditionExpression"]);
            assert_eq!(condition, "attribute_not_exists(userid)");
            (table, item)
        } else {
            let [table, item] = members(put, ["TableName", "Item"]);
            (table, item)
        };
        assert_eq!(table, TABLE);
        let [user, day, expires] = members(item, ["userid", "date", "expiresAt"]);
        let [expires] = members(expires, ["N"]);
        expires.as_str().unwrap().parse::<i64>().unwrap();
        return Action::Put {
            key: (string(user), string(day)),
            item: item.as_object().unwrap().clone(),
            only_if_absent,
        };
    }
    let [update] = members(item, ["Update"]);
    let [table, wanted, expression, condition, names, values] = members(
        update,
        [
            "TableName",
            "Key",
            "UpdateExpression",
            "ConditionExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
        ],
    );
    assert_eq!(table, TABLE);
    let numbers = summands(expression.as_str().unwrap(), names, values);
    let counts = COUNTED.map(|name| numbers.contains_key(name));
    assert_eq!(counts, [counts[0]; 5], "all of them or none: {expression}");
    assert_eq!(condition, if counts[0] { TAKES_ALL } else { TAKES_KCAL });
    Action::Add {
        key: key(wanted),
        numbers,
        counts: counts[0],
    }
}

/// Reads `ADD path :value, …`. Every name and value that is given must be used.
fn summands(expression: &str, names: &Value, values: &Value) -> BTreeMap<String, Grams> {
    let mut names = names.as_object().unwrap().clone();
    let mut values = values.as_object().unwrap().clone();
    let mut numbers = BTreeMap::new();
    for clause in expression.strip_prefix("ADD ").unwrap().split(", ") {
        let (path, value) = clause.split_once(' ').unwrap();
        let path = match names.remove(path) {
            Some(name) => name.as_str().unwrap().to_owned(),
            None => path.to_owned(),
        };
        assert!(
            path.bytes().all(|byte| byte.is_ascii_alphabetic()),
            "no attribute: {path}"
        );
        let value = values.remove(value).unwrap_or_else(|| panic!("no value {value}"));
        let [digits] = members(&value, ["N"]);
        let summand = Grams::from_decimal(digits.as_str().unwrap()).unwrap();
        assert_eq!(numbers.insert(path, summand), None, "{expression}");
    }
    assert!(
        names.is_empty() && values.is_empty(),
        "not used: {names:?} {values:?}"
    );
    numbers
}

/// The members of an object, which must have these and no others.
pub(super) fn members<'a, const N: usize>(value: &'a Value, names: [&str; N]) -> [&'a Value; N] {
    let object = value.as_object().unwrap_or_else(|| panic!("no object: {value}"));
    let found: BTreeSet<&str> = object.keys().map(String::as_str).collect();
    assert_eq!(found, BTreeSet::from(names), "{value}");
    names.map(|name| &object[name])
}

/// A key of the table.
pub(super) fn key(value: &Value) -> Key {
    let [user, day] = members(value, ["userid", "date"]);
    (string(user), string(day))
}

fn string(value: &Value) -> String {
    let [text] = members(value, ["S"]);
    text.as_str().unwrap().to_owned()
}

/// A whole number; 0 where it is absent, as for an ADD.
pub(super) fn number(item: &Item, name: &str) -> i64 {
    let number = decimal(item, name);
    assert_eq!(number.tenths() % 10, 0, "{name} is {number}");
    number.tenths() / 10
}

/// A number with at most one decimal; 0 where it is absent.
pub(super) fn decimal(item: &Item, name: &str) -> Grams {
    item.get(name).map_or(Grams::ZERO, |value| {
        let [digits] = members(value, ["N"]);
        Grams::from_decimal(digits.as_str().unwrap()).unwrap()
    })
}

pub(super) fn is_marker(key: &Key) -> bool {
    key.0.starts_with("evt#")
}
