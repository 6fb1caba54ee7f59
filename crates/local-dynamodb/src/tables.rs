//! The handle on the tables: DynamoDB's API in JSON.
//!
//! The engine is `dynoxide`: DynamoDB's expressions, indexes, transactions and streams on `SQLite`. It blocks, so one
//! thread owns it and takes calls from a bounded queue, in which callers take turns ([`fair_queue`]).
//!
//! # Durability
//!
//! A call is answered only when its write survives a power cut. `SQLite` at `synchronous = FULL` would sync the
//! write-ahead log once per call, which costs a disk's round trip each. So the connection runs at `NORMAL`, where a
//! commit appends to the log without syncing; the thread executes all writes that queued up meanwhile, syncs the log
//! **once** (`sync.rs`), and only then answers them. No read runs between a write and its sync, so that no response
//! contains what a power cut could undo.
//!
//! Why that is enough:
//! - A commit is in the log as frames with a running checksum, and recovery stops at the first frame with a wrong one.
//!   Once the log is synced up to a commit, that commit is recovered; a torn commit was never acknowledged.
//! - `NORMAL` still syncs the log before a checkpoint copies it into the database, syncs the database before the log is
//!   reused, and syncs the log's header when it restarts (`walCheckpoint`, `sqlite3WalFrames` in SQLite's
//!   `wal.c`). So pages leave the log only after they are durable in the database.
//! - The names of new files are made durable once, when the tables are opened.
//! - If a sync fails, the state of the disk is unknown: everything unanswered and everything later fails, until the
//!   tables are opened again.

use std::{path::Path, path::PathBuf, sync::Arc, time::Duration};

use async_trait::async_trait;
use caltrack_local_core::{
    fair_queue,
    tables::{DynamoError, Operation, TableApi},
};
use serde_json::Value;
use tokio::sync::{oneshot, watch};

use crate::{
    engine::Engine,
    error::OpenError,
    observer::Observer,
    sweep,
    sync::{Syncer, WalSyncer},
    worker::{TableTask, TableWorker},
};

/// How long [`Tables::caught_up`] waits for the stream's reader.
const CATCH_UP_TIMEOUT: Duration = Duration::from_secs(5);

/// A handle on the tables; clones share them.
#[derive(Debug, Clone)]
pub struct Tables {
    jobs: fair_queue::Sender<TableTask>,
    pub(crate) shared: Arc<Shared>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    path: PathBuf,
    /// The caller of everything that isn't called for a user.
    backend_caller: Arc<str>,
    /// The stream's last position that is durable.
    pub(crate) head: watch::Receiver<i64>,
    /// Position up to which the stream's reader has handled it; none if the stream has no reader.
    pub(crate) handled: watch::Sender<Option<i64>>,
}

impl Tables {
    /// Opens the database at `path`; creates it and the tables if absent. Blocks for some milliseconds.
    ///
    /// # Errors
    ///
    /// [`OpenError`]; existing files are unchanged.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        Self::on(Engine::open(path)?, path, Box::new(WalSyncer::of(path)))
    }

    /// Starts the thread on an engine whose files may not be durable yet.
    pub(crate) fn on(
        mut engine: Engine,
        path: &Path,
        mut syncer: Box<dyn Syncer>,
    ) -> Result<Self, OpenError> {
        let unavailable = |error: std::io::Error| OpenError::Unavailable {
            path: path.to_owned(),
            detail: error.to_string(),
        };
        syncer.sync().map_err(unavailable)?;
        if let Some(directory) = path.parent() {
            caltrack_private_files::sync_directory(directory).map_err(unavailable)?;
        }
        let observer = observer(path, &mut engine);
        let (jobs, queue) = fair_queue::channel();
        let (head, head_seen) = watch::channel(engine.stream_head());
        std::thread::Builder::new()
            .name("tables".to_owned())
            .spawn(move || {
                let worker = TableWorker {
                    engine,
                    syncer,
                    head,
                    observer,
                    sound: true,
                };
                worker.run(queue);
            })
            .map_err(unavailable)?;
        Ok(Self {
            jobs,
            shared: Arc::new(Shared {
                path: path.to_owned(),
                backend_caller: Arc::from(""),
                head: head_seen,
                handled: watch::Sender::new(None),
            }),
        })
    }

    /// Executes an operation for the backend itself. See [`TableApi::call_for`].
    ///
    /// # Errors
    ///
    /// [`DynamoError`] as the API reports it.
    pub async fn call(&self, operation: Operation, body: Value) -> Result<Value, DynamoError> {
        self.call_for(&self.shared.backend_caller, operation, body).await
    }

    /// Waits until the stream's reader has handled every write acknowledged so far, for five seconds at most; returns
    /// whether it has. Returns at once if the stream has no reader.
    pub async fn caught_up(&self) -> bool {
        let target = *self.shared.head.borrow();
        let mut handled = self.shared.handled.subscribe();
        let reached = handled.wait_for(|handled| handled.is_none_or(|position| position >= target));
        let caught_up = tokio::time::timeout(CATCH_UP_TIMEOUT, reached).await.is_ok();
        if !caught_up {
            tracing::warn!(target, "the stream's reader lags behind; a read went ahead of it");
        }
        caught_up
    }

    /// Deletes expired items; returns their number.
    ///
    /// # Errors
    ///
    /// [`DynamoError`] if the tables can't be read or written; some items may be deleted already.
    pub async fn sweep_expired(&self) -> Result<usize, DynamoError> {
        let path = self.shared.path.clone();
        let swept = tokio::task::spawn_blocking(move || sweep::sweep(&path))
            .await
            .map_err(|error| DynamoError::internal(&error.to_string()))??;
        if swept > 0 {
            self.ask(|reply| TableTask::Wake { reply }).await?;
        }
        Ok(swept)
    }

    /// Closes the database for all clones, after the queued calls. Later calls fail.
    pub async fn close(&self) {
        // An error means that it is already closed.
        let _ = self.ask(|reply| TableTask::Close { reply }).await;
    }

    /// Queues a task of the backend itself, and waits for its reply.
    pub(crate) async fn ask<T>(
        &self,
        job: impl FnOnce(oneshot::Sender<T>) -> TableTask,
    ) -> Result<T, DynamoError> {
        self.ask_for(&self.shared.backend_caller, job).await
    }

    async fn ask_for<T>(
        &self,
        caller: &Arc<str>,
        job: impl FnOnce(oneshot::Sender<T>) -> TableTask,
    ) -> Result<T, DynamoError> {
        let (reply, answer) = oneshot::channel();
        self.jobs
            .send(caller, job(reply))
            .await
            .map_err(|_| DynamoError::closed())?;
        answer.await.map_err(|_| DynamoError::closed())
    }
}

#[async_trait]
impl TableApi for Tables {
    async fn call_for(
        &self,
        caller: &Arc<str>,
        operation: Operation,
        body: Value,
    ) -> Result<Value, DynamoError> {
        self.ask_for(caller, |reply| TableTask::Call {
            operation,
            body,
            reply,
        })
        .await?
    }
}

/// The observer of a database: a recording in builds with the feature `record`.
#[cfg(feature = "record")]
fn observer(path: &Path, engine: &mut Engine) -> Box<dyn Observer> {
    Box::new(crate::recorder::Recorder::new(path, engine))
}

/// The observer of a database: none.
#[cfg(not(feature = "record"))]
fn observer(_: &Path, _: &mut Engine) -> Box<dyn Observer> {
    Box::new(crate::observer::Unobserved)
}
