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

/// Bytes of a page, and of the header of a frame in the log ("WAL-mode File Format", section 1.3).
const PAGE: usize = 4_096;
const FRAME: usize = PAGE + 24;

/// The states that a power cut can leave after the log was synced in one state, while it grows to another one: any part of
/// what was written to it, torn at the end, and any part of the pages that a checkpoint wrote to the database.
pub(crate) fn between(synced: &Disk, after: &Disk) -> Vec<Disk> {
    let mut states = Vec::new();
    let (old, new) = (&synced.log, &after.log);
    if new.starts_with(old) {
        for written in (old.len()..new.len()).step_by(FRAME / 2) {
            let mut torn = Disk {
                database: synced.database.clone(),
                log: new[..written].to_vec(),
            };
            states.push(torn.clone());
            torn.log.extend(std::iter::repeat_n(0x5a, 1_000));
            states.push(torn);
        }
    } else {
        // The log began anew after a checkpoint: it overwrites the old one from the start.
        for written in (0..new.len()).step_by(FRAME / 2) {
            let rest = old.get(written..).unwrap_or_default();
            states.push(Disk {
                database: synced.database.clone(),
                log: [&new[..written], rest].concat(),
            });
        }
    }
    if synced.database != after.database {
        // The log is synced before its pages are copied, and stays until the database is.
        for written in 0..=after.database.len() / PAGE {
            let mut torn = after.clone();
            for page in written..synced.database.len() / PAGE {
                let range = page * PAGE..(page + 1) * PAGE;
                torn.database[range.clone()].copy_from_slice(&synced.database[range]);
            }
            states.push(torn);
        }
    }
    states
}
