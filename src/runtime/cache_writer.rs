//! The cache's own thread: SQLite blocks, and the screens don't wait for it.

use std::{
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::JoinHandle,
};

use caltrack_domain::{Category, Day, Profile};
use jiff::{Timestamp, civil::Date};
use tokio::sync::oneshot;

use caltrack_client::store::{Cache, CacheError, Owner};

/// Operations that may wait. One that doesn't fit is dropped: the cache is only a copy.
const MAX_QUEUED: usize = 64;

/// An operation on the rows of a user, by the user's `sub`.
enum Operation {
    WriteDay(String, Day),
    WriteCategories(String, Vec<Category>),
    WriteProfile(String, Option<Profile>),
    ReadDay(String, Date, oneshot::Sender<Option<Day>>),
}

/// Queues operations for the cache's thread.
#[derive(Debug, Clone)]
pub(super) struct CacheWriter(Option<SyncSender<Operation>>);

/// The cache's thread, to be joined at the end.
pub(super) struct CacheThread(Option<JoinHandle<()>>);

/// Starts the thread. Without a cache, nothing is stored and nothing is found.
pub(super) fn start(cache: Option<Cache>, profile: String) -> (CacheWriter, CacheThread) {
    let Some(cache) = cache else {
        return (CacheWriter(None), CacheThread(None));
    };
    let (sender, operations) = sync_channel(MAX_QUEUED);
    let thread = std::thread::spawn(move || work(&cache, &profile, &operations));
    (CacheWriter(Some(sender)), CacheThread(Some(thread)))
}

impl CacheThread {
    /// Waits until every operation is done. Every [`CacheWriter`] must be dropped before.
    pub(super) fn join(self) {
        if let Some(thread) = self.0
            && thread.join().is_err()
        {
            tracing::error!("the cache's thread failed");
        }
    }
}

fn work(cache: &Cache, profile: &str, operations: &Receiver<Operation>) {
    for operation in operations {
        if let Err(error) = execute(cache, profile, operation) {
            tracing::warn!(%error, "an operation of the cache failed");
        }
    }
}

fn execute(cache: &Cache, profile: &str, operation: Operation) -> Result<(), CacheError> {
    let owner = |sub| Owner { profile, sub };
    match operation {
        Operation::WriteDay(sub, day) => cache.save_day(owner(&sub), &day),
        Operation::WriteCategories(sub, categories) => {
            cache.save_categories(owner(&sub), &categories, Timestamp::now())
        }
        Operation::WriteProfile(sub, stored) => cache.save_profile(owner(&sub), stored.as_ref()),
        Operation::ReadDay(sub, date, reply) => {
            let day = cache.day(owner(&sub), date);
            // The receiver may be gone.
            let _ = reply.send(day.as_ref().ok().cloned().flatten());
            day.map(drop)
        }
    }
}

impl CacheWriter {
    fn send(&self, operation: Operation) {
        if let Some(sender) = &self.0
            && sender.try_send(operation).is_err()
        {
            tracing::info!("the cache's queue is full; an operation was dropped");
        }
    }

    pub(super) fn write_day(&self, sub: String, day: Day) {
        self.send(Operation::WriteDay(sub, day));
    }

    pub(super) fn write_categories(&self, sub: String, categories: Vec<Category>) {
        self.send(Operation::WriteCategories(sub, categories));
    }

    /// Stores the profile, or that there is none.
    pub(super) fn write_profile(&self, sub: String, profile: Option<Profile>) {
        self.send(Operation::WriteProfile(sub, profile));
    }

    /// A day as it was last stored.
    pub(super) async fn day(&self, sub: String, date: Date) -> Option<Day> {
        let (reply, day) = oneshot::channel();
        self.send(Operation::ReadDay(sub, date, reply));
        day.await.ok().flatten()
    }
}
