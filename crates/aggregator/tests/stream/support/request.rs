//! Reads DynamoDB's requests strictly: an unexpected member, expression or type fails the test.

use std::collections::{BTreeMap, BTreeSet};

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
        numbers: BTreeMap<String, i64>,
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
            Self::Add { .. } => true,
        }
    }
}

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
    let [table, wanted, expression, names, values] = members(
        update,
        [
            "TableName",
            "Key",
            "UpdateExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
        ],
    );
    assert_eq!(table, TABLE);
    Action::Add {
        key: key(wanted),
        numbers: summands(expression.as_str().unwrap(), names, values),
    }
}

/// Reads `ADD path :value, …`. Every name and value that is given must be used.
fn summands(expression: &str, names: &Value, values: &Value) -> BTreeMap<String, i64> {
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
        let summand = digits.as_str().unwrap().parse().unwrap();
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

/// A number attribute; 0 where it is absent, as for an ADD.
pub(super) fn number(item: &Item, name: &str) -> i64 {
    item.get(name).map_or(0, |value| {
        let [digits] = members(value, ["N"]);
        digits.as_str().unwrap().parse().unwrap()
    })
}

pub(super) fn is_marker(key: &Key) -> bool {
    key.0.starts_with("evt#")
}
