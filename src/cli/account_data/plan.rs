//! What an account lacks of a copy.

use std::collections::{BTreeMap, HashMap, HashSet};

use caltrack_client::outbox::Listing;
use caltrack_domain::{
    Account, Activity, LogCommand, NewActivity, Profile,
    outbox::{
        Command, Library, LibraryChange, LibraryEdit, Members, ProfileChange, WeightChange, members_of,
    },
};
use caltrack_import::{AccountData, Minting};
use jiff::civil::Date;

use super::fetch::Fetched;
use crate::cli::now::Now;

/// The number of ids under which an entry is looked for, and tried: its own, and others where that one is taken.
pub(super) const MAX_IDS: u32 = 6;

/// The ids of copied entries in an account.
pub(super) struct Ids<'a> {
    account: &'a Account,
    now: &'a Now,
}

impl<'a> Ids<'a> {
    pub(super) const fn new(account: &'a Account, now: &'a Now) -> Self {
        Self { account, now }
    }

    /// The id of an entry at an attempt; its own at the first.
    pub(super) fn at(&self, id: &str, attempt: u32) -> String {
        match attempt.checked_sub(1) {
            None => id.to_owned(),
            Some(generation) => {
                let minting = Minting {
                    sub: &self.account.sub,
                    generation,
                    clock: &self.now.clock,
                };
                minting.moved(id)
            }
        }
    }
}

/// What is to be done.
#[derive(Debug, Default)]
pub(super) struct PutPlan {
    /// Entries that are missing, with the attempt at an id.
    pub(super) missing: Vec<(Activity, u32)>,
    /// Entries of an older revision, as they are and as they will be.
    pub(super) older: Vec<(Activity, Activity)>,
    /// Entries that are there, by the id that they have, with the revision of the copy.
    pub(super) present: Vec<(String, u32)>,
    pub(super) already: usize,
    /// Entries that were changed since, and stay.
    pub(super) kept: usize,
    pub(super) profile: Option<ProfileChange>,
    pub(super) library: Option<LibraryChange>,
    pub(super) weights: Vec<WeightChange>,
}

impl PutPlan {
    pub(super) fn of(data: &AccountData, target: &Fetched, queue: &Listing, ids: &Ids<'_>) -> Self {
        let mut plan = Self::default();
        let live: HashMap<&str, &Activity> = target
            .data
            .activities
            .iter()
            .map(|activity| (activity.id.as_str(), activity))
            .collect();
        let queued: HashSet<&str> = queue
            .rows
            .iter()
            .filter(|row| row.is_pending())
            .filter_map(|row| queued_id(&row.command))
            .collect();
        let attempts = if live.is_empty() && queued.is_empty() {
            1
        } else {
            MAX_IDS
        };
        for source in &data.activities {
            let mut found = None;
            for attempt in 0..attempts {
                let id = ids.at(&source.id, attempt);
                if let Some(there) = live.get(id.as_str()) {
                    found = Some(Some((*there).clone()));
                    break;
                }
                if queued.contains(id.as_str()) {
                    found = Some(None);
                    break;
                }
            }
            match found {
                None => plan.missing.push((source.clone(), 0)),
                Some(None) => plan.already += 1,
                Some(Some(there)) if there.entry == source.entry => {
                    plan.already += 1;
                    plan.present.push((there.id, source.rev));
                }
                Some(Some(there)) if there.rev < source.rev => plan.older.push((there, source.clone())),
                Some(Some(_)) => plan.kept += 1,
            }
        }
        plan.profile = profile_change(
            data.user.as_ref(),
            target.data.user.as_ref(),
            &ids.account.username,
        );
        plan.library = library_change(&data.library, &target.data.library);
        let noted: BTreeMap<Date, f64> = target.data.weights.iter().copied().collect();
        let weights = data.weights.iter().filter(|(date, _)| !noted.contains_key(date));
        plan.weights = weights
            .map(|(date, weight)| WeightChange {
                date: *date,
                weight: Some(*weight),
                before: None,
            })
            .collect();
        plan
    }

    /// The number of its changes.
    pub(super) fn size(&self) -> usize {
        self.missing.len() + self.older.len() + self.weights.len()
    }
}

/// The command that logs an entry under the id of an attempt, or that of the next one.
pub(super) fn creation(source: &Activity, attempt: u32, ids: &Ids<'_>) -> Command {
    Command::Log(LogCommand::Create(NewActivity {
        other_id: Some(ids.at(&source.id, attempt + 1)),
        ..NewActivity::new(ids.at(&source.id, attempt), source.entry.clone())
    }))
}

fn queued_id(command: &Command) -> Option<&str> {
    match command {
        Command::Log(LogCommand::Create(new)) => Some(&new.id),
        _ => None,
    }
}

/// The members of a profile that an account lacks, or has older. What it has newer stays.
fn profile_change(
    source: Option<&Profile>,
    target: Option<&Profile>,
    username: &str,
) -> Option<ProfileChange> {
    let source = source?;
    let unset = Profile::new(username);
    let before = target.unwrap_or(&unset);
    let (present, defaults) = (members_of(before), members_of(&unset));
    let is_newer = source.rev >= before.rev;
    let mut patch: Members = members_of(source);
    patch.retain(|name, value| {
        let now = present.get(name);
        now != Some(value) && (is_newer || now == defaults.get(name))
    });
    (!patch.is_empty()).then(|| ProfileChange::of(before, patch))
}

/// The items of a library that an account lacks, or has older.
fn library_change(source: &Library, target: &Library) -> Option<LibraryChange> {
    let edits = source.items.iter().map(|(key, item)| {
        let before = target.items.get(key).and_then(|item| item.value.clone());
        let edit = LibraryEdit {
            at: item.at,
            before,
            after: item.value.clone(),
        };
        (key.clone(), edit)
    });
    let mut change = LibraryChange::default();
    for (key, edit) in edits {
        let one = LibraryChange {
            edits: BTreeMap::from([(key.clone(), edit.clone())]),
        };
        if target.clone().apply(&one) {
            change.edits.insert(key, edit);
        }
    }
    (!change.edits.is_empty()).then_some(change)
}

#[cfg(test)]
mod tests {
    use caltrack_domain::{DayClock, Entry};
    use jiff::{Timestamp, civil::date, tz::TimeZone};
    use serde_json::json;

    use super::*;

    fn activity(id: &str, kcal: u32, rev: u32) -> Activity {
        Activity {
            id: id.to_owned(),
            owner: "someone".to_owned(),
            entry: Entry::new(date(2026, 11, 23), Timestamp::UNIX_EPOCH, "Food", "Lunch", kcal),
            rev,
        }
    }

    fn plan(data: &AccountData, target: AccountData) -> PutPlan {
        let account = Account {
            username: "ann".to_owned(),
            sub: "s".to_owned(),
        };
        let now = Now {
            clock: DayClock::at_midnight(TimeZone::UTC),
            moment: Timestamp::UNIX_EPOCH,
        };
        let target = Fetched {
            data: target,
            is_verified: true,
        };
        PutPlan::of(data, &target, &Listing::default(), &Ids::new(&account, &now))
    }

    #[test]
    fn what_is_missing_is_added_what_is_older_is_edited_and_what_is_newer_stays() {
        let of = |activities: Vec<Activity>| AccountData {
            activities,
            ..AccountData::default()
        };
        let [a, b, c, d] = [
            "0193aaaa-0000-7000-8000-00000000000a",
            "0193aaaa-0000-7000-8000-00000000000b",
            "0193aaaa-0000-7000-8000-00000000000c",
            "0193aaaa-0000-7000-8000-00000000000d",
        ];
        let source = of(vec![
            activity(a, 1, 1),
            activity(b, 2, 3),
            activity(c, 3, 2),
            activity(d, 4, 1),
        ]);
        let target = of(vec![activity(b, 9, 2), activity(c, 9, 2), activity(d, 4, 5)]);
        let found = plan(&source, target);
        assert_eq!(found.missing, [(activity(a, 1, 1), 0)]);
        assert_eq!(found.older, [(activity(b, 9, 2), activity(b, 2, 3))]);
        assert_eq!((found.kept, found.already), (1, 1));
        // Once everything is there, nothing is left to be done.
        assert_eq!(plan(&source, source.clone()).size(), 0);
    }

    #[test]
    fn of_the_profile_what_is_unset_is_set_and_what_was_written_more_often_stays() {
        let profile = |target: u32, height: Option<f64>, rev: u32| Profile {
            target,
            height,
            rev,
            ..Profile::new("ann")
        };
        let change = |source: &Profile, target: Option<&Profile>| {
            profile_change(Some(source), target, "ann").map(|change| json!(change.patch))
        };
        let source = profile(1_800, Some(180.0), 2);
        let both = json!({ "caloriesTargetPerDay": 1_800, "height": 180.0 });
        assert_eq!(change(&source, None), Some(both.clone()));
        assert_eq!(change(&source, Some(&profile(1_500, Some(170.0), 2))), Some(both));
        let newer = profile(1_500, None, 9);
        assert_eq!(change(&source, Some(&newer)), Some(json!({ "height": 180.0 })));
        assert_eq!(change(&source, Some(&source)), None);
    }

    #[test]
    fn of_the_library_the_newer_version_of_each_item_is_kept() {
        let library = |items: serde_json::Value| -> Library { serde_json::from_value(items).unwrap() };
        let at = |second: u32| format!("2026-11-23T07:30:{second:02}Z");
        let source = library(json!({
            "food:1": { "at": at(2), "value": { "name": "soup" } },
            "food:2": { "at": at(2), "value": null },
        }));
        let target = library(json!({
            "food:1": { "at": at(3), "value": { "name": "stew" } },
            "food:2": { "at": at(1), "value": { "name": "toast" } },
        }));
        let change = library_change(&source, &target).unwrap();
        assert_eq!(change.edits.keys().collect::<Vec<_>>(), ["food:2"]);
        let mut merged = target.clone();
        merged.apply(&change);
        assert_eq!(library_change(&source, &merged), None);
    }
}
