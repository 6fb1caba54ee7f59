//! The thread that owns the engine: executes all queued writes, syncs once, then acknowledges them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use caltrack_local_core::{
    fair_queue::Receiver,
    tables::{DynamoError, Operation},
};
use serde_json::Value;
use tokio::sync::{oneshot, watch};

use crate::{engine::Engine, observer::Observer, stream_record::StreamRecord, sync::Syncer};

/// The maximum number of writes per sync. It bounds how long the first write waits for the last.
const GROUP: usize = 256;

/// A task for the thread.
#[derive(Debug)]
pub(crate) enum TableTask {
    /// An operation of the API.
    Call {
        operation: Operation,
        body: Value,
        reply: oneshot::Sender<Result<Value, DynamoError>>,
    },
    /// Reads records after a position; replies with the last position that was read, too.
    ReadStream {
        after: i64,
        limit: usize,
        reply: oneshot::Sender<Result<(Vec<StreamRecord>, i64), DynamoError>>,
    },
    /// Reads the position up to which the stream was handled, when the tables were last open or later.
    Checkpoint {
        reply: oneshot::Sender<Result<i64, DynamoError>>,
    },
    /// Deletes the records up to a position.
    Handled {
        through: i64,
        reply: oneshot::Sender<Result<(), DynamoError>>,
    },
    /// Another connection wrote: announce its stream records.
    Wake { reply: oneshot::Sender<()> },
    /// Closes the tables after the queued tasks.
    Close { reply: oneshot::Sender<()> },
}

impl TableTask {
    fn writes(&self) -> bool {
        matches!(self, Self::Call { operation, .. } if operation.writes())
    }
}

/// The state of the thread.
pub(crate) struct TableWorker {
    pub(crate) engine: Engine,
    pub(crate) syncer: Box<dyn Syncer>,
    pub(crate) head: watch::Sender<i64>,
    pub(crate) observer: Box<dyn Observer>,
    /// Whether every sync succeeded: everything acknowledged is durable.
    pub(crate) sound: bool,
}

impl TableWorker {
    /// Runs until the queue or the tables are closed; queued calls are still executed then.
    pub(crate) fn run(mut self, mut queue: Receiver<TableTask>) {
        let mut closing = Vec::new();
        while let Some(job) = queue.recv() {
            if job.writes() {
                self.write(job, &mut queue);
                continue;
            }
            match job {
                TableTask::Call {
                    operation,
                    body,
                    reply,
                } => {
                    // The caller of a read may be gone; then the response is dropped. The same applies to every
                    // response here.
                    if !reply.is_closed() {
                        let _ = reply.send(self.execute(operation, body));
                    }
                }
                TableTask::ReadStream { after, limit, reply } => {
                    drop(reply.send(self.engine.read_stream(after, limit)));
                }
                TableTask::Checkpoint { reply } => drop(reply.send(self.engine.checkpoint())),
                TableTask::Handled { through, reply } => drop(reply.send(self.engine.prune(through))),
                TableTask::Wake { reply } => {
                    self.observer.changed_elsewhere();
                    self.announce();
                    let _ = reply.send(());
                }
                TableTask::Close { reply } => {
                    queue.close();
                    closing.push(reply);
                }
            }
        }
        drop(self.engine);
        self.observer.closed();
        for reply in closing {
            let _ = reply.send(());
        }
    }

    /// Executes a write and the queued ones, syncs, and acknowledges them.
    fn write(&mut self, first: TableTask, queue: &mut Receiver<TableTask>) {
        let mut withheld = Vec::new();
        let mut next = Some(first);
        while let Some(TableTask::Call {
            operation,
            body,
            reply,
        }) = next
        {
            withheld.push((reply, self.execute(operation, body)));
            next = (withheld.len() < GROUP)
                .then(|| queue.try_recv_if(TableTask::writes))
                .flatten();
        }
        if self.sound
            && let Err(error) = self.syncer.sync()
        {
            tracing::error!(%error, "the disk refused to keep what was written; the tables take no more calls");
            self.sound = false;
        }
        self.announce();
        for (reply, answer) in withheld {
            let _ = reply.send(if self.sound { answer } else { Err(unsound()) });
        }
    }

    /// Notifies the stream's reader of the last position.
    fn announce(&self) {
        if self.sound {
            let position = self.engine.stream_head();
            self.head
                .send_if_modified(|head| std::mem::replace(head, position) != position);
        }
    }

    /// Executes a call. A panic of the engine fails the call, not the tables.
    fn execute(&mut self, operation: Operation, body: Value) -> Result<Value, DynamoError> {
        if !self.sound {
            return Err(unsound());
        }
        self.observer.called(operation, &body);
        let answer =
            catch_unwind(AssertUnwindSafe(|| self.engine.call(operation, body))).unwrap_or_else(|_| {
                self.engine.abandon_transaction();
                Err(DynamoError::internal(
                    "The engine failed on this request. Nothing of it was written.",
                ))
            });
        self.observer.answered(&answer);
        answer
    }
}

fn unsound() -> DynamoError {
    DynamoError::storage(
        "The disk refused to keep what was written. What was acknowledged before is safe; this was not acknowledged. Make \
         room or repair the disk, then start again.",
    )
}
