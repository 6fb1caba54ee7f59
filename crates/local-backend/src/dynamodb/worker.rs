//! The thread that owns the engine: executes what queued up, syncs once, answers.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::Value;
use tokio::sync::{mpsc, oneshot, watch};

use super::{DynamoError, Operation, StreamRecord, engine::Engine, sync::Syncer};

/// The most jobs that share a sync: bounds how long the first waits for the last.
const GROUP: usize = 256;

/// Work for the thread.
#[derive(Debug)]
pub(super) enum Job {
    /// A call of the API.
    Call {
        operation: Operation,
        body: Value,
        reply: oneshot::Sender<Result<Value, DynamoError>>,
    },
    /// Records after a position, and the position of the last one looked at.
    ReadStream {
        after: i64,
        limit: usize,
        reply: oneshot::Sender<Result<(Vec<StreamRecord>, i64), DynamoError>>,
    },
    /// Up to where the stream was handled when the tables were last open.
    Checkpoint {
        reply: oneshot::Sender<Result<i64, DynamoError>>,
    },
    /// Records up to a position need not be kept.
    Handled {
        through: i64,
        reply: oneshot::Sender<Result<(), DynamoError>>,
    },
    /// Another connection wrote: look whether the stream has grown.
    Wake { reply: oneshot::Sender<()> },
    /// The end.
    Close { reply: oneshot::Sender<()> },
}

/// An answer that waits for the sync.
type Withheld = (
    oneshot::Sender<Result<Value, DynamoError>>,
    Result<Value, DynamoError>,
);

/// Runs until the queue or the tables are closed.
pub(super) fn run(
    mut engine: Engine,
    mut syncer: Box<dyn Syncer>,
    mut queue: mpsc::Receiver<Job>,
    head: &watch::Sender<i64>,
    #[cfg(feature = "record")] mut recorder: super::record::Recorder,
) {
    let mut group = Vec::with_capacity(GROUP);
    // Whether the disk is still known to have what was answered.
    let mut sound = true;
    let mut closing: Option<oneshot::Sender<()>> = None;
    while closing.is_none() && queue.blocking_recv_many(&mut group, GROUP) > 0 {
        let mut withheld: Vec<Withheld> = Vec::new();
        let mut wakers = Vec::new();
        let mut wrote = false;
        for job in group.drain(..) {
            match job {
                Job::Call {
                    operation,
                    body,
                    reply,
                } => {
                    #[cfg(feature = "record")]
                    let asked = body.clone();
                    let answer = if sound {
                        execute(&mut engine, operation, body)
                    } else {
                        Err(unsound())
                    };
                    #[cfg(feature = "record")]
                    if sound {
                        recorder.call(operation, &asked, &answer);
                    }
                    wrote |= operation.writes();
                    if wrote {
                        withheld.push((reply, answer));
                    } else {
                        // The caller may have gone; so with every answer here.
                        let _ = reply.send(answer);
                    }
                }
                Job::ReadStream { after, limit, reply } => drop(reply.send(engine.read_stream(after, limit))),
                Job::Checkpoint { reply } => drop(reply.send(engine.checkpoint())),
                Job::Handled { through, reply } => drop(reply.send(engine.prune(through))),
                Job::Wake { reply } => {
                    #[cfg(feature = "record")]
                    recorder.swept();
                    wakers.push(reply);
                }
                Job::Close { reply } => closing = Some(reply),
            }
        }
        if wrote
            && sound
            && let Err(error) = syncer.sync()
        {
            tracing::error!(%error, "the disk refused to keep what was written; the tables take no more calls");
            sound = false;
        }
        if sound && (wrote || !wakers.is_empty()) {
            let position = engine.stream_head();
            head.send_if_modified(|head| std::mem::replace(head, position) != position);
        }
        for (reply, answer) in withheld {
            let _ = reply.send(if sound { answer } else { Err(unsound()) });
        }
        for waker in wakers {
            let _ = waker.send(());
        }
    }
    drop(engine);
    #[cfg(feature = "record")]
    recorder.closed();
    if let Some(reply) = closing {
        let _ = reply.send(());
    }
}

/// A panic of the engine is its call's failure, not the end of the tables.
fn execute(engine: &mut Engine, operation: Operation, body: Value) -> Result<Value, DynamoError> {
    catch_unwind(AssertUnwindSafe(|| engine.call(operation, body))).unwrap_or_else(|_| {
        engine.abandon_transaction();
        Err(DynamoError::internal(
            "The engine failed on this request. Nothing of it was written.",
        ))
    })
}

fn unsound() -> DynamoError {
    DynamoError::internal(
        "The disk refused to keep what was written. What was acknowledged before is safe; this was not acknowledged. Make \
         room or repair the disk, then start again.",
    )
}
