//! What is known of entries beyond the last list.
//!
//! On AWS the index behind a day's list lags behind the table. What this program has saved, and what subscriptions
//! reported, overrides the list until the list contains it.

use std::{collections::HashMap, sync::Arc};

use caltrack_domain::Activity;
use jiff::{SignedDuration, Timestamp, civil::Date};

/// No index lags longer than this; a list that still differs then was changed by another client.
const LONGEST_LAG: SignedDuration = SignedDuration::from_secs(60);
/// The most entries remembered; a list catches up long before.
const CAPACITY: usize = 1_024;

#[derive(Debug, Clone, PartialEq)]
struct Known {
    activity: Arc<Activity>,
    deleted: bool,
    since: Timestamp,
}

/// The newest versions of entries, until a list contains them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Overlay {
    known: Vec<Known>,
}

impl Overlay {
    /// Notes an entry's version, or its deletion. Older versions of the same entry are ignored, and a deleted id stays deleted.
    pub(super) fn note(&mut self, activity: Activity, deleted: bool, now: Timestamp) {
        let since = now;
        if let Some(known) = self
            .known
            .iter_mut()
            .find(|known| known.activity.id == activity.id)
        {
            if !known.deleted && (deleted || activity.rev >= known.activity.rev) {
                let activity = Arc::new(activity);
                *known = Known {
                    activity,
                    deleted,
                    since,
                };
            }
            return;
        }
        if self.known.len() >= CAPACITY {
            self.known.remove(0);
        }
        let activity = Arc::new(activity);
        self.known.push(Known {
            activity,
            deleted,
            since,
        });
    }

    /// Forgets what a list of `date`, requested at `requested`, contains by itself.
    pub(super) fn forget_listed(&mut self, date: Date, list: &[Arc<Activity>], requested: Timestamp) {
        let revisions: HashMap<&str, u32> = list.iter().map(|a| (a.id.as_str(), a.rev)).collect();
        self.known.retain(|known| {
            let listed = !known.deleted
                && known.activity.entry.date == date
                && revisions
                    .get(known.activity.id.as_str())
                    .is_some_and(|rev| *rev >= known.activity.rev);
            !listed && requested.duration_since(known.since) <= LONGEST_LAG
        });
    }

    /// The list of `date` in its newest version, unordered.
    pub(super) fn over(&self, date: Date, list: &[Arc<Activity>]) -> Vec<Arc<Activity>> {
        let mut known: HashMap<&str, &Known> = self
            .known
            .iter()
            .map(|known| (known.activity.id.as_str(), known))
            .collect();
        let mut newest = Vec::with_capacity(list.len() + known.len());
        for activity in list {
            let newer = known
                .remove(activity.id.as_str())
                .filter(|known| known.deleted || known.activity.rev >= activity.rev);
            match newer {
                None => newest.push(Arc::clone(activity)),
                Some(known) if known.deleted || known.activity.entry.date != date => {}
                Some(known) => newest.push(Arc::clone(&known.activity)),
            }
        }
        let added = known
            .into_values()
            .filter(|known| !known.deleted && known.activity.entry.date == date);
        newest.extend(added.map(|known| Arc::clone(&known.activity)));
        newest
    }

    /// The newest version of an entry, which may be its deletion; none where it is unknown here.
    pub(super) fn newest(&self, id: &str) -> Option<Version<'_>> {
        let known = self.known.iter().find(|known| known.activity.id == id)?;
        Some(if known.deleted {
            Version::Deleted
        } else {
            Version::Stored(&known.activity)
        })
    }
}

/// What an entry is by now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Version<'a> {
    Stored(&'a Activity),
    Deleted,
}
