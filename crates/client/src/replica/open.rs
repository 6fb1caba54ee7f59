//! Opening the replica, and setting a file aside that can't be used.
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior};

use super::{
    error::{OpenFailure, ReplicaError},
    schema, search_index,
};
use crate::database;

/// The owner of rows: a user of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner<'a> {
    /// The name of the profile.
    pub profile: &'a str,
    /// The user pool's id of the user (`sub`).
    pub sub: &'a str,
}

/// An open replica. Calls block for a short time.
#[derive(Debug)]
pub struct Replica {
    pub(super) connection: Connection,
    /// None in memory.
    pub(super) file: Option<PathBuf>,
}

/// A replica that was opened.
#[derive(Debug)]
pub struct OpenReplica {
    /// The replica, ready for use.
    pub replica: Replica,
    /// Set if the previous file was set aside, with its new name.
    pub notice: Option<String>,
}

/// Statements that stay prepared.
const STATEMENTS: usize = 64;
/// How long a write waits for that of another program.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

impl Replica {
    /// Opens the replica, and creates it if it is absent. A file that is damaged, or from a newer version of this program, is
    /// renamed and replaced by a new one. One that can't be written is opened for reading.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if neither the file nor a new one can be used, as in a read-only directory.
    pub fn open(path: &Path) -> Result<OpenReplica, ReplicaError> {
        let reason = match Self::open_as_is(path) {
            Ok(replica) => {
                return Ok(OpenReplica {
                    replica,
                    notice: None,
                });
            }
            Err(OpenFailure::SetAside(reason)) => reason,
            Err(OpenFailure::Fatal(error)) => {
                return match Self::to_read(path) {
                    Some(replica) if error.is_of_permissions() => Ok(OpenReplica {
                        replica,
                        notice: None,
                    }),
                    _ => Err(error),
                };
            }
        };
        let aside = schema::set_aside(path)?;
        match Self::open_as_is(path) {
            Ok(replica) => Ok(OpenReplica {
                replica,
                notice: Some(format!(
                    "The cache {reason}. It was kept as {}, and a new one was created.",
                    aside.display()
                )),
            }),
            Err(OpenFailure::Fatal(error)) => Err(error),
            Err(OpenFailure::SetAside(reason)) => Err(ReplicaError::Io(std::io::Error::other(reason))),
        }
    }

    /// What is wrong with a file; `None` if it is whole or absent. Reads all of it, which [`Replica::open`] doesn't.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read.
    pub fn damage(path: &Path) -> Result<Option<String>, ReplicaError> {
        let Some(length) = caltrack_private_files::length(path)? else {
            return Ok(None);
        };
        if length == 0 {
            return Ok(Some("it is empty".to_owned()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let check = Connection::open_with_flags(path, flags).and_then(|connection| {
            connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))
        });
        match check.map_err(OpenFailure::from) {
            Ok(check) => Ok((check != "ok").then_some(check)),
            Err(OpenFailure::SetAside(_)) => Ok(Some("it is no database".to_owned())),
            Err(OpenFailure::Fatal(error)) => Err(error),
        }
    }

    /// Replaces a damaged file by a new one, which catching up fills; returns the path under which the old one is kept, and
    /// `None` for a file that is whole or absent.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or the directory can't be written.
    pub fn recover(path: &Path) -> Result<Option<PathBuf>, ReplicaError> {
        if Self::damage(path)?.is_none() {
            return Ok(None);
        }
        let aside = schema::set_aside(path)?;
        Self::open(path)?;
        Ok(Some(aside))
    }

    fn open_as_is(path: &Path) -> Result<Self, OpenFailure> {
        caltrack_private_files::prepare_database(path)?;
        let connection = Connection::open(path)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        schema::prepare(&connection)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(Self {
            connection,
            file: Some(path.to_owned()),
        })
    }

    /// The replica of a file that can't be written.
    fn to_read(path: &Path) -> Option<Self> {
        let connection = database::open_to_read(path, schema::is_present)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Some(Self {
            connection,
            file: None,
        })
    }

    /// A replica in memory, for a computer where the file can't be used.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if SQLite fails.
    pub fn in_memory() -> Result<Self, ReplicaError> {
        let connection = Connection::open_in_memory()?;
        schema::prepare(&connection).map_err(|failure| match failure {
            OpenFailure::Fatal(error) => error,
            OpenFailure::SetAside(reason) => ReplicaError::Io(std::io::Error::other(reason)),
        })?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(Self {
            connection,
            file: None,
        })
    }

    /// The number of an owner; none if nothing of that user was ever stored.
    pub(super) fn known_owner(&self, owner: Owner<'_>) -> Result<Option<i64>, ReplicaError> {
        let number = self
            .connection
            .prepare_cached("SELECT owner FROM owners WHERE profile = ?1 AND sub = ?2")?
            .query_row([owner.profile, owner.sub], |row| row.get(0))
            .optional()?;
        Ok(number)
    }

    /// The number of an owner, who is noted if necessary.
    pub(super) fn owner(&self, owner: Owner<'_>) -> Result<i64, ReplicaError> {
        if let Some(number) = self.known_owner(owner)? {
            return Ok(number);
        }
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
        transaction.execute(
            "INSERT OR IGNORE INTO owners (profile, sub) VALUES (?1, ?2)",
            [owner.profile, owner.sub],
        )?;
        let number = self.known_owner(owner)?;
        let number =
            number.ok_or_else(|| ReplicaError::Io(std::io::Error::other("the owner can't be noted")))?;
        search_index::create(&transaction, number)?;
        transaction.commit()?;
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_fresh_cache_opens_twice_without_a_notice() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache.db");
        assert!(Replica::open(&path).unwrap().notice.is_none());
        assert!(Replica::open(&path).unwrap().notice.is_none());
    }

    #[test]
    fn a_damaged_cache_is_set_aside_with_a_notice() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache.db");
        fs::write(&path, "no database, but other bytes".repeat(100)).unwrap();
        let opened = Replica::open(&path).unwrap();
        assert!(opened.notice.unwrap().contains("damaged"));
        let kept = fs::read_dir(dir.path())
            .unwrap()
            .filter_map(Result::ok)
            .find(|entry| entry.file_name().to_string_lossy().contains("set-aside"))
            .unwrap();
        assert!(
            fs::read_to_string(kept.path())
                .unwrap()
                .starts_with("no database")
        );
    }

    #[test]
    fn a_cache_with_a_damaged_page_is_recovered_and_a_whole_one_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache.db");
        assert_eq!(Replica::recover(&path).unwrap(), None);
        assert!(!path.exists());
        drop(Replica::open(&path).unwrap());
        assert_eq!(Replica::damage(&path).unwrap(), None);
        assert_eq!(Replica::recover(&path).unwrap(), None);
        let mut bytes = fs::read(&path).unwrap();
        let last = bytes.len() - 4_096;
        bytes[last..].fill(0x5a);
        fs::write(&path, &bytes).unwrap();
        assert!(Replica::damage(&path).unwrap().is_some());
        let aside = Replica::recover(&path).unwrap().unwrap();
        assert_eq!(fs::read(aside).unwrap(), bytes);
        assert_eq!(Replica::damage(&path).unwrap(), None);
    }

    #[test]
    fn an_empty_or_truncated_cache_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache.db");
        drop(Replica::open(&path).unwrap());
        let whole = fs::read(&path).unwrap();
        for length in [0, 1, 100, 4_096, whole.len() - 4_096] {
            fs::write(&path, &whole[..length]).unwrap();
            Replica::open(&path).unwrap();
            assert!(Replica::open(&path).unwrap().notice.is_none(), "{length}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_cache_is_private_and_a_link_is_refused() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache.db");
        let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        drop(Replica::open(&path).unwrap());
        assert_eq!(mode(), 0o600);
        // As earlier versions created it.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        drop(Replica::open(&path).unwrap());
        assert_eq!(mode(), 0o600);

        let elsewhere = dir.path().join("elsewhere");
        fs::rename(&path, &elsewhere).unwrap();
        symlink(&elsewhere, &path).unwrap();
        let error = Replica::open(&path).unwrap_err();
        assert!(error.to_string().contains("symbolic link"), "{error}");
    }

    #[test]
    fn a_cache_of_a_newer_version_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache.db");
        let newer = Connection::open(&path).unwrap();
        newer
            .execute_batch("CREATE TABLE future (x); PRAGMA user_version = 99")
            .unwrap();
        drop(newer);
        for expected in ["set-aside-1", "set-aside-2"] {
            let notice = Replica::open(&path).unwrap().notice.unwrap();
            assert!(
                notice.contains("newer version") && notice.contains(expected),
                "{notice}"
            );
            let again = Connection::open(&path).unwrap();
            again.execute_batch("PRAGMA user_version = 99").unwrap();
        }
    }

    #[test]
    fn an_absent_directory_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Replica::open(&dir.path().join("missing").join("cache.db")).is_err());
    }
}
