//! Every operator on every member of every list's filter, against what the rows themselves say.

use std::cmp::Ordering;

use rstest::rstest;
use serde_json::{Map, Value, json};

use crate::{
    Stored, deployed,
    support::{ME, Runtime, YOU},
};
use caltrack_local_core::tables::{
    ACTIVITY_CATEGORY_TABLE, ACTIVITY_TABLE, USER_AGGREGATE_TABLE, USER_TABLE,
};

/// A list field on rows that are put before.
struct List {
    field: &'static str,
    table: &'static str,
    /// What tells its rows apart.
    name: &'static str,
    rows: Vec<Value>,
    /// The rows that the caller sees without a filter.
    seen: fn(&Value) -> bool,
    /// The filter's members, each with values to ask for in ascending order.
    members: Vec<(&'static str, Vec<Value>)>,
}

fn activities() -> List {
    let row = |id: &str, owner: &str, at: &str, kind: &str, kcal: i64, rest: Value| {
        let mut row = json!({ "id": id, "userid": owner, "creationDateTime": at, "category": "Food", "type": kind, "caloriesConsumed": kcal });
        for (name, value) in rest.as_object().expect("an object") {
            row[name] = value.clone();
        }
        row
    };
    let (early, noon, late) = (
        "2026-11-21T08:00:00.000Z",
        "2026-11-22T12:00:00.000Z",
        "2026-11-23T20:00:00.000Z",
    );
    List {
        field: "Query.listActivities",
        table: ACTIVITY_TABLE,
        name: "id",
        rows: vec![
            row(
                "a1",
                ME,
                early,
                "Lunch",
                500,
                json!({ "date": "2026-11-21", "name": "Soup" }),
            ),
            row("b2", ME, noon, "Dinner", 650, json!({ "date": "2026-11-22" })),
            row("c3", ME, late, "Lunch", 700, json!({ "name": "Bread" })),
            row(
                "d4",
                YOU,
                noon,
                "Lunch",
                650,
                json!({ "date": "2026-11-22", "name": "Soup" }),
            ),
        ],
        seen: |row| row["userid"] == ME,
        members: vec![
            ("userid", vec![json!("0000"), json!(ME), json!(YOU)]),
            (
                "creationDateTime",
                vec![json!(early), json!("2026-11-22"), json!(noon), json!("T20:")],
            ),
            ("id", vec![json!("a"), json!("b2"), json!("c3")]),
            ("category", vec![json!("Drink"), json!("Food")]),
            (
                "type",
                vec![json!("Dinner"), json!("L"), json!("Lunch"), json!("unc")],
            ),
            (
                "date",
                vec![json!("2026-11-2"), json!("2026-11-21"), json!("2026-11-22")],
            ),
            ("name", vec![json!("Bread"), json!("S"), json!("Soup")]),
            ("caloriesConsumed", vec![json!(0), json!(500), json!(650)]),
        ],
    }
}

fn aggregates() -> List {
    let row = |owner: &str, date: &str, totals: Value| {
        let mut row = json!({ "userid": owner, "date": date, "version": 1 });
        for (name, value) in totals.as_object().expect("an object") {
            row[name] = value.clone();
        }
        row
    };
    List {
        field: "Query.listUserAggregates",
        table: USER_AGGREGATE_TABLE,
        name: "date",
        rows: vec![
            row(
                ME,
                "2026-11-21",
                json!({ "caloriesConsumed": 500, "caloriesBurned": 0 }),
            ),
            row(ME, "2026-11-22", json!({})),
            row(
                ME,
                "2026-11-23",
                json!({ "caloriesConsumed": 700, "caloriesBurned": 300 }),
            ),
            row(
                ME,
                "2026-12-01",
                json!({ "caloriesConsumed": 0, "caloriesBurned": 0 }),
            ),
            row(
                YOU,
                "2026-11-24",
                json!({ "caloriesConsumed": 500, "caloriesBurned": 300 }),
            ),
        ],
        // A day that was deleted keeps its version alone.
        seen: |row| row["userid"] == ME && row.get("caloriesConsumed").is_some(),
        members: vec![
            ("userid", vec![json!(ME), json!(YOU), json!("evt#")]),
            (
                "date",
                vec![
                    json!("2026-11"),
                    json!("2026-11-21"),
                    json!("2026-11-22"),
                    json!("2026-11-23"),
                    json!("23"),
                ],
            ),
            ("caloriesConsumed", vec![json!(0), json!(500), json!(600)]),
            ("caloriesBurned", vec![json!(-1), json!(0), json!(300)]),
        ],
    }
}

fn users() -> List {
    let row = |id: &str, height: f64| json!({ "id": id, "username": "ann", "height": height, "weight": 65, "caloriesTargetPerDay": 1900 });
    List {
        field: "Query.listUsers",
        table: USER_TABLE,
        name: "id",
        rows: vec![row(ME, 170.5), row(YOU, 180.0)],
        seen: |row| row["id"] == ME,
        members: vec![
            ("id", vec![json!("0000"), json!(ME), json!(YOU)]),
            ("username", vec![json!("a"), json!("ann"), json!("nn")]),
            ("height", vec![json!(170), json!(170.5), json!(171.25)]),
            ("weight", vec![json!(64.5), json!(65)]),
            ("caloriesTargetPerDay", vec![json!(1900), json!(2000)]),
            ("caloriesConsumed", vec![json!(0)]),
        ],
    }
}

fn categories() -> List {
    List {
        field: "Query.listActivityCategories",
        table: ACTIVITY_CATEGORY_TABLE,
        name: "category",
        rows: vec![
            json!({ "category": "Drink", "type": ["Tea", "Coffee"] }),
            json!({ "category": "Exercise" }),
            json!({ "category": "Food", "type": ["Lunch"] }),
        ],
        seen: |_| true,
        members: vec![
            (
                "category",
                vec![json!("D"), json!("Drink"), json!("Food"), json!("oo")],
            ),
            ("type", vec![json!("Lunch"), json!("Te"), json!("Tea")]),
        ],
    }
}

const OPERATORS: [&str; 10] = [
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "between",
    "contains",
    "notContains",
    "beginsWith",
];

/// Whether a row passes, by DynamoDB's rules: what is absent is unequal to everything and holds nothing.
fn passes(row: &Value, member: &str, operator: &str, wanted: &Value) -> bool {
    let value = row.get(member);
    let order = |wanted: &Value| value.and_then(|value| compare(value, wanted));
    match operator {
        "eq" => order(wanted) == Some(Ordering::Equal),
        "ne" => order(wanted) != Some(Ordering::Equal),
        "lt" => order(wanted).is_some_and(Ordering::is_lt),
        "le" => order(wanted).is_some_and(Ordering::is_le),
        "gt" => order(wanted).is_some_and(Ordering::is_gt),
        "ge" => order(wanted).is_some_and(Ordering::is_ge),
        "between" => {
            order(&wanted[0]).is_some_and(Ordering::is_ge) && order(&wanted[1]).is_some_and(Ordering::is_le)
        }
        "beginsWith" => value
            .and_then(Value::as_str)
            .is_some_and(|text| text.starts_with(wanted.as_str().expect("a text"))),
        "contains" => contains(value, wanted),
        "notContains" => !contains(value, wanted),
        other => panic!("no operator {other}"),
    }
}

fn compare(value: &Value, wanted: &Value) -> Option<Ordering> {
    match (value, wanted) {
        (Value::String(value), Value::String(wanted)) => Some(value.cmp(wanted)),
        (Value::Number(value), Value::Number(wanted)) => value.as_f64()?.partial_cmp(&wanted.as_f64()?),
        _ => None,
    }
}

/// A part of a text or an element of a list; numbers have no parts.
fn contains(value: Option<&Value>, wanted: &Value) -> bool {
    match value {
        Some(Value::String(text)) => wanted.as_str().is_some_and(|part| text.contains(part)),
        Some(Value::Array(items)) => items.contains(wanted),
        _ => false,
    }
}

fn typed(value: &Value) -> Value {
    match value {
        Value::String(text) => json!({ "S": text }),
        Value::Number(number) => json!({ "N": number.to_string() }),
        Value::Array(items) => json!({ "L": items.iter().map(typed).collect::<Vec<_>>() }),
        other => panic!("no row holds {other}"),
    }
}

/// Every operator with every value; of two values, those in order.
fn conditions(values: &[Value]) -> Vec<(&'static str, Value)> {
    let mut all = Vec::new();
    for operator in OPERATORS {
        for (place, value) in values.iter().enumerate() {
            match operator {
                "beginsWith" if !value.is_string() => {}
                "between" => all.extend(values[place..].iter().map(|to| (operator, json!([value, to])))),
                _ => all.push((operator, value.clone())),
            }
        }
    }
    all
}

impl List {
    async fn api(&self) -> Stored<Runtime> {
        let api = deployed();
        for row in &self.rows {
            let row: Map<String, Value> = row
                .as_object()
                .expect("an object")
                .iter()
                .map(|(name, value)| (name.clone(), typed(value)))
                .collect();
            api.put(self.table, Value::Object(row)).await;
        }
        api
    }

    async fn check(&self, api: &Stored<Runtime>, filter: Value) {
        let members = filter.as_object().expect("an object");
        let mut wanted: Vec<&Value> = self
            .rows
            .iter()
            .filter(|row| (self.seen)(row))
            .filter(|row| {
                members.iter().all(|(member, operators)| {
                    let mut operators = operators.as_object().expect("an object").iter();
                    operators.all(|(operator, value)| passes(row, member, operator, value))
                })
            })
            .map(|row| &row[self.name])
            .collect();
        let listed = api
            .ok(self.field, ME, json!({ "filter": filter, "limit": 100 }))
            .await;
        let mut found: Vec<&Value> = listed["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|item| &item[self.name])
            .collect();
        wanted.sort_by_key(ToString::to_string);
        found.sort_by_key(ToString::to_string);
        assert_eq!(found, wanted, "{} {filter}", self.field);
    }
}

#[rstest]
#[case(activities())]
#[case(aggregates())]
#[case(users())]
#[case(categories())]
#[tokio::test]
async fn every_operator_on_every_member_lists_the_rows_that_pass(#[case] list: List) {
    let api = list.api().await;
    for (member, values) in &list.members {
        for (operator, value) in conditions(values) {
            list.check(&api, json!({ *member: { operator: value } })).await;
        }
    }
}

#[rstest]
#[case(activities())]
#[case(aggregates())]
#[case(users())]
#[case(categories())]
#[tokio::test]
async fn operators_beside_each_other_must_all_hold(#[case] list: List) {
    let api = list.api().await;
    for (member, values) in &list.members {
        // One value of each operator, not always the same.
        let some: Vec<(&str, Value)> = OPERATORS
            .iter()
            .enumerate()
            .filter_map(|(place, operator)| {
                let of: Vec<_> = conditions(values)
                    .into_iter()
                    .filter(|(name, _)| name == operator)
                    .collect();
                let count = of.len();
                of.into_iter().nth(place % count.max(1))
            })
            .collect();
        for (place, (first, value)) in some.iter().enumerate() {
            for (second, other) in &some[place + 1..] {
                list.check(&api, json!({ *member: { *first: value, *second: other } }))
                    .await;
            }
        }
    }
}

#[rstest]
#[case(activities())]
#[case(aggregates())]
#[case(users())]
#[case(categories())]
#[tokio::test]
async fn members_beside_each_other_must_all_hold(#[case] list: List) {
    let api = list.api().await;
    for (place, (member, values)) in list.members.iter().enumerate() {
        for (other, others) in &list.members[place + 1..] {
            for (operator, counter) in [("ge", "le"), ("ne", "notContains"), ("contains", "gt")] {
                let (value, limit) = (values.last(), others.first());
                list.check(
                    &api,
                    json!({ *member: { operator: value }, *other: { counter: limit } }),
                )
                .await;
            }
        }
    }
}

/// DynamoDB would refuse to look for an empty key.
#[rstest]
#[case(activities(), &["userid", "creationDateTime"])]
#[case(aggregates(), &["userid", "date"])]
#[case(users(), &["id"])]
#[tokio::test]
async fn a_key_is_compared_with_an_empty_text_like_with_any_other(#[case] list: List, #[case] keys: &[&str]) {
    let api = list.api().await;
    for key in keys {
        for operator in [
            "eq",
            "ne",
            "lt",
            "le",
            "gt",
            "ge",
            "contains",
            "notContains",
            "beginsWith",
        ] {
            list.check(&api, json!({ *key: { operator: "" } })).await;
        }
        list.check(&api, json!({ *key: { "between": ["", "3"] } })).await;
    }
}
