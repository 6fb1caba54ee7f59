//! The entries of a day in the order of the log. Entries of another program arrive by the thousand.

use std::{collections::HashMap, sync::Arc};

use caltrack_domain::Activity;
use jiff::Timestamp;

/// The entries of a day by moment, then id.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct List {
    entries: Vec<Arc<Activity>>,
    /// The moment of each id, which leads to its place.
    moments: HashMap<String, Timestamp>,
}

impl List {
    pub(super) fn new(mut activities: Vec<Activity>) -> Self {
        activities.sort_by(Activity::log_order);
        Self {
            moments: activities
                .iter()
                .map(|activity| (activity.id.clone(), activity.entry.moment))
                .collect(),
            entries: activities.into_iter().map(Arc::new).collect(),
        }
    }

    pub(super) fn entries(&self) -> &[Arc<Activity>] {
        &self.entries
    }

    pub(super) fn get(&self, id: &str) -> Option<&Arc<Activity>> {
        let moment = self.moments.get(id)?;
        self.entries.get(self.place(*moment, id).ok()?)
    }

    fn place(&self, moment: Timestamp, id: &str) -> Result<usize, usize> {
        self.entries
            .binary_search_by(|entry| (entry.entry.moment, entry.id.as_str()).cmp(&(moment, id)))
    }

    /// Puts an entry in its place; returns the version that it replaces.
    pub(super) fn put(&mut self, activity: Arc<Activity>) -> Option<Arc<Activity>> {
        let before = self.remove(&activity.id);
        let moment = activity.entry.moment;
        if let Err(at) = self.place(moment, &activity.id) {
            self.moments.insert(activity.id.clone(), moment);
            self.entries.insert(at, activity);
        }
        before
    }

    pub(super) fn remove(&mut self, id: &str) -> Option<Arc<Activity>> {
        let moment = self.moments.remove(id)?;
        let at = self.place(moment, id).ok()?;
        Some(self.entries.remove(at))
    }
}
