//! What a power cut leaves of a SQLite file in WAL mode.

use std::{ffi::OsString, fs, path::Path, path::PathBuf};

/// A state of the disk: the database and its log.
#[derive(Clone)]
pub(crate) struct Disk {
    pub(crate) database: Vec<u8>,
    pub(crate) log: Vec<u8>,
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

impl Disk {
    pub(crate) fn of(path: &Path) -> Self {
        Self {
            database: fs::read(path).unwrap(),
            log: fs::read(beside(path, "-wal")).unwrap_or_default(),
        }
    }

    /// Has a file in this state.
    pub(crate) fn put(&self, path: &Path) {
        for part in ["-wal", "-shm"] {
            fs::remove_file(beside(path, part)).ok();
        }
        fs::write(path, &self.database).unwrap();
        fs::write(beside(path, "-wal"), &self.log).unwrap();
    }
}

/// Which part of the log is on the disk for certain once a transaction has returned (`PRAGMA synchronous`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Synced {
    /// `FULL`: all of it.
    Transactions,
    /// `NORMAL`: what was checkpointed.
    Checkpoints,
}

/// Bytes of a page, and of the header of a frame in the log ("WAL-mode File Format", section 1.3).
const PAGE: usize = 4_096;
const FRAME: usize = PAGE + 24;

/// The states that a power cut between two transactions can leave: any part of what was appended to the log, torn at the
/// end, and any part of the pages that a checkpoint wrote to the database.
pub(crate) fn between(before: &Disk, after: &Disk, synced: Synced) -> Vec<Disk> {
    let mut states = Vec::new();
    if after.log.len() >= before.log.len() && after.log.starts_with(&before.log) {
        let certain = match synced {
            Synced::Transactions => before.log.len(),
            Synced::Checkpoints => 0,
        };
        for written in (certain..after.log.len()).step_by(FRAME / 2) {
            let mut torn = after.clone();
            torn.database.clone_from(&before.database);
            torn.log.truncate(written);
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
