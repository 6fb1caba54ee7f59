//! `ClientRequestToken` of `TransactWriteItems`: a transaction that is sent again with its token is executed once.
//!
//! Source: DynamoDB's API reference, `TransactWriteItems`: a token is valid for ten minutes after its first request; the
//! same token with other items is an `IdempotentParameterMismatchException`. SDKs send a token with every transaction and
//! retry it without a response; without tokens, such a transaction would count twice.
//!
//! A token must be stored if and only if its transaction was committed, even if the power fails. The engine begins and
//! ends the `SQLite` transaction itself, so triggers of the connection write the token's row in the same transaction.

use caltrack_local_core::tables::DynamoError;
use dynoxide::{
    DynoxideError, actions,
    actions::transact_write_items::{TransactWriteItem, TransactWriteItemsRequest},
    storage::Storage,
};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    error::{engine_error, internal, malformed},
    request::{read, ready},
    schema,
};

/// The validity of a token, in seconds.
const REMEMBERED: i64 = 600;

/// Tokens of committed transactions, with the hash of their items and their expiry in epoch seconds.
pub(crate) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS _caltrack_request_tokens (
        token TEXT PRIMARY KEY,
        items BLOB NOT NULL,
        expires INTEGER NOT NULL
    );
    CREATE TEMP TABLE IF NOT EXISTS caltrack_current_token (token TEXT, items BLOB, expires INTEGER);";

/// Executes a transaction, unless a transaction with its token was executed before.
pub(crate) fn execute(storage: &Storage, body: Value) -> Result<Value, DynamoError> {
    let request: TransactWriteItemsRequest = read(body)?;
    let Some(token) = request.client_request_token.clone() else {
        return run(storage, request);
    };
    if token.is_empty() {
        return Err(engine_error(DynoxideError::ValidationException(
            "1 validation error detected: Value '' at 'clientRequestToken' failed to satisfy constraint: Member must have length \
             greater than or equal to 1"
                .to_owned(),
        )));
    }
    let connection = storage.conn();
    let now = jiff::Timestamp::now().as_second();
    let items = hash(&request.transact_items)?;
    match known(connection, &token, now)? {
        Some(before) if before == items => Ok(replayed(storage, &request)),
        Some(_) => Err(engine_error(DynoxideError::IdempotentParameterMismatchException(
            "An error occurred (IdempotentParameterMismatchException)".to_owned(),
        ))),
        None => {
            let current = CurrentToken::set(connection, &token, &items, now.saturating_add(REMEMBERED))?;
            let answer = run(storage, request)?;
            // A transaction of condition checks alone fires no trigger.
            current.remember()?;
            Ok(answer)
        }
    }
}

fn run(storage: &Storage, request: TransactWriteItemsRequest) -> Result<Value, DynamoError> {
    let response = ready(actions::transact_write_items::execute(storage, request)).map_err(engine_error)?;
    serde_json::to_value(response).map_err(|error| DynamoError::internal(&error.to_string()))
}

/// The hash of the transaction with a token, if the token is still valid.
fn known(connection: &Connection, token: &str, now: i64) -> Result<Option<Vec<u8>>, DynamoError> {
    connection
        .execute("DELETE FROM _caltrack_request_tokens WHERE expires <= ?1", [now])
        .map_err(internal)?;
    connection
        .query_row(
            "SELECT items FROM _caltrack_request_tokens WHERE token = ?1",
            [token],
            |row| row.get(0),
        )
        .optional()
        .map_err(internal)
}

/// A canonical form of a transaction: the order of members and of sets' elements doesn't matter, nor the requested
/// capacity.
fn hash(items: &[TransactWriteItem]) -> Result<Vec<u8>, DynamoError> {
    let items = serde_json::to_value(items).map_err(|error| malformed(&error))?;
    Ok(Sha256::digest(canonical(items).to_string()).to_vec())
}

fn canonical(value: Value) -> Value {
    match value {
        Value::Array(elements) => elements.into_iter().map(canonical).collect(),
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members
                .into_iter()
                .map(|(name, mut value)| {
                    if let ("SS" | "NS" | "BS", Value::Array(set)) = (name.as_str(), &mut value) {
                        set.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
                    }
                    (name, canonical(value))
                })
                .collect();
            members.sort_by(|(a, _), (b, _)| a.cmp(b));
            Value::Object(members.into_iter().collect())
        }
        other => other,
    }
}

/// The response to a repeated transaction. Its capacity is that of reading the items (API reference,
/// `TransactWriteItems`).
fn replayed(storage: &Storage, request: &TransactWriteItemsRequest) -> Value {
    let mut answer = Map::new();
    if let Some(mode) = &request.return_consumed_capacity {
        let gets: Vec<Value> = request
            .transact_items
            .iter()
            .filter_map(key_of)
            .map(|(table, key)| json!({ "Get": { "TableName": table, "Key": key } }))
            .collect();
        let reading = json!({ "TransactItems": gets, "ReturnConsumedCapacity": mode });
        let read = read(reading).and_then(|request| {
            ready(actions::transact_get_items::execute(storage, request)).map_err(engine_error)
        });
        let capacity = read.ok().and_then(|read| read.consumed_capacity);
        if let Some(Ok(capacity)) = capacity.map(serde_json::to_value) {
            answer.insert("ConsumedCapacity".to_owned(), capacity);
        }
    }
    Value::Object(answer)
}

/// The table and key of one write of a transaction.
fn key_of(item: &TransactWriteItem) -> Option<(&str, Value)> {
    if let Some(put) = &item.put {
        let table = schema::tables()
            .into_iter()
            .find(|table| table.name == put.table_name)?;
        let key: Map<String, Value> = table
            .create
            .get("KeySchema")?
            .as_array()?
            .iter()
            .filter_map(|part| {
                let name = part.get("AttributeName")?.as_str()?;
                let value = serde_json::to_value(put.item.get(name)?).ok()?;
                Some((name.to_owned(), value))
            })
            .collect();
        return Some((&put.table_name, Value::Object(key)));
    }
    let (table, key) = match item {
        TransactWriteItem {
            update: Some(update), ..
        } => (&update.table_name, &update.key),
        TransactWriteItem {
            delete: Some(delete), ..
        } => (&delete.table_name, &delete.key),
        TransactWriteItem {
            condition_check: Some(check),
            ..
        } => (&check.table_name, &check.key),
        _ => return None,
    };
    Some((table, serde_json::to_value(key).ok()?))
}

const EVENTS: [&str; 3] = ["INSERT", "UPDATE", "DELETE"];

/// While this exists, every write to the tables also stores the token.
struct CurrentToken<'c>(&'c Connection);

impl<'c> CurrentToken<'c> {
    fn set(connection: &'c Connection, token: &str, items: &[u8], expires: i64) -> Result<Self, DynamoError> {
        let current = Self(connection);
        connection
            .execute(
                "INSERT INTO caltrack_current_token VALUES (?1, ?2, ?3)",
                params![token, items, expires],
            )
            .map_err(internal)?;
        for table in schema::tables() {
            for event in EVENTS {
                let name = table.name;
                connection
                    .execute_batch(&format!(
                        "CREATE TEMP TRIGGER \"caltrack_token {event} {name}\" AFTER {event} ON main.\"{name}\" BEGIN
                            INSERT OR REPLACE INTO _caltrack_request_tokens SELECT * FROM caltrack_current_token;
                         END;"
                    ))
                    .map_err(internal)?;
            }
        }
        Ok(current)
    }

    fn remember(&self) -> Result<(), DynamoError> {
        self.0
            .execute(
                "INSERT OR IGNORE INTO _caltrack_request_tokens SELECT * FROM caltrack_current_token",
                [],
            )
            .map(drop)
            .map_err(internal)
    }
}

impl Drop for CurrentToken<'_> {
    fn drop(&mut self) {
        let triggers = schema::tables().into_iter().flat_map(|table| {
            EVENTS.map(|event| {
                format!(
                    "DROP TRIGGER IF EXISTS \"caltrack_token {event} {}\";",
                    table.name
                )
            })
        });
        let clear: String = std::iter::once("DELETE FROM caltrack_current_token;".to_owned())
            .chain(triggers)
            .collect();
        if let Err(error) = self.0.execute_batch(&clear) {
            tracing::error!(%error, "a request token could not be cleared");
        }
    }
}
