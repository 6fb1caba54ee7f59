//! A publisher that records totals, and fails on request.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, MutexGuard},
};

use async_trait::async_trait;
use caltrack_aggregator::{PublishError, Publisher, UserAggregate};

use super::request::Key;

/// A recording publisher.
#[derive(Default)]
pub(crate) struct Announcements {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    published: Vec<UserAggregate>,
    faults: VecDeque<Option<PublishError>>,
    broken: Option<PublishError>,
}

impl Announcements {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// How the next publications fail, one after the other.
    pub(crate) fn fail(&self, faults: impl IntoIterator<Item = Option<PublishError>>) {
        self.state().faults.extend(faults);
    }

    /// How all further publications fail.
    pub(crate) fn set_broken(&self, broken: Option<PublishError>) {
        self.state().broken = broken;
    }

    /// The totals published so far, in order.
    pub(crate) fn published(&self) -> Vec<UserAggregate> {
        self.state().published.clone()
    }

    /// What a client shows in the end: of each user and day, the totals of the highest version.
    pub(crate) fn picture(&self) -> BTreeMap<Key, UserAggregate> {
        let mut published = self.published();
        published.sort_by_key(|totals| totals.version);
        published
            .into_iter()
            .map(|totals| ((totals.userid.clone(), totals.date.clone()), totals))
            .collect()
    }

    /// What holds for every user and day at all times: a version that is announced twice has the same totals. A client
    /// replaces what it shows by a higher version, so any order of events ends in the same picture.
    pub(crate) fn assert_one_truth_per_version(&self) {
        let mut truths = BTreeMap::new();
        for totals in self.published() {
            let key = (totals.userid.clone(), totals.date.clone(), totals.version);
            let first = truths.entry(key).or_insert_with(|| totals.clone());
            assert_eq!(*first, totals, "one version, two truths");
        }
    }

    /// What holds besides, for every user and day, while batches are worked on one after the other: versions never fall.
    /// They may stand (a repeat announces again what it finds) and leap (two transactions, one publication).
    pub(crate) fn assert_versions_never_fall(&self) {
        self.assert_one_truth_per_version();
        let mut last = BTreeMap::new();
        for totals in self.published() {
            let before = last.insert((totals.userid.clone(), totals.date.clone()), totals.version);
            assert!(before <= Some(totals.version), "{before:?} before {totals:?}");
        }
    }
}

/// No answer, or a fault: it may pass.
pub(crate) fn unavailable() -> PublishError {
    PublishError::Unavailable("no subscriber can be reached".into())
}

#[async_trait]
impl Publisher for Announcements {
    async fn publish(&self, totals: &UserAggregate) -> Result<(), PublishError> {
        tokio::task::yield_now().await;
        let mut state = self.state();
        if let Some(error) = state
            .faults
            .pop_front()
            .flatten()
            .or_else(|| state.broken.clone())
        {
            return Err(error);
        }
        state.published.push(totals.clone());
        Ok(())
    }
}
