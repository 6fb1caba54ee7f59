//! The four tables, behind a small port that speaks DynamoDB's JSON.
//!
//! The engine is `dynoxide`: DynamoDB's expressions, indexes, transactions and streams on `SQLite`. It blocks, so one
//! thread owns it and takes calls from a bounded queue, in which users take turns (`fair_queue.rs`).
//!
//! # What an acknowledgement is worth
//!
//! A call is answered only when its write survives a power cut. `SQLite` at `synchronous = FULL` would sync the
//! write-ahead log once per call, which costs a disk's round trip each. So the connection runs at `NORMAL`, where a
//! commit appends to the log without syncing; the thread executes all writes that queued up meanwhile, syncs the log
//! **once** (`sync.rs`), and only then answers them. No read runs between a write and its sync, so that no answer holds what
//! a power cut could take back.
//!
//! Why that is enough:
//! - A commit is in the log as frames with a running checksum, and recovery stops at the first frame that doesn't add
//!   up. Once the log is synced up to a commit, that commit is recovered; what a power cut tears was never answered.
//! - `NORMAL` still syncs the log before a checkpoint copies it into the database, syncs the database before the log is
//!   used anew, and syncs the log's header when it starts over (`walCheckpoint`, `sqlite3WalFrames` in SQLite's
//!   `wal.c`). So pages leave the log only after they are safe elsewhere.
//! - The names of new files are made durable once, when the tables are opened.
//! - If a sync fails, nobody can tell what the disk has: everything unanswered and everything later fails, until the
//!   tables are opened again.

mod engine;
mod error;
#[cfg(feature = "record")]
mod record;
mod records;
mod request_tokens;
mod schema;
mod sweep;
mod sync;
mod worker;

use std::{path::Path, path::PathBuf, sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::sync::{oneshot, watch};

use self::{
    engine::Engine,
    sync::{Syncer, WalSyncer},
    worker::{Job, Worker},
};
pub use self::{
    error::{DynamoError, OpenError},
    records::{Stream, StreamBatch, StreamRecord},
};
use crate::fair_queue;

/// Users' rows, by `id` (a Cognito `sub`).
pub const USER_TABLE: &str = "caltrack_user_table";
/// The log's entries, by `id`.
pub const ACTIVITY_TABLE: &str = "caltrack_activity_table";
/// Categories and their types, by `category`.
pub const ACTIVITY_CATEGORY_TABLE: &str = "caltrack_activity_category_table";
/// Totals by `userid` and `date`, and the aggregator's markers.
pub const USER_AGGREGATE_TABLE: &str = "caltrack_user_aggregate_table";

/// How long a read of the totals waits for the aggregator before it answers with what is there.
const SETTLE_TIMEOUT: Duration = Duration::from_secs(5);

/// An operation of DynamoDB's API: on items, and what tells about the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `GetItem`
    GetItem,
    /// `PutItem`
    PutItem,
    /// `UpdateItem`
    UpdateItem,
    /// `DeleteItem`
    DeleteItem,
    /// `Query`
    Query,
    /// `Scan`
    Scan,
    /// `BatchGetItem`
    BatchGetItem,
    /// `BatchWriteItem`
    BatchWriteItem,
    /// `TransactGetItems`
    TransactGetItems,
    /// `TransactWriteItems`. A `ClientRequestToken` is remembered for ten minutes.
    TransactWriteItems,
    /// `DescribeTable`
    DescribeTable,
    /// `DescribeTimeToLive`
    DescribeTimeToLive,
    /// `ListTables`
    ListTables,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::GetItem,
        Self::PutItem,
        Self::UpdateItem,
        Self::DeleteItem,
        Self::Query,
        Self::Scan,
        Self::BatchGetItem,
        Self::BatchWriteItem,
        Self::TransactGetItems,
        Self::TransactWriteItems,
        Self::DescribeTable,
        Self::DescribeTimeToLive,
        Self::ListTables,
    ];

    /// The API's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::GetItem => "GetItem",
            Self::PutItem => "PutItem",
            Self::UpdateItem => "UpdateItem",
            Self::DeleteItem => "DeleteItem",
            Self::Query => "Query",
            Self::Scan => "Scan",
            Self::BatchGetItem => "BatchGetItem",
            Self::BatchWriteItem => "BatchWriteItem",
            Self::TransactGetItems => "TransactGetItems",
            Self::TransactWriteItems => "TransactWriteItems",
            Self::DescribeTable => "DescribeTable",
            Self::DescribeTimeToLive => "DescribeTimeToLive",
            Self::ListTables => "ListTables",
        }
    }

    /// The operation of that name: the part of `X-Amz-Target` behind the dot.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.name() == name)
    }

    /// Whether it may change an item.
    pub fn writes(self) -> bool {
        match self {
            Self::PutItem
            | Self::UpdateItem
            | Self::DeleteItem
            | Self::BatchWriteItem
            | Self::TransactWriteItems => true,
            Self::GetItem
            | Self::Query
            | Self::Scan
            | Self::BatchGetItem
            | Self::TransactGetItems
            | Self::DescribeTable
            | Self::DescribeTimeToLive
            | Self::ListTables => false,
        }
    }
}

/// A handle on the tables; clones share them.
#[derive(Debug, Clone)]
pub struct Tables {
    jobs: fair_queue::Sender<Job>,
    shared: Arc<Shared>,
    /// The caller, for taking turns in the queue; empty for the box itself.
    caller: Arc<str>,
    settled_reads: bool,
}

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    /// The stream's last position that is durable.
    head: watch::Receiver<i64>,
    /// Up to where the stream's reader has got; none where nobody reads it.
    handled: watch::Sender<Option<i64>>,
}

impl Tables {
    /// Opens the database at `path`, and creates it and the tables where they are absent. Blocks for a moment.
    ///
    /// # Errors
    ///
    /// [`OpenError`]; what was there is untouched.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        Self::on(Engine::open(path)?, path, Box::new(WalSyncer::of(path)))
    }

    fn on(engine: Engine, path: &Path, mut syncer: Box<dyn Syncer>) -> Result<Self, OpenError> {
        let unavailable = |error: std::io::Error| OpenError::Unavailable {
            path: path.to_owned(),
            detail: error.to_string(),
        };
        syncer.sync().map_err(unavailable)?;
        if let Some(directory) = path.parent() {
            caltrack_private_files::sync_directory(directory).map_err(unavailable)?;
        }
        #[cfg(feature = "record")]
        let (engine, recorder) = {
            let mut engine = engine;
            let recorder = record::Recorder::new(path, &mut engine);
            (engine, recorder)
        };
        let (jobs, queue) = fair_queue::channel();
        let (head, head_seen) = watch::channel(engine.stream_head());
        std::thread::Builder::new()
            .name("tables".to_owned())
            .spawn(move || {
                let worker = Worker {
                    engine,
                    syncer,
                    head,
                    sound: true,
                    #[cfg(feature = "record")]
                    recorder,
                };
                worker.run(queue);
            })
            .map_err(unavailable)?;
        Ok(Self {
            jobs,
            shared: Arc::new(Shared {
                path: path.to_owned(),
                head: head_seen,
                handled: watch::Sender::new(None),
            }),
            caller: Arc::from(""),
            settled_reads: false,
        })
    }

    /// The same tables for a resolver: a read of the totals first waits until every write acknowledged before it has
    /// been aggregated. Not for the aggregator, which would wait for itself.
    #[must_use]
    pub fn for_resolvers(&self) -> Self {
        Self {
            settled_reads: true,
            ..self.clone()
        }
    }

    /// The same tables for a caller, such as a user's `sub`: callers take turns, so that one with many calls queued doesn't hold up
    /// others.
    #[must_use]
    pub fn on_behalf_of(&self, caller: &str) -> Self {
        Self {
            caller: Arc::from(caller),
            ..self.clone()
        }
    }

    /// Calls the API: request and response bodies are DynamoDB's JSON. Returns once what was written is durable.
    ///
    /// Dropping the future doesn't take back a write that is queued.
    ///
    /// # Errors
    ///
    /// [`DynamoError`] as the API has it.
    pub async fn call(&self, operation: Operation, body: Value) -> Result<Value, DynamoError> {
        if self.settled_reads
            && !operation.writes()
            && body.get("TableName").and_then(Value::as_str) == Some(USER_AGGREGATE_TABLE)
        {
            self.caught_up().await;
        }
        self.ask(|reply| Job::Call {
            operation,
            body,
            reply,
        })
        .await?
    }

    /// Waits until every write to the log acknowledged so far has been aggregated, for a few seconds at most. Returns
    /// at once where nobody reads the stream.
    pub async fn caught_up(&self) {
        let target = *self.shared.head.borrow();
        let mut handled = self.shared.handled.subscribe();
        let reached = handled.wait_for(|handled| handled.is_none_or(|position| position >= target));
        if tokio::time::timeout(SETTLE_TIMEOUT, reached).await.is_err() {
            tracing::warn!(
                target,
                "the aggregator lags behind; a read of the totals went ahead of it"
            );
        }
    }

    /// The activity table's stream, from the first record that wasn't handled yet. One reader at a time.
    ///
    /// # Errors
    ///
    /// [`DynamoError`] where the tables are closed or can't be read.
    pub async fn stream(&self) -> Result<Stream, DynamoError> {
        Stream::open(self.clone()).await
    }

    /// Whether there is any entry of any user.
    ///
    /// # Errors
    ///
    /// [`DynamoError`] where the tables are closed or can't be read.
    pub(crate) async fn hold_entries(&self) -> Result<bool, DynamoError> {
        let scan = json!({ "TableName": ACTIVITY_TABLE, "Limit": 1, "Select": "COUNT" });
        let found = self.call(Operation::Scan, scan).await?;
        Ok(found.get("Count").and_then(Value::as_u64) != Some(0))
    }

    /// Deletes items that have expired; returns how many.
    ///
    /// # Errors
    ///
    /// [`DynamoError`] where the tables can't be read or written; what was swept stays swept.
    pub async fn sweep_expired(&self) -> Result<usize, DynamoError> {
        let path = self.shared.path.clone();
        let swept = tokio::task::spawn_blocking(move || sweep::sweep(&path))
            .await
            .map_err(|error| DynamoError::internal(&error.to_string()))??;
        if swept > 0 {
            self.ask(|reply| Job::Wake { reply }).await?;
        }
        Ok(swept)
    }

    /// Closes the database, for every clone: waiting calls are answered first, later ones fail.
    pub async fn close(&self) {
        // An error says that it is closed already.
        let _ = self.ask(|reply| Job::Close { reply }).await;
    }

    async fn ask<T>(&self, job: impl FnOnce(oneshot::Sender<T>) -> Job) -> Result<T, DynamoError> {
        let (reply, answer) = oneshot::channel();
        self.jobs
            .send(&self.caller, job(reply))
            .await
            .map_err(|_| DynamoError::closed())?;
        answer.await.map_err(|_| DynamoError::closed())
    }
}

#[cfg(test)]
mod tests;
