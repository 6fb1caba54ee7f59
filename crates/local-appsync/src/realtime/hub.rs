//! The registered subscriptions.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use serde_json::{Value, json};
use tokio::sync::watch;

use super::{filter::Filter, frame_queue::FrameSender, frames};
use crate::request::{Caller, Prepared};

/// AppSync silently drops events above this size.
const LARGEST_EVENT: usize = 240 << 10;

/// The field that almost every filter has a value of.
const OWNER: &str = "userid";

/// One subscription of one socket.
pub(crate) struct Subscriber {
    /// The client's id of the subscription.
    pub(super) id: String,
    pub(crate) caller: Caller,
    pub(crate) prepared: Prepared,
    pub(super) filter: Filter,
    /// The invalidation filter, if its resolver set one.
    pub(super) invalidation: Option<Filter>,
    pub(super) frames: FrameSender,
}

impl std::fmt::Debug for Subscriber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscriber")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Subscriber {
    /// Queues an event for the client; drops it if it is too large.
    pub(crate) fn send(&self, payload: &Value) {
        let frame = json!({ "type": "data", "id": self.id, "payload": payload }).to_string();
        if frame.len() > LARGEST_EVENT {
            tracing::warn!(bytes = frame.len(), "an event is too large and was dropped");
            return;
        }
        self.frames.push(frame);
    }
}

/// Subscribers by field, and by owner if their filter requires one, so that subscribers of others cost an event nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hub {
    table: Arc<Mutex<Table>>,
    next: Arc<AtomicU64>,
    ended: Arc<watch::Sender<bool>>,
}

type Table = HashMap<Topic, HashMap<u64, Arc<Subscriber>>>;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Topic {
    field: String,
    owner: Option<String>,
}

impl Hub {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a subscriber until its registration is dropped.
    pub(super) fn register(&self, field: &str, subscriber: Subscriber) -> Registration {
        let owner = subscriber.filter.pinned(OWNER).map(str::to_owned);
        let topic = Topic {
            field: field.to_owned(),
            owner,
        };
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        lock(&self.table)
            .entry(topic.clone())
            .or_default()
            .insert(number, Arc::new(subscriber));
        Registration {
            table: Arc::downgrade(&self.table),
            topic,
            number,
        }
    }

    /// Closes all sockets, since no more events are published here.
    pub(crate) fn end(&self) {
        self.ended.send_replace(true);
    }

    /// Completes once [`Hub::end`] was called.
    pub(super) async fn ended(&self) {
        // The hub owns the sender, so there is no error.
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
    }

    /// Ends the subscriptions of a field whose invalidation filter a payload passes.
    pub(crate) fn invalidate(&self, field: &str, payload: &Value) {
        let mut ended = Vec::new();
        lock(&self.table).retain(|topic, subscribers| {
            if topic.field == field {
                subscribers.retain(|_, subscriber| {
                    let ends = subscriber
                        .invalidation
                        .as_ref()
                        .is_some_and(|filter| filter.passes(payload));
                    if ends {
                        ended.push(Arc::clone(subscriber));
                    }
                    !ends
                });
            }
            !subscribers.is_empty()
        });
        for subscriber in ended {
            subscriber.frames.push(frames::complete(&subscriber.id));
        }
    }

    /// The subscribers whose filter an event passes.
    pub(crate) fn matching(&self, field: &str, event: &Value) -> Vec<Arc<Subscriber>> {
        let owner = event.get(OWNER).and_then(Value::as_str).map(str::to_owned);
        let table = lock(&self.table);
        let mut matching = Vec::new();
        let mut topics = vec![Topic {
            field: field.to_owned(),
            owner: None,
        }];
        if owner.is_some() {
            topics.push(Topic {
                field: field.to_owned(),
                owner,
            });
        }
        for topic in topics {
            let subscribers = table.get(&topic).into_iter().flat_map(HashMap::values);
            matching.extend(
                subscribers
                    .filter(|subscriber| subscriber.filter.passes(event))
                    .cloned(),
            );
        }
        matching
    }
}

/// Keeps a subscriber in the hub until it is dropped.
#[derive(Debug)]
pub(super) struct Registration {
    table: Weak<Mutex<Table>>,
    topic: Topic,
    number: u64,
}

impl Registration {
    /// Whether the subscription is active: the server may have ended it.
    pub(super) fn is_active(&self) -> bool {
        self.table.upgrade().is_some_and(|table| {
            let table = lock(&table);
            table
                .get(&self.topic)
                .is_some_and(|subscribers| subscribers.contains_key(&self.number))
        })
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let Some(table) = self.table.upgrade() else { return };
        let mut table = lock(&table);
        if let Some(subscribers) = table.get_mut(&self.topic) {
            subscribers.remove(&self.number);
            if subscribers.is_empty() {
                table.remove(&self.topic);
            }
        }
    }
}

fn lock(table: &Mutex<Table>) -> MutexGuard<'_, Table> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}
