//! Two tables in memory that answer as DynamoDB does, page by page, and fail on order.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard},
};

use async_trait::async_trait;
use caltrack_aggregator::{StoreError, reconcile::ReconcileStore};
use serde_json::{Map, Value, json};

type Item = Map<String, Value>;

/// Items of a page.
const PAGE: usize = 2;

/// The activity table and the table of totals.
#[derive(Default)]
pub(crate) struct Memory {
    state: Mutex<SavedState>,
}

#[derive(Default)]
struct SavedState {
    activities: BTreeMap<String, Item>,
    aggregates: BTreeMap<(String, String), Item>,
    calls: Vec<String>,
    fails_at: Option<usize>,
    dateless: bool,
}

impl Memory {
    fn state(&self) -> MutexGuard<'_, SavedState> {
        self.state.lock().unwrap()
    }

    /// Writes an entry whole.
    pub(crate) fn entry(&self, id: &str, attributes: &Value) {
        let mut item = attributes.as_object().unwrap().clone();
        item.insert("id".into(), json!({ "S": id }));
        self.state().activities.insert(id.to_owned(), item);
    }

    /// All entries.
    pub(crate) fn entries(&self) -> Vec<Value> {
        let state = self.state();
        state.activities.values().cloned().map(Value::Object).collect()
    }

    /// Writes a row of totals whole.
    pub(crate) fn row(&self, user: &str, date: &str, attributes: &Value) {
        let mut item = attributes.as_object().unwrap().clone();
        item.insert("userid".into(), json!({ "S": user }));
        item.insert("date".into(), json!({ "S": date }));
        self.state()
            .aggregates
            .insert((user.to_owned(), date.to_owned()), item);
    }

    /// A row of totals.
    pub(crate) fn stored(&self, user: &str, date: &str) -> Option<Value> {
        let state = self.state();
        let row = state.aggregates.get(&(user.to_owned(), date.to_owned()))?;
        Some(Value::Object(row.clone()))
    }

    /// The call of this number (from 0 on) has no answer, once.
    pub(crate) fn fail_at(&self, call: usize) {
        let mut state = self.state();
        let so_far = state.calls.len();
        state.fails_at = Some(so_far + call);
    }

    /// The activity table is the workshop's: it has no index by date.
    pub(crate) fn drop_index_by_date(&self) {
        self.state().dateless = true;
    }

    /// The operations that were called.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.state().calls.clone()
    }
}

impl SavedState {
    fn call(&mut self, operation: &str) -> Result<(), StoreError> {
        let number = self.calls.len();
        self.calls.push(operation.to_owned());
        if self.fails_at == Some(number) {
            self.fails_at = None;
            return Err(StoreError::Unavailable("no answer".to_owned()));
        }
        Ok(())
    }

    /// The rows of a table that a request is about, in the order of their keys.
    fn rows(&self, request: &Value) -> Vec<Item> {
        let all: Vec<Item> = if request["TableName"] == "t_activity_table" {
            self.activities.values().cloned().collect()
        } else {
            self.aggregates.values().cloned().collect()
        };
        all.into_iter().filter(|item| wanted(request, item)).collect()
    }
}

/// Key conditions, filters and segments: those that the tool sends, and no others.
fn wanted(request: &Value, item: &Item) -> bool {
    let text = |name: &str| item.get(name).and_then(|value| value["S"].as_str());
    let value = |name: &str| request["ExpressionAttributeValues"][name]["S"].as_str();
    let condition = match request["KeyConditionExpression"].as_str() {
        None => true,
        Some("userid = :user") => text("userid") == value(":user"),
        Some("userid = :user AND #date = :date") => {
            text("userid") == value(":user") && text("date") == value(":date")
        }
        Some("userid = :user AND creationDateTime BETWEEN :from AND :to") => {
            let moment = text("creationDateTime");
            text("userid") == value(":user") && value(":from") <= moment && moment <= value(":to")
        }
        Some(other) => panic!("{other}"),
    };
    let filter = match request["FilterExpression"].as_str() {
        None => true,
        Some("NOT begins_with(userid, :marker)") => {
            !text("userid").unwrap().starts_with(value(":marker").unwrap())
        }
        Some("attribute_not_exists(#date) OR attribute_type(#date, :null)") => text("date").is_none(),
        Some(other) => panic!("{other}"),
    };
    // A row's segment: anything that spreads them.
    let segment = request["TotalSegments"].as_u64().is_none_or(|of| {
        let name = text("id").or(text("userid")).unwrap();
        let hash: u64 = name.bytes().map(u64::from).sum();
        Some(hash % of) == request["Segment"].as_u64()
    });
    condition && filter && segment
}

#[async_trait]
impl ReconcileStore for Memory {
    async fn read(&self, operation: &str, request: Value) -> Result<Value, StoreError> {
        tokio::task::yield_now().await;
        let mut state = self.state();
        state.call(operation)?;
        if operation == "GetItem" {
            assert_eq!(request["ConsistentRead"], true);
            let key = &request["Key"];
            let key = (
                key["userid"]["S"].as_str().unwrap(),
                key["date"]["S"].as_str().unwrap(),
            );
            let row = state.aggregates.get(&(key.0.to_owned(), key.1.to_owned()));
            return Ok(row.map_or_else(|| json!({}), |row| json!({ "Item": row })));
        }
        assert_eq!(
            request["ConsistentRead"] == true,
            operation == "Scan",
            "an index has no consistent reads"
        );
        if state.dateless && request["IndexName"] == "userid-date-index" {
            return Err(StoreError::Rejected("ValidationException".to_owned()));
        }
        let rows = state.rows(&request);
        let after = request["ExclusiveStartKey"]["place"].as_u64().unwrap_or(0);
        let after = usize::try_from(after).unwrap();
        let page: Vec<&Item> = rows.iter().skip(after).take(PAGE).collect();
        let mut answer = json!({ "Items": page });
        if after + PAGE < rows.len() {
            answer["LastEvaluatedKey"] = json!({ "place": after + PAGE });
        }
        Ok(answer)
    }

    async fn update_item(&self, request: Value) -> Result<Option<Item>, StoreError> {
        let mut state = self.state();
        state.call("UpdateItem")?;
        let text = |name: &str| request["Key"][name]["S"].as_str().unwrap().to_owned();
        let key = (text("userid"), text("date"));
        let values = &request["ExpressionAttributeValues"];
        let row = state.aggregates.get(&key).cloned().unwrap_or_default();
        let conditions = request["ConditionExpression"].as_str().unwrap().split(" AND ");
        for condition in conditions {
            let name = |text: &str| text.replace('#', "");
            let holds = if let Some(absent) = condition.strip_prefix("attribute_not_exists(") {
                !row.contains_key(&name(absent.trim_end_matches(')')))
            } else if let Some(there) = condition.strip_prefix("attribute_exists(") {
                row.contains_key(&name(there.trim_end_matches(')')))
            } else {
                let (left, right) = condition.split_once(" = ").unwrap();
                row.get(&name(left)) == Some(&values[right])
            };
            if !holds {
                return Ok(None);
            }
        }
        let row = state.aggregates.entry(key.clone()).or_default();
        row.insert("userid".into(), json!({ "S": key.0 }));
        row.insert("date".into(), json!({ "S": key.1 }));
        let update = request["UpdateExpression"].as_str().unwrap();
        let update = update.strip_prefix("SET ").unwrap();
        let update = match update.strip_suffix(" REMOVE setByUser") {
            Some(update) => {
                row.remove("setByUser");
                update
            }
            None => update,
        };
        let sets = match update.strip_suffix(" ADD #version :one") {
            Some(sets) => {
                let version = row.get("version");
                let version: i64 =
                    version.map_or(0, |version| version["N"].as_str().unwrap().parse().unwrap());
                row.insert("version".into(), json!({ "N": (version + 1).to_string() }));
                sets
            }
            None => update,
        };
        for set in sets.split(", ") {
            let (name, value) = set.split_once(" = ").unwrap();
            row.insert(name.replace('#', ""), values[value].clone());
        }
        Ok(Some(row.clone()))
    }
}
