use std::path::Path;

use caltrack_domain::{Activity, ChangeKind, Entry};
use jiff::civil::{Date, date};

use super::*;
use crate::power_cut::{Disk, between};

const DAY: Date = date(2026, 11, 23);
const OWNER: Owner<'_> = Owner {
    profile: "local",
    sub: "u",
};

fn logged(replica: &mut Replica, number: usize) {
    let moment = "2026-11-23T12:00:00Z".parse().unwrap();
    let mut entry = Entry::new(DAY, moment, "Food", "Lunch", 650);
    entry.name = Some(format!("soup {number}"));
    let activity = Activity {
        id: format!("{number:03}"),
        owner: OWNER.sub.to_owned(),
        entry,
        rev: 1,
    };
    let change = Change::Entry(ChangeKind::Created, activity);
    replica.apply(OWNER, vec![change], moment).unwrap();
}

/// The number of entries that are there, in the day as in the index of names and in the search index.
fn found(replica: &Replica) -> usize {
    let day = replica.day(OWNER, DAY).unwrap();
    let entries = day.map_or_else(Vec::new, |day| day.entries);
    let mut ids: Vec<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
    ids.sort_unstable();
    let first: Vec<String> = (0..ids.len()).map(|number| format!("{number:03}")).collect();
    assert_eq!(ids, first);
    assert_eq!(replica.search(OWNER, "soup", 99).unwrap().len(), ids.len());
    assert_eq!(
        replica.named_entries(OWNER, "", 99, |_| true).unwrap().0.len(),
        ids.len()
    );
    ids.len()
}

/// Opens a state of the disk; a file that can't be used is replaced. Either can be written.
fn recovered(disk: &Disk, path: &Path) -> (usize, bool) {
    disk.put(path);
    let opened = Replica::open(path).unwrap();
    let mut replica = opened.replica;
    let count = found(&replica);
    logged(&mut replica, count);
    assert_eq!(found(&replica), count + 1);
    (count, opened.notice.is_some())
}

/// Its transactions aren't synced, so that a power cut may take those since the last checkpoint: sync fetches them again.
#[test]
fn after_a_power_cut_between_any_two_writes_the_cache_opens_at_an_earlier_state() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.db");
    let cut = dir.path().join("cut.db");
    let mut replica = Replica::open(&path).unwrap().replica;
    let empty = Disk {
        database: Vec::new(),
        log: Vec::new(),
    };
    let mut before = Disk::of(&path);
    for state in between(&empty, &before) {
        assert_eq!(recovered(&state, &cut).0, 0);
    }
    replica
        .connection
        .pragma_update(None, "wal_autocheckpoint", 30)
        .unwrap();
    let mut synced = before.clone();
    let (mut tried, mut checkpoints, mut lost) = (0, 0, 0);
    for number in 0..8 {
        logged(&mut replica, number);
        let after = Disk::of(&path);
        // A third of the states are of all kinds, and differ from write to write.
        for state in between(&synced, &after).into_iter().skip(number % 3).step_by(3) {
            let (count, is_replaced) = recovered(&state, &cut);
            assert!(count <= number + 1 && !is_replaced, "{count} of {number}");
            lost += usize::from(count < number);
            tried += 1;
        }
        assert_eq!(recovered(&after, &cut).0, number + 1);
        if before.database != after.database {
            checkpoints += 1;
            synced = after.clone();
        }
        before = after;
    }
    assert!(
        tried > 100 && checkpoints > 1 && lost > 0,
        "{tried} states, {checkpoints} checkpoints, {lost} of them without a transaction that had returned"
    );
}
