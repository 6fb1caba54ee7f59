//! Every operator on every member of every filter.

use serde_json::{Value, json};

use crate::{interface::Interface, operations::Client, world::World};

const DATE: &str = "2019-02-03";

/// An operand with which a row passes, and one with which it fails.
struct Probe {
    passing: Value,
    failing: Value,
}

/// The operands of an operator for a row's value; null where there is none.
fn probe(operator: &str, value: &Value) -> Option<Probe> {
    let (passing, failing) = match value {
        Value::String(text) => of_text(operator, text)?,
        Value::Array(items) => of_list(operator, &items[0]),
        // All numbers are whole, although some members are floats.
        number => of_number(operator, number.to_string().trim_end_matches(".0").parse().ok()?)?,
    };
    Some(Probe { passing, failing })
}

/// `!` is less than any string of the rows, `~` is greater.
fn of_text(operator: &str, text: &str) -> Option<(Value, Value)> {
    Some(match operator {
        "eq" | "ge" => (json!(text), json!("~")),
        "ne" | "lt" => (json!("~"), json!(text)),
        "le" => (json!(text), json!("!")),
        "gt" => (json!("!"), json!(text)),
        "between" => (json!(["!", text]), json!(["!", "!!"])),
        "beginsWith" => (json!(text.split_at(2).0), json!("~")),
        "contains" => (json!(text.split_at(1).1), json!("~")),
        "notContains" => (json!("~"), json!(text.split_at(1).1)),
        _ => return None,
    })
}

/// In DynamoDB, a list is unequal to every string, and neither less nor greater.
fn of_list(operator: &str, item: &Value) -> (Value, Value) {
    match operator {
        "contains" => (item.clone(), json!("~")),
        "notContains" => (json!("~"), item.clone()),
        "ne" => (item.clone(), Value::Null),
        "between" => (Value::Null, json!(["!", "~"])),
        _ => (Value::Null, item.clone()),
    }
}

/// A number contains nothing.
fn of_number(operator: &str, number: i64) -> Option<(Value, Value)> {
    Some(match operator {
        "eq" | "ge" => (json!(number), json!(number + 1)),
        "ne" | "lt" => (json!(number + 1), json!(number)),
        "le" => (json!(number), json!(number - 1)),
        "gt" => (json!(number - 1), json!(number)),
        "between" => (json!([number, number + 1]), json!([number + 1, number + 2])),
        "contains" => (Value::Null, json!(number)),
        "notContains" => (json!(number), Value::Null),
        _ => return None,
    })
}

/// The lists with a filter, by the input's name.
const LISTS: [(&str, &str); 4] = [
    ("listActivities", "TableActivityFilterInput"),
    ("listActivityCategories", "TableActivityCategoryFilterInput"),
    ("listUserAggregates", "TableUserAggregateFilterInput"),
    ("listUsers", "TableUserFilterInput"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_operator_of_every_filter_selects_the_right_rows() {
    let world = World::exposed().await;
    let mut client = Client::new(&world).await;
    let sub = client.session.sub.clone();
    let user = json!({ "id": sub, "username": "Ann", "height": 160.0, "weight": 64.0, "caloriesTargetPerDay": 1900,
        "caloriesConsumed": 5 });
    client.change("createUser", user).await;
    let totals = json!({ "userid": sub, "date": DATE, "caloriesConsumed": 1500, "caloriesBurned": 200 });
    client.change("createUserAggregate", totals).await;
    let entry = json!({ "userid": sub, "category": "Water", "type": "Still", "caloriesConsumed": 650 });
    client.change("createActivity", entry).await;

    let interface = Interface::workshop();
    let mut tried = 0;
    for (list, filter) in LISTS {
        let rows = client.query(list, json!({})).await["items"].clone();
        let row = rows[0].clone();
        for member in interface.members(filter) {
            let value = &row[member.name.as_str()];
            for operator in interface.members(member.ty.inner_named_type()) {
                let Some(Probe { passing, failing }) = probe(&operator.name, value) else {
                    panic!("no operands for {} of {value}", operator.name);
                };
                for (operand, passes) in [(passing, true), (failing, false)] {
                    if operand.is_null() {
                        continue;
                    }
                    let given = json!({ member.name.as_str(): { operator.name.as_str(): operand } });
                    let found = client.query(list, json!({ "filter": given })).await;
                    let found = found["items"].as_array().unwrap().contains(&row);
                    assert_eq!(found, passes, "{list}, {given}, {row}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 250, "{tried}");
}
