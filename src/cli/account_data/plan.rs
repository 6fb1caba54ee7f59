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

/// The command that logs an entry under an id.
pub(super) fn creation(source: &Activity, id: String) -> Command {
    Command::Log(LogCommand::Create(NewActivity {
        id,
        entry: source.entry.clone(),
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
