//! The cache's own thread: SQLite blocks, and the screens don't wait for it.

use std::{
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::JoinHandle,
};

use caltrack_domain::Category;
use jiff::{Timestamp, civil::Date};
use tokio::sync::oneshot;

use caltrack_client::{
    api::{Day, Profile},
    store::{Cache, CacheError, Owner},
};

/// Jobs that may wait. What doesn't fit is left out: the cache is only ever a copy.
const WAITING: usize = 64;

enum Job {
    Day(String, Day),
    Categories(String, Vec<Category>),
    Profile(String, Option<Profile>),
    Read(String, Date, oneshot::Sender<Option<Day>>),
}

/// Hands jobs to the cache's thread.
#[derive(Debug, Clone)]
pub(super) struct Keeper(Option<SyncSender<Job>>);

/// The cache's thread, to be joined at the end.
pub(super) struct KeeperThread(Option<JoinHandle<()>>);

/// Starts the thread; without a cache, nothing is kept and nothing remembered.
pub(super) fn start(cache: Option<Cache>, profile: String) -> (Keeper, KeeperThread) {
    let Some(cache) = cache else {
        return (Keeper(None), KeeperThread(None));
    };
    let (sender, jobs) = sync_channel(WAITING);
    let thread = std::thread::spawn(move || work(&cache, &profile, &jobs));
    (Keeper(Some(sender)), KeeperThread(Some(thread)))
}

impl KeeperThread {
    /// Waits until every job is done. Every [`Keeper`] must be gone.
    pub(super) fn join(self) {
        if let Some(thread) = self.0
            && thread.join().is_err()
        {
            tracing::error!("the cache's thread failed");
        }
    }
}

fn work(cache: &Cache, profile: &str, jobs: &Receiver<Job>) {
    for job in jobs {
        let outcome = perform(cache, profile, job);
        if let Err(error) = outcome {
            tracing::warn!(%error, "the cache misses something");
        }
    }
}

fn perform(cache: &Cache, profile: &str, job: Job) -> Result<(), CacheError> {
    let owner = |sub| Owner { profile, sub };
    match job {
        Job::Day(sub, day) => cache.save_day(owner(&sub), &day),
        Job::Categories(sub, categories) => cache.save_categories(owner(&sub), &categories, Timestamp::now()),
        Job::Profile(sub, stored) => cache.save_profile(owner(&sub), stored.as_ref()),
        Job::Read(sub, date, reply) => {
            let day = cache.day(owner(&sub), date);
            // Whoever asked may have gone on.
            let _ = reply.send(day.as_ref().ok().cloned().flatten());
            day.map(drop)
        }
    }
}

impl Keeper {
    fn send(&self, job: Job) {
        if let Some(sender) = &self.0
            && sender.try_send(job).is_err()
        {
            tracing::info!("the cache is behind; something was left out");
        }
    }

    /// Keeps a day.
    pub(super) fn keep_day(&self, sub: String, day: Day) {
        self.send(Job::Day(sub, day));
    }

    /// Keeps the categories.
    pub(super) fn keep_categories(&self, sub: String, categories: Vec<Category>) {
        self.send(Job::Categories(sub, categories));
    }

    /// Keeps the profile.
    pub(super) fn keep_profile(&self, sub: String, profile: Option<Profile>) {
        self.send(Job::Profile(sub, profile));
    }

    /// A day as it was last kept.
    pub(super) async fn day(&self, sub: String, date: Date) -> Option<Day> {
        let (reply, answer) = oneshot::channel();
        self.send(Job::Read(sub, date, reply));
        answer.await.ok().flatten()
    }
}
