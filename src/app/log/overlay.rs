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

    /// The newest version of an entry, which may be its deletion; none if it is unknown here.
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

#[cfg(test)]
mod tests {
    use caltrack_domain::Entry;
    use jiff::civil::date;

    use super::*;

    const DAY: Date = date(2026, 11, 23);

    fn activity(id: &str, rev: u32) -> Activity {
        Activity {
            id: id.to_owned(),
            owner: "u".to_owned(),
            entry: Entry::new(DAY, "2026-11-23T07:30:00Z".parse().unwrap(), "Food", "Lunch", 650),
            rev,
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    fn listed(overlay: &Overlay, list: &[Activity]) -> Vec<(String, u32)> {
        let list: Vec<Arc<Activity>> = list.iter().cloned().map(Arc::new).collect();
        let mut newest: Vec<(String, u32)> = overlay
            .over(DAY, &list)
            .iter()
            .map(|activity| (activity.id.clone(), activity.rev))
            .collect();
        newest.sort();
        newest
    }

    #[test]
    fn the_newest_version_wins_wherever_it_comes_from() {
        let mut overlay = Overlay::default();
        overlay.note(activity("a", 2), false, at(0));
        overlay.note(activity("a", 1), false, at(1));
        assert_eq!(listed(&overlay, &[activity("a", 1)]), [("a".to_owned(), 2)]);
        assert_eq!(listed(&overlay, &[activity("a", 3)]), [("a".to_owned(), 3)]);
        assert_eq!(listed(&overlay, &[]), [("a".to_owned(), 2)]);
    }

    #[test]
    fn a_deleted_entry_stays_deleted() {
        let mut overlay = Overlay::default();
        overlay.note(activity("a", 2), true, at(0));
        overlay.note(activity("a", 9), false, at(1));
        assert_eq!(listed(&overlay, &[activity("a", 2)]), []);
        assert_eq!(overlay.newest("a"), Some(Version::Deleted));
        assert_eq!(overlay.newest("b"), None);
    }

    #[test]
    fn an_entry_on_another_day_is_not_listed() {
        let mut overlay = Overlay::default();
        let mut moved = activity("a", 2);
        moved.entry.date = DAY.yesterday().unwrap();
        overlay.note(moved, false, at(0));
        assert_eq!(listed(&overlay, &[activity("a", 1)]), []);
    }

    #[test]
    fn what_a_list_contains_is_forgotten_and_the_rest_after_a_minute() {
        let list = [Arc::new(activity("a", 1))];
        let mut overlay = Overlay::default();
        overlay.note(activity("a", 1), false, at(0));
        overlay.note(activity("b", 1), false, at(0));
        overlay.note(activity("c", 1), true, at(0));
        overlay.forget_listed(DAY, &list, at(60));
        assert_eq!(overlay.newest("a"), None);
        assert!(overlay.newest("b").is_some());
        assert_eq!(overlay.newest("c"), Some(Version::Deleted));
        overlay.forget_listed(DAY, &list, at(61));
        assert_eq!(overlay, Overlay::default());
    }

    #[test]
    fn no_more_than_its_capacity_is_remembered() {
        let mut overlay = Overlay::default();
        for n in 0..=CAPACITY {
            overlay.note(activity(&n.to_string(), 1), false, at(0));
        }
        assert_eq!(overlay.known.len(), CAPACITY);
        assert_eq!(overlay.newest("0"), None);
    }
}
