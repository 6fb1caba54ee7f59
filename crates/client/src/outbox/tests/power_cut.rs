use super::*;
use crate::power_cut::{Disk, between};

/// What is there after a power cut: the rows, and the number of steps.
fn found(disk: &Disk, path: &Path) -> (Vec<String>, usize) {
    disk.put(path);
    let outbox = Outbox::open(path);
    outbox.access().writable().unwrap();
    (
        ids(&outbox, &owner("local")),
        outbox.history(&owner("local")).steps().count(),
    )
}

/// Checkpoints run between the writes, since the log is kept short.
#[test]
fn whatever_was_reported_as_saved_is_there_after_a_power_cut_between_any_two_writes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    let cut = dir.path().join("cut.db");
    let (mut outbox, me) = (Outbox::open(&path), owner("local"));
    outbox
        .database
        .connection
        .as_ref()
        .unwrap()
        .pragma_update(None, "wal_autocheckpoint", 20)
        .unwrap();
    let mut before = Disk::of(&path);
    let (mut tried, mut checkpoints) = (0, 0);
    for n in 0..12 {
        let known = ids(&outbox, &me);
        save(&mut outbox, &me, &format!("{n:03}"));
        let after = Disk::of(&path);
        checkpoints += usize::from(before.database != after.database);
        for state in between(&before, &after) {
            let (found, steps) = found(&state, &cut);
            assert!(
                found == known || found.len() == known.len() + 1,
                "after {n} saves, {} are there",
                found.len()
            );
            assert_eq!(&found[..known.len()], known, "a saved row is missing");
            assert_eq!(steps, found.len(), "a row and its step are written together");
            tried += 1;
        }
        assert_eq!(found(&after, &cut).0.len(), n + 1);
        before = after;
    }
    assert!(
        tried > 100 && checkpoints > 2,
        "{tried} states, {checkpoints} checkpoints"
    );
}
