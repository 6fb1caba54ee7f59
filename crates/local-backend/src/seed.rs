//! The categories that a fresh backend starts with.

use caltrack_local_core::tables::{ACTIVITY_CATEGORY_TABLE, DynamoError, Operation};
use caltrack_local_dynamodb::Tables;
use serde_json::{Value, json};

/// The file that `aws dynamodb batch-write-item --request-items` loads on AWS.
const CATEGORIES: &str = include_str!("../../../assets/activity-categories.json");

/// Writes the categories into an empty table; a table with items stays as it is.
///
/// # Errors
///
/// [`DynamoError`] if the table can't be read or written.
pub(crate) async fn seed_categories(tables: &Tables) -> Result<(), DynamoError> {
    let present = tables
        .call(
            Operation::Scan,
            json!({ "TableName": ACTIVITY_CATEGORY_TABLE, "Limit": 1 }),
        )
        .await?;
    if present.get("Count").and_then(Value::as_u64) != Some(0) {
        return Ok(());
    }
    let items: Value =
        serde_json::from_str(CATEGORIES).map_err(|error| DynamoError::malformed(error.to_string()))?;
    tables
        .call(Operation::BatchWriteItem, json!({ "RequestItems": items }))
        .await
        .map(drop)
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
}
