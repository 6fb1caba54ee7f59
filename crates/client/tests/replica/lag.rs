//! How long a change that was learned overrides lists of its day: an index may lag behind it.

use caltrack_client::replica::{Change, Listing, Proof, Replica};
use caltrack_domain::{Activity, ChangeKind, DailyTotals, Entry};
use jiff::{SignedDuration, Timestamp, civil::Date};

use crate::model::{Copy as _, OWNER};

const DAY: Date = jiff::civil::date(2026, 11, 23);

fn entry(id: &str, rev: u32) -> Activity {
    let moment = DAY.at(12, 0, 0, 0).in_tz("UTC").unwrap().timestamp();
    Activity {
        id: id.to_owned(),
        owner: OWNER.sub.to_owned(),
        entry: Entry::new(DAY, moment, "Food", "Lunch", 600 + rev),
        rev,
    }
}

/// Totals that these entries match.
fn totals_of(entries: &[Activity]) -> DailyTotals {
    let proof = Proof::of(entries);
    DailyTotals {
        entries: Some(proof.entries),
        digest: Some(proof.digest),
        version: 7,
        ..DailyTotals::empty(DAY)
    }
}

/// A copy with the entry `old`, which a list brought; then this change was acknowledged, and so many seconds later a query
/// was sent whose list has only `listed`. Returns the ids and revs of the copy.
fn after(
    change: (ChangeKind, Activity),
    seconds: i64,
    listed: &[Activity],
    is_whole: bool,
) -> Vec<(String, u32)> {
    let mut replica = Replica::in_memory().unwrap();
    let learned = Timestamp::from_second(1_795_000_000).unwrap();
    let list = |entries: &[Activity], totals, sent| Listing {
        date: DAY,
        entries: entries.to_vec(),
        totals,
        sent,
        is_last: false,
    };
    let before = learned - SignedDuration::from_mins(5);
    replica
        .store_lists(OWNER, vec![list(&[entry("old", 1)], None, before)], before)
        .unwrap();
    let (kind, activity) = change;
    replica
        .apply(OWNER, vec![Change::Entry(kind, activity)], learned)
        .unwrap();
    let sent = learned + SignedDuration::from_secs(seconds);
    // The totals that a lagging list doesn't match are of a third state.
    let totals = if is_whole {
        totals_of(listed)
    } else {
        totals_of(&[entry("elsewhere", 1)])
    };
    replica
        .store_lists(OWNER, vec![list(listed, Some(totals), sent)], sent)
        .unwrap();
    let entries = replica.entries(DAY).into_iter();
    entries.map(|activity| (activity.id, activity.rev)).collect()
}

fn held(entries: &[(&str, u32)]) -> Vec<(String, u32)> {
    entries.iter().map(|(id, rev)| ((*id).to_owned(), *rev)).collect()
}

/// Checks that a list overrides what was learned from so many seconds on, and not before.
fn overrides_from(seconds: i64, is_whole: bool) {
    let old = [entry("old", 1)];
    for (change, learned) in [
        (
            (ChangeKind::Created, entry("new", 1)),
            held(&[("new", 1), ("old", 1)]),
        ),
        ((ChangeKind::Updated, entry("old", 2)), held(&[("old", 2)])),
        ((ChangeKind::Deleted, entry("old", 1)), held(&[])),
    ] {
        assert_eq!(after(change.clone(), seconds - 1, &old, is_whole), learned);
        assert_eq!(after(change, seconds, &old, is_whole), held(&[("old", 1)]));
    }
}

#[test]
fn a_list_that_differs_from_its_totals_overrides_changes_older_than_a_minute() {
    overrides_from(60, false);
}

#[test]
fn a_list_that_matches_its_totals_overrides_changes_older_than_half_a_minute() {
    overrides_from(30, true);
}
