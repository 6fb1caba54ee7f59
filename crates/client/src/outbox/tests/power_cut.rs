use super::*;

/// A state of the disk: the database and its log.
#[derive(Clone)]
struct Disk {
    database: Vec<u8>,
    log: Vec<u8>,
}

impl Disk {
    fn of(path: &Path) -> Self {
        Self {
            database: fs::read(path).unwrap(),
            log: fs::read(with_suffix(path, "-wal")).unwrap_or_default(),
        }
    }

    fn found(&self, path: &Path) -> (Vec<String>, usize) {
        for part in ["-wal", "-shm"] {
            fs::remove_file(with_suffix(path, part)).ok();
        }
        fs::write(path, &self.database).unwrap();
        fs::write(with_suffix(path, "-wal"), &self.log).unwrap();
        let outbox = Outbox::open(path);
        outbox.access().writable().unwrap();
        (
            ids(&outbox, &owner("local")),
            outbox.history(&owner("local")).steps().count(),
        )
    }
}

/// Bytes of a page, and of the header of a frame in the log ("WAL-mode File Format", section 1.3).
const PAGE: usize = 4_096;
const FRAME: usize = PAGE + 24;

/// The states that a power cut between two synced states can leave: any part of what was appended to the log, torn at the
/// end, and any part of the pages that a checkpoint wrote to the database.
fn between(before: &Disk, after: &Disk) -> Vec<Disk> {
    let mut states = Vec::new();
    if after.log.len() >= before.log.len() && after.log.starts_with(&before.log) {
        let appended = after.log.len() - before.log.len();
        for written in (0..appended).step_by(FRAME / 2) {
            let mut torn = after.clone();
            torn.database.clone_from(&before.database);
            torn.log.truncate(before.log.len() + written);
            states.push(torn.clone());
            torn.log.extend(std::iter::repeat_n(0x5a, 1_000));
            states.push(torn);
        }
    } else {
        // The log began anew after a checkpoint: it overwrites the old one from the start.
        for written in (0..after.log.len()).step_by(FRAME / 2) {
            let mut torn = Disk {
                database: after.database.clone(),
                log: before.log.clone(),
            };
            let end = written.min(torn.log.len());
            torn.log[..end].copy_from_slice(&after.log[..end]);
            states.push(torn);
        }
    }
    if before.database != after.database {
        // The log that is checkpointed is synced before, and stays until the database is.
        let pages = after.database.len() / PAGE;
        for written in 0..=pages {
            let mut torn = after.clone();
            if torn.log.is_empty() || !torn.log.starts_with(&before.log) {
                torn.log.clone_from(&before.log);
            }
            for page in written..before.database.len() / PAGE {
                let range = page * PAGE..(page + 1) * PAGE;
                torn.database[range.clone()].copy_from_slice(&before.database[range]);
            }
            states.push(torn);
        }
    }
    states
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
            let (found, steps) = state.found(&cut);
            assert!(
                found == known || found.len() == known.len() + 1,
                "after {n} saves, {} are there",
                found.len()
            );
            assert_eq!(&found[..known.len()], known, "a saved row is missing");
            assert_eq!(steps, found.len(), "a row and its step are written together");
            tried += 1;
        }
        assert_eq!(after.found(&cut).0.len(), n + 1);
        before = after;
    }
    assert!(
        tried > 100 && checkpoints > 2,
        "{tried} states, {checkpoints} checkpoints"
    );
}
