//! The one connection: dynoxide's storage, set up for group commits, and its table of stream records.

use std::{io, path::Path};

use caltrack_local_core::{
    account::{ACCOUNT_ID, REGION},
    tables::{ACTIVITY_TABLE, DynamoError, Operation},
};
use caltrack_private_files as private_files;
use dynoxide::{DynoxideError, actions, storage::Storage};
use rusqlite::{ErrorCode, OptionalExtension as _, params};
use serde_json::{Value, json};

use crate::{
    error::{OpenError, internal},
    request::{ready, run},
    request_tokens, schema,
    stream_record::{StreamRecord, event},
};

/// For every write to a table with a stream, dynoxide queries the highest sequence number. Without an index this reads
/// all records: 18 ms per write at 100,000 records.
///
/// The second table stores the position up to which the stream was handled. The last record is kept even if it was
/// handled, since dynoxide numbers the next one after it.
const OUR_SCHEMA: &str = "
    CREATE INDEX IF NOT EXISTS caltrack_stream_numbers
        ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
    CREATE TABLE IF NOT EXISTS _caltrack_checkpoint (
        table_name TEXT PRIMARY KEY,
        position INTEGER NOT NULL
    );";

/// The connection, and the ARN of the stream.
pub(crate) struct Engine {
    storage: Storage,
    stream_arn: String,
}

impl Engine {
    /// Opens or creates the database and the tables.
    pub(crate) fn open(path: &Path) -> Result<Self, OpenError> {
        let refused = |error: DynoxideError| open_error(path, &error);
        private_files::prepare_database(path).map_err(|error| io_error(path, &error))?;
        let name = path.to_str().ok_or_else(|| OpenError::Unavailable {
            path: path.to_owned(),
            detail: "its name is not UTF-8".to_owned(),
        })?;
        let storage = Storage::new(name).map_err(refused)?;
        configure(&storage).map_err(|error| refused(error.into()))?;
        for table in schema::tables() {
            create_table(&storage, table).map_err(refused)?;
        }
        let label = storage
            .get_table_metadata(ACTIVITY_TABLE)
            .map_err(refused)?
            .and_then(|table| table.stream_label)
            .unwrap_or_default();
        Ok(Self {
            storage,
            stream_arn: format!(
                "arn:aws:dynamodb:{REGION}:{ACCOUNT_ID}:table/{ACTIVITY_TABLE}/stream/{label}"
            ),
        })
    }

    /// Executes a call. It is committed, but not yet durable.
    pub(crate) fn call(&mut self, operation: Operation, body: Value) -> Result<Value, DynamoError> {
        let storage = &self.storage;
        match operation {
            Operation::GetItem => run(body, |request| actions::get_item::execute(storage, request)),
            Operation::PutItem => run(body, |request| actions::put_item::execute(storage, request)),
            Operation::UpdateItem => run(body, |request| actions::update_item::execute(storage, request)),
            Operation::DeleteItem => run(body, |request| actions::delete_item::execute(storage, request)),
            Operation::Query => {
                let behind_all = is_behind_the_only_item(&body);
                let answer = run(body, |request| actions::query::execute(storage, request))?;
                Ok(if behind_all { emptied(answer) } else { answer })
            }
            Operation::Scan => run(body, |request| actions::scan::execute(storage, request)),
            Operation::BatchGetItem => {
                run(body, |request| actions::batch_get_item::execute(storage, request))
            }
            Operation::BatchWriteItem => run(body, |request| {
                actions::batch_write_item::execute(storage, request)
            }),
            Operation::TransactGetItems => run(body, |request| {
                actions::transact_get_items::execute(storage, request)
            }),
            Operation::TransactWriteItems => request_tokens::execute(storage, body),
            Operation::DescribeTable => {
                // The tables have no vector indexes.
                let none = actions::vector_lifecycle::VectorIndexLifecycle::new();
                run(body, |request| {
                    actions::describe_table::execute(storage, request, &none)
                })
                .map(in_our_region)
            }
            Operation::DescribeTimeToLive => run(body, |request| {
                actions::describe_time_to_live::execute(storage, request)
            }),
            Operation::ListTables => run(body, |request| actions::list_tables::execute(storage, request)),
        }
    }

    /// Rolls back what a panic left open.
    pub(crate) fn abandon_transaction(&mut self) {
        if !self.storage.conn().is_autocommit()
            && let Err(error) = self.storage.rollback()
        {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
    }

    /// The position of the newest stream record; 0 before the first.
    pub(crate) fn stream_head(&self) -> i64 {
        // Positions are `AUTOINCREMENT` ids: they grow with every commit and are never reused.
        self.storage
            .conn()
            .query_row("SELECT COALESCE(MAX(id), 0) FROM _stream_records", [], |row| {
                row.get(0)
            })
            .unwrap_or(0)
    }

    /// The records after a position in commit order, except those without a change; and the last position that was read.
    pub(crate) fn read_stream(
        &self,
        after: i64,
        limit: usize,
    ) -> Result<(Vec<StreamRecord>, i64), DynamoError> {
        let mut last = after;
        let mut records = Vec::new();
        let mut statement = self.storage.conn().prepare_cached(
            "SELECT id, event_id, event_name, keys_json, new_image, old_image, sequence_number, created_at, user_identity
             FROM _stream_records WHERE id > ?1 AND table_name = ?2 ORDER BY id LIMIT ?3",
        ).map_err(internal)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement
            .query(params![after, ACTIVITY_TABLE, limit])
            .map_err(internal)?;
        while let Some(row) = rows.next().map_err(internal)? {
            last = row.get(0).map_err(internal)?;
            if let Some(event) = event(row, &self.stream_arn).map_err(internal)? {
                records.push(StreamRecord {
                    position: last,
                    event,
                });
            }
        }
        Ok((records, last))
    }

    /// The position up to which the stream was handled.
    pub(crate) fn checkpoint(&self) -> Result<i64, DynamoError> {
        self.storage
            .conn()
            .query_row(
                "SELECT position FROM _caltrack_checkpoint WHERE table_name = ?1",
                [ACTIVITY_TABLE],
                |row| row.get(0),
            )
            .optional()
            .map(Option::unwrap_or_default)
            .map_err(internal)
    }

    /// Stores that the stream was handled up to `through`, and deletes the records up to there, except the last one.
    ///
    /// This needs no sync: the aggregator recognises a redelivered record by its marker.
    pub(crate) fn prune(&mut self, through: i64) -> Result<(), DynamoError> {
        let transaction = self.storage.conn_mut().transaction().map_err(internal)?;
        transaction
            .execute(
                "INSERT INTO _caltrack_checkpoint (table_name, position) VALUES (?1, ?2)
                 ON CONFLICT (table_name) DO UPDATE SET position = MAX(position, excluded.position)",
                params![ACTIVITY_TABLE, through],
            )
            .map_err(internal)?;
        transaction
            .execute(
                "DELETE FROM _stream_records
                 WHERE id <= ?1 AND table_name = ?2 AND id < (SELECT MAX(id) FROM _stream_records WHERE table_name = ?2)",
                params![through, ACTIVITY_TABLE],
            )
            .map_err(internal)?;
        transaction.commit().map_err(internal)
    }

    #[cfg(test)]
    pub(crate) fn storage(&self) -> &Storage {
        &self.storage
    }
}

/// Pages in the log after which it is copied into the database: 16 MB. Pages that change with every write are copied once
/// for all changes in the log.
const CHECKPOINT: i64 = 4_000;

/// Commits append to the log without a sync; the worker syncs. See [`crate::tables`].
fn configure(storage: &Storage) -> rusqlite::Result<()> {
    let connection = storage.conn();
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    // macOS: its plain fsync leaves data in the disk's cache.
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT)?;
    connection.execute_batch(OUR_SCHEMA)?;
    connection.execute_batch(request_tokens::SCHEMA)
}

fn create_table(storage: &Storage, table: schema::TableDefinition) -> Result<(), DynoxideError> {
    if storage.table_exists(table.name)? {
        return Ok(());
    }
    let malformed = |error: serde_json::Error| DynoxideError::SerializationException(error.to_string());
    let request = serde_json::from_value(table.create).map_err(malformed)?;
    ready(actions::create_table::execute(storage, request))?;
    if let Some(attribute) = table.expires_by {
        let request = serde_json::from_value(json!({
            "TableName": table.name,
            "TimeToLiveSpecification": { "Enabled": true, "AttributeName": attribute },
        }))
        .map_err(malformed)?;
        ready(actions::update_time_to_live::execute(storage, request))?;
    }
    Ok(())
}

/// Whether a query continues after a key of a table without a sort key. Nothing follows the only item of a key, but
/// dynoxide returns it again.
fn is_behind_the_only_item(body: &Value) -> bool {
    let start = body.get("ExclusiveStartKey").and_then(Value::as_object);
    body.get("IndexName").is_none() && start.is_some_and(|key| key.len() == 1)
}

/// The page without items, as the last of its query.
fn emptied(mut page: Value) -> Value {
    if let Value::Object(members) = &mut page {
        members.remove("LastEvaluatedKey");
        if let Some(items) = members.get_mut("Items") {
            *items = json!([]);
        }
        members.extend([
            ("Count".to_owned(), json!(0)),
            ("ScannedCount".to_owned(), json!(0)),
        ]);
    }
    page
}

/// Replaces the engine's own region in ARNs.
fn in_our_region(answer: Value) -> Value {
    match answer {
        Value::String(text) => match text.strip_prefix("arn:aws:dynamodb:dynoxide:") {
            Some(rest) => Value::String(format!("arn:aws:dynamodb:{REGION}:{rest}")),
            None => Value::String(text),
        },
        Value::Array(items) => items.into_iter().map(in_our_region).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name, in_our_region(value)))
            .collect(),
        other => other,
    }
}

fn io_error(path: &Path, error: &io::Error) -> OpenError {
    let (path, detail) = (path.to_owned(), error.to_string());
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            OpenError::ReadOnly { path, detail }
        }
        _ => OpenError::Unavailable { path, detail },
    }
}

fn open_error(path: &Path, error: &DynoxideError) -> OpenError {
    let (path, detail) = (path.to_owned(), error.to_string());
    let code = match error {
        DynoxideError::SqliteError(error) => error.sqlite_error_code(),
        _ => None,
    };
    match code {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => OpenError::Damaged { path, detail },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            OpenError::ReadOnly { path, detail }
        }
        _ if detail.contains("newer version") => OpenError::Newer { path },
        // dynoxide's message mentions encryption, which is never used here.
        _ if detail.contains("not a valid SQLite database") => OpenError::Damaged {
            path,
            detail: "it is no SQLite database".to_owned(),
        },
        _ if detail.contains("malformed") => OpenError::Damaged { path, detail },
        _ => OpenError::Unavailable { path, detail },
    }
}
