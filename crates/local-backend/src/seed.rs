//! The categories that a fresh backend starts with.

use caltrack_local_core::tables::{ACTIVITY_CATEGORY_TABLE, DynamoError, Operation};
use caltrack_local_dynamodb::Tables;
use serde_json::{Value, json};

/// The file that `aws dynamodb batch-write-item --request-items` loads on AWS.
const CATEGORIES: &str = include_str!("../../../assets/activity-categories.json");

/// The types that a category had in the first version of the file.
const FIRST_TYPES: [(&str, [&str; 4]); 2] = [
    ("Drink", ["Tea", "Coffee", "Shake", "Juice"]),
    ("Exercise", ["Walk", "Run", "Cardio", "Weights"]),
];

/// Writes the categories into an empty table. In a table of an earlier version, a category that still has its first types gets the
/// types that were added since; other items stay as they are.
///
/// # Errors
///
/// [`DynamoError`] if the table can't be read or written.
pub(crate) async fn seed_categories(tables: &Tables) -> Result<(), DynamoError> {
    let present = tables
        .call(Operation::Scan, json!({ "TableName": ACTIVITY_CATEGORY_TABLE }))
        .await?;
    let present = present.get("Items").and_then(Value::as_array);
    let present = present.map_or(&[][..], Vec::as_slice);
    let mut items: Value =
        serde_json::from_str(CATEGORIES).map_err(|error| DynamoError::malformed(error.to_string()))?;
    let requests = items
        .get_mut(ACTIVITY_CATEGORY_TABLE)
        .and_then(Value::as_array_mut);
    if let Some(requests) = requests
        && !present.is_empty()
    {
        requests.retain(|request| {
            let name = request.pointer("/PutRequest/Item/category/S");
            present
                .iter()
                .any(|item| item.pointer("/category/S") == name && has_first_types(item))
        });
        if requests.is_empty() {
            return Ok(());
        }
    }
    tables
        .call(Operation::BatchWriteItem, json!({ "RequestItems": items }))
        .await
        .map(drop)
}

/// Whether an item of the table has the types of the first version, unchanged.
fn has_first_types(item: &Value) -> bool {
    let name = item.pointer("/category/S").and_then(Value::as_str);
    let types = item.pointer("/type/L").and_then(Value::as_array);
    let Some((types, (_, first))) = types.zip(FIRST_TYPES.iter().find(|(first, _)| Some(*first) == name))
    else {
        return false;
    };
    let types = types.iter().map(|kind| kind.get("S").and_then(Value::as_str));
    types.eq(first.iter().map(|kind| Some(*kind)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_fresh_table_gets_the_three_categories_and_an_edited_one_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let tables = Tables::open(&directory.path().join("tables.db")).unwrap();
        seed_categories(&tables).await.unwrap();
        let scan = json!({ "TableName": ACTIVITY_CATEGORY_TABLE });
        let seeded = tables.call(Operation::Scan, scan.clone()).await.unwrap();
        let mut names: Vec<_> = seeded["Items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["category"]["S"].as_str().unwrap())
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["Drink", "Exercise", "Food"]);

        tables
            .call(
                Operation::DeleteItem,
                json!({ "TableName": ACTIVITY_CATEGORY_TABLE, "Key": { "category": { "S": "Drink" } } }),
            )
            .await
            .unwrap();
        seed_categories(&tables).await.unwrap();
        assert_eq!(tables.call(Operation::Scan, scan).await.unwrap()["Count"], 2);
    }

    #[tokio::test]
    async fn a_category_of_an_earlier_version_gets_the_added_types_unless_it_was_edited() {
        let directory = tempfile::tempdir().unwrap();
        let tables = Tables::open(&directory.path().join("tables.db")).unwrap();
        let put = |category: &str, types: &[&str]| {
            let types: Vec<Value> = types.iter().map(|kind| json!({ "S": kind })).collect();
            json!({
                "TableName": ACTIVITY_CATEGORY_TABLE,
                "Item": { "category": { "S": category }, "type": { "L": types } },
            })
        };
        let edited = ["Walk", "Run", "Climbing"];
        for item in [put("Drink", &FIRST_TYPES[0].1), put("Exercise", &edited)] {
            tables.call(Operation::PutItem, item).await.unwrap();
        }
        for _ in 0..2 {
            seed_categories(&tables).await.unwrap();
            let scan = json!({ "TableName": ACTIVITY_CATEGORY_TABLE });
            let answer = tables.call(Operation::Scan, scan).await.unwrap();
            let types = |name: &str| {
                let items = answer["Items"].as_array().unwrap();
                let item = items.iter().find(|item| item["category"]["S"] == name)?;
                let types = item["type"]["L"].as_array().unwrap();
                Some(
                    types
                        .iter()
                        .map(|kind| kind["S"].as_str().unwrap().to_owned())
                        .collect::<Vec<_>>(),
                )
            };
            let drinks = types("Drink").unwrap();
            assert_eq!(drinks[..4], FIRST_TYPES[0].1);
            assert!(drinks.contains(&"Soft drink".to_owned()) && drinks.contains(&"Lunch".to_owned()));
            assert_eq!(types("Exercise").unwrap(), edited);
            assert_eq!(types("Food"), None);
        }
    }
}
