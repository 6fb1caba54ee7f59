//! What is known of entries beyond the last list.
//!
//! On AWS the index behind a day's list lags behind the table. What this program has saved, and what subscriptions told,
//! lies over the list until the list shows it.

use std::collections::HashMap;

use caltrack_domain::Activity;
use jiff::{SignedDuration, Timestamp, civil::Date};

/// No index lags longer than this; what a list still doesn't show then is somebody else's doing.
const LONGEST_LAG: SignedDuration = SignedDuration::from_secs(60);
/// The most entries remembered; a list catches up long before.
const CAPACITY: usize = 1_024;

#[derive(Debug, Clone, PartialEq)]
struct Known {
    activity: Activity,
    gone: bool,
    since: Timestamp,
}

/// See the module.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Overlay {
    known: Vec<Known>,
}

impl Overlay {
    /// Remembers that an entry is like this now, or gone. Older news of the same entry is ignored.
    pub(super) fn note(&mut self, activity: Activity, gone: bool, now: Timestamp) {
        if let Some(known) = self
            .known
            .iter_mut()
            .find(|known| known.activity.id == activity.id)
        {
            // Nothing brings an id back.
            if !known.gone && (gone || activity.rev >= known.activity.rev) {
                *known = Known {
                    activity,
                    gone,
                    since: now,
                };
            }
            return;
        }
        if self.known.len() >= CAPACITY {
            self.known.remove(0);
        }
        self.known.push(Known {
            activity,
            gone,
            since: now,
        });
    }

    /// Forgets what a list of `date`, asked for at `asked`, shows by itself.
    pub(super) fn settle(&mut self, date: Date, list: &[Activity], asked: Timestamp) {
        let revisions: HashMap<&str, u32> = list.iter().map(|a| (a.id.as_str(), a.rev)).collect();
        self.known.retain(|known| {
            let shown = !known.gone
                && known.activity.entry.date == date
                && revisions
                    .get(known.activity.id.as_str())
                    .is_some_and(|rev| *rev >= known.activity.rev);
            !shown && asked.duration_since(known.since) <= LONGEST_LAG
        });
    }

    /// The list of `date` with all that is known over it, unordered.
    pub(super) fn over(&self, date: Date, list: &[Activity]) -> Vec<Activity> {
        let mut waiting: HashMap<&str, &Known> = self
            .known
            .iter()
            .map(|known| (known.activity.id.as_str(), known))
            .collect();
        let mut result = Vec::with_capacity(list.len() + waiting.len());
        for activity in list {
            let newer = waiting
                .remove(activity.id.as_str())
                .filter(|known| known.gone || known.activity.rev >= activity.rev);
            match newer {
                None => result.push(activity.clone()),
                Some(known) if known.gone || known.activity.entry.date != date => {}
                Some(known) => result.push(known.activity.clone()),
            }
        }
        let added = waiting
            .into_values()
            .filter(|known| !known.gone && known.activity.entry.date == date);
        result.extend(added.map(|known| known.activity.clone()));
        result
    }

    /// The newest known form of an entry; none where it is unknown here, or gone.
    pub(super) fn newest(&self, id: &str) -> Option<&Activity> {
        self.known
            .iter()
            .find(|known| known.activity.id == id && !known.gone)
            .map(|known| &known.activity)
    }
}
