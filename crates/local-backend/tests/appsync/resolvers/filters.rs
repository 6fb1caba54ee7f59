//! Every operator on every member of every list's filter, compared with an evaluation on the rows.

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

/// A list field, and the rows of its table.
struct List {
    field: &'static str,
    table: &'static str,
    /// The member that identifies a row.
    name: &'static str,
    rows: Vec<Value>,
    /// Whether the caller sees a row without a filter.
    seen: fn(&Value) -> bool,
    /// The members of the filter, each with operands in ascending order.
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
        // A deleted day keeps only its version.
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

/// Whether a row passes, by DynamoDB's rules: an absent attribute is unequal to every value and contains none.
fn passes(row: &Value, member: &str, operator: &str, expected: &Value) -> bool {
    let value = row.get(member);
    let order = |expected: &Value| value.and_then(|value| compare(value, expected));
    match operator {
        "eq" => order(expected) == Some(Ordering::Equal),
        "ne" => order(expected) != Some(Ordering::Equal),
        "lt" => order(expected).is_some_and(Ordering::is_lt),
        "le" => order(expected).is_some_and(Ordering::is_le),
        "gt" => order(expected).is_some_and(Ordering::is_gt),
        "ge" => order(expected).is_some_and(Ordering::is_ge),
        "between" => {
            order(&expected[0]).is_some_and(Ordering::is_ge)
                && order(&expected[1]).is_some_and(Ordering::is_le)
        }
        "beginsWith" => value
            .and_then(Value::as_str)
            .is_some_and(|text| text.starts_with(expected.as_str().expect("a string"))),
        "contains" => contains(value, expected),
        "notContains" => !contains(value, expected),
        other => panic!("no operator {other}"),
    }
}

fn compare(value: &Value, expected: &Value) -> Option<Ordering> {
    match (value, expected) {
        (Value::String(value), Value::String(expected)) => Some(value.cmp(expected)),
        (Value::Number(value), Value::Number(expected)) => value.as_f64()?.partial_cmp(&expected.as_f64()?),
        _ => None,
    }
}

/// Whether a string has the substring or a list the element; a number contains nothing.
fn contains(value: Option<&Value>, expected: &Value) -> bool {
    match value {
        Some(Value::String(text)) => expected.as_str().is_some_and(|part| text.contains(part)),
        Some(Value::Array(items)) => items.contains(expected),
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

/// Every operator with every value; `between` with every ascending pair.
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
        let mut expected: Vec<&Value> = self
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
        expected.sort_by_key(ToString::to_string);
        found.sort_by_key(ToString::to_string);
        assert_eq!(found, expected, "{} {filter}", self.field);
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
async fn several_operators_on_one_member_must_all_hold(#[case] list: List) {
    let api = list.api().await;
    for (member, values) in &list.members {
        // One condition per operator, with varying values.
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
async fn several_members_must_all_hold(#[case] list: List) {
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

/// DynamoDB itself rejects an empty key in a query.
#[rstest]
#[case(activities(), &["userid", "creationDateTime"])]
#[case(aggregates(), &["userid", "date"])]
#[case(users(), &["id"])]
#[tokio::test]
async fn a_key_can_be_compared_with_an_empty_string(#[case] list: List, #[case] keys: &[&str]) {
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
