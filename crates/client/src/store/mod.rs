//! The client's own small SQLite file: what the first frame is drawn from before anything was asked over a network.
//!
//! Everything in it can be had from the backend again. Rows belong to a profile and a user (`sub`), survive signing out,
//! and are never shown to anybody else.

mod days;
mod documents;
mod schema;

use std::{path::Path, time::Duration};

use rusqlite::Connection;

/// The cache can't be used; the program goes on without.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// SQLite's own report.
    #[error("the cache can't be used: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file or its directory can't be used.
    #[error("the cache can't be used: {0}")]
    Io(#[from] std::io::Error),
    /// A row holds something that this program did not write.
    #[error("the cache holds a row that can't be read: {0}")]
    Row(#[from] serde_json::Error),
}

/// Whose rows: a profile's name, and the `sub` of its user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner<'a> {
    /// The profile.
    pub profile: &'a str,
    /// The user pool's id of the user.
    pub sub: &'a str,
}

/// An open cache. Calls are short but block; one thread uses it at a time.
#[derive(Debug)]
pub struct Cache {
    connection: Connection,
}

/// What opening led to.
#[derive(Debug)]
pub struct Opened {
    /// The cache, ready.
    pub cache: Cache,
    /// Says so where a file had to be set aside, and where it is now.
    pub notice: Option<String>,
}

/// How long a writer waits for another program's write.
const BUSY: Duration = Duration::from_secs(2);

impl Cache {
    /// Opens the cache, making it where there is none. A file that is damaged, or from a newer version of this program, is
    /// renamed and a new one begun: a cache never keeps anybody from working.
    ///
    /// # Errors
    ///
    /// [`CacheError`] where neither the file nor a new one can be used, as in a read-only directory.
    pub fn open(path: &Path) -> Result<Opened, CacheError> {
        let reason = match Self::open_as_is(path) {
            Ok(cache) => return Ok(Opened { cache, notice: None }),
            Err(OpenFailure::SetAside(reason)) => reason,
            Err(OpenFailure::Fatal(error)) => return Err(error),
        };
        let aside = schema::set_aside(path)?;
        match Self::open_as_is(path) {
            Ok(cache) => Ok(Opened {
                cache,
                notice: Some(format!(
                    "The cache {reason}. It was kept as {} and a new one begun.",
                    aside.display()
                )),
            }),
            Err(OpenFailure::Fatal(error)) => Err(error),
            Err(OpenFailure::SetAside(reason)) => Err(CacheError::Io(std::io::Error::other(reason))),
        }
    }

    fn open_as_is(path: &Path) -> Result<Self, OpenFailure> {
        caltrack_private_files::prepare_database(path)?;
        let connection = Connection::open(path)?;
        connection.busy_timeout(BUSY)?;
        schema::prepare(&connection)?;
        Ok(Self { connection })
    }
}

/// Why an existing file can't be used.
enum OpenFailure {
    /// Another file in its place would do; the text completes "The cache …".
    SetAside(String),
    /// Another file wouldn't help.
    Fatal(CacheError),
}

impl From<std::io::Error> for OpenFailure {
    fn from(error: std::io::Error) -> Self {
        Self::Fatal(error.into())
    }
}

impl From<rusqlite::Error> for OpenFailure {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => {
                Self::SetAside("was damaged".to_owned())
            }
            _ => Self::Fatal(error.into()),
        }
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
        assert!(Cache::open(&path).unwrap().notice.is_none());
        assert!(Cache::open(&path).unwrap().notice.is_none());
    }

    #[test]
    fn a_damaged_cache_is_set_aside_and_said_so() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache.db");
        fs::write(&path, "no database, but somebody's bytes".repeat(100)).unwrap();
        let opened = Cache::open(&path).unwrap();
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

    /// The backend has everything that a cache holds, so it can be replaced.
    #[test]
    fn an_empty_or_truncated_cache_is_made_anew() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache.db");
        drop(Cache::open(&path).unwrap());
        let whole = fs::read(&path).unwrap();
        for length in [0, 1, 100, 4_096, whole.len() - 4_096] {
            fs::write(&path, &whole[..length]).unwrap();
            Cache::open(&path).unwrap();
            assert!(Cache::open(&path).unwrap().notice.is_none(), "{length}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_cache_is_the_owners_alone_and_never_somebody_elses_file() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache.db");
        let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        drop(Cache::open(&path).unwrap());
        assert_eq!(mode(), 0o600);
        // As earlier versions left it.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        drop(Cache::open(&path).unwrap());
        assert_eq!(mode(), 0o600);

        let elsewhere = dir.path().join("elsewhere");
        fs::rename(&path, &elsewhere).unwrap();
        symlink(&elsewhere, &path).unwrap();
        let error = Cache::open(&path).unwrap_err();
        assert!(error.to_string().contains("symbolic link"), "{error}");
    }

    #[test]
    fn a_newer_programs_cache_is_kept_for_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache.db");
        let newer = Connection::open(&path).unwrap();
        newer
            .execute_batch("CREATE TABLE future (x); PRAGMA user_version = 99")
            .unwrap();
        drop(newer);
        for expected in ["set-aside-1", "set-aside-2"] {
            let notice = Cache::open(&path).unwrap().notice.unwrap();
            assert!(
                notice.contains("newer version") && notice.contains(expected),
                "{notice}"
            );
            let again = Connection::open(&path).unwrap();
            again.execute_batch("PRAGMA user_version = 99").unwrap();
        }
    }

    #[test]
    fn a_place_where_nothing_can_be_written_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Cache::open(&dir.path().join("missing").join("cache.db")).is_err());
    }
}
