//! The data directory: the paths in it, and its permissions.

use std::{
    io,
    path::{Path, PathBuf},
};

use caltrack_private_files::{self as private_files, Untrusted};

/// The data directory can't be used. Its content is unchanged.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DataDirProblem {
    /// It can't be created or written.
    #[error("{} can't be written ({detail}). Nothing was changed", path.display())]
    Unwritable {
        /// The directory, or the file in its place.
        path: PathBuf,
        /// The error message of the system.
        detail: String,
    },
    /// The disk is full.
    #[error("{} can't be written: the disk is full. Nothing was changed", path.display())]
    Full {
        /// The path that can't be written.
        path: PathBuf,
    },
    /// It is a link, belongs to another user, or isn't a regular file.
    #[error("{} can't be used: {reason}. Nothing was changed", path.display())]
    Untrusted {
        /// The directory, or a file in it.
        path: PathBuf,
        /// Why it is refused.
        reason: Untrusted,
    },
    /// Its name is not UTF-8, as SQLite and JSON require.
    #[error("{} can't be used: its name is not UTF-8. Nothing was changed", .0.display())]
    Name(PathBuf),
    /// Other users can read it, and closing it to them would affect files that aren't this program's.
    #[error("{} is open to other users and contains other files. Nothing was changed", path.display())]
    Shared {
        /// The directory that was refused.
        path: PathBuf,
    },
}

impl DataDirProblem {
    /// The problem that a failed access shows: untrusted, full, or not permitted.
    pub fn unwritable(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        if let Some(reason) = Untrusted::of(error) {
            return Self::Untrusted { path, reason };
        }
        if private_files::is_full(error) {
            return Self::Full { path };
        }
        Self::Unwritable {
            path,
            detail: error.to_string(),
        }
    }

    /// What to do about it.
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::Unwritable { .. } => "make it writable, or choose another --data-dir",
            Self::Full { .. } => "make room, then try again",
            Self::Untrusted { reason, .. } => reason.advice(),
            Self::Name(_) => "choose a --data-dir whose whole path is UTF-8",
            Self::Shared { .. } => "choose an empty directory, or one of this program's own, as --data-dir",
        }
    }
}

/// The directory of everything that this program writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataDir {
    path: PathBuf,
}

/// Files by which a directory of this program is recognised.
const OURS: [&str; 8] = [
    "account.json",
    "backend",
    "backend.lock",
    "cache.db",
    "config.toml",
    "log",
    "outbox.db",
    "outbox.lock",
];

impl DataDir {
    /// A directory that may not exist yet.
    pub const fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Checks that the directory, if it exists, belongs to this user. Changes nothing.
    ///
    /// # Errors
    ///
    /// [`DataDirProblem::Untrusted`] or [`DataDirProblem::Name`].
    pub fn check(&self) -> Result<(), DataDirProblem> {
        if self.path.to_str().is_none() {
            return Err(DataDirProblem::Name(self.path.clone()));
        }
        match private_files::check_directory(&self.path) {
            Err(error) if Untrusted::of(&error).is_some() => {
                Err(DataDirProblem::unwritable(&self.path, &error))
            }
            // A directory that can't be reached is reported where it is needed.
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Creates the directory if needed, and closes it to other users.
    ///
    /// # Errors
    ///
    /// [`DataDirProblem`]; nothing is changed then.
    pub fn prepare(&self) -> Result<(), DataDirProblem> {
        self.check()?;
        let problem = |error: io::Error| DataDirProblem::unwritable(&self.path, &error);
        private_files::create_directory(&self.path)
            .and_then(|()| self.path.read_dir().map(drop))
            .map_err(problem)?;
        if !private_files::is_open_to_others(&self.path).map_err(problem)? {
            return Ok(());
        }
        let empty = self.path.read_dir().map_err(problem)?.next().is_none();
        if !empty && !OURS.iter().any(|name| self.path.join(name).exists()) {
            return Err(DataDirProblem::Shared {
                path: self.path.clone(),
            });
        }
        private_files::close_directory(&self.path).map_err(problem)
    }

    /// Whether files can be created in it.
    pub fn is_writable(&self) -> bool {
        private_files::try_writing(&self.path, 1).is_ok()
    }

    /// The path of the directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The cache, from which the first frame is drawn.
    pub fn cache(&self) -> PathBuf {
        self.path.join("cache.db")
    }

    /// The outbox: changes that are not acknowledged, and the undo history.
    pub fn outbox(&self) -> PathBuf {
        self.path.join("outbox.db")
    }

    /// The directory of log files.
    pub fn log(&self) -> PathBuf {
        self.path.join("log")
    }

    /// The session file of a profile.
    pub fn session(&self, profile: &str) -> PathBuf {
        self.path.join(format!("session-{profile}.json"))
    }

    /// The directory of the backend in the box.
    pub fn backend(&self) -> PathBuf {
        self.path.join("backend")
    }

    /// The program that locks this file hosts the backend in the box. The file is never deleted, since a lock on a deleted
    /// file excludes no other program.
    pub fn backend_lock(&self) -> PathBuf {
        self.path.join("backend.lock")
    }

    /// The file with name and password of the account on this computer.
    pub fn account(&self) -> PathBuf {
        self.path.join("account.json")
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use super::*;

    fn mode(path: &Path) -> Option<u32> {
        let mode = fs::metadata(path).ok()?.permissions().mode();
        Some(mode & 0o777)
    }

    #[test]
    fn a_new_directory_is_private() {
        let parent = tempfile::tempdir().unwrap();
        let data = DataDir::new(parent.path().join("a").join("b"));
        data.prepare().unwrap();
        data.prepare().unwrap();
        assert_eq!(mode(data.path()), Some(0o700));
    }

    #[test]
    fn an_empty_directory_is_closed_and_a_shared_one_is_unchanged() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("open");
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        let data = DataDir::new(path.clone());
        data.prepare().unwrap();
        assert_eq!(mode(&path), Some(0o700));

        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(path.join("letter.txt"), "dear").unwrap();
        assert!(matches!(data.prepare(), Err(DataDirProblem::Shared { .. })));
        assert_eq!(mode(&path), Some(0o755));
        fs::create_dir(path.join("backend")).unwrap();
        data.prepare().unwrap();
        assert_eq!(mode(&path), Some(0o700));
    }

    #[test]
    fn a_directory_of_another_user_is_refused_and_unchanged() {
        let parent = tempfile::tempdir().unwrap();
        let made = parent.path().join("theirs");
        fs::create_dir(&made).unwrap();
        // Its owner can't write there, which must not be taken for this user's intention.
        fs::set_permissions(&made, fs::Permissions::from_mode(0o577)).unwrap();
        let path = match std::os::unix::fs::chown(&made, Some(65_534), None) {
            Ok(()) => made,
            // Without permission for chown: a directory that belongs to root.
            Err(_) => PathBuf::from("/etc"),
        };
        let before = mode(&path);
        let data = DataDir::new(path.clone());
        for problem in [data.prepare().unwrap_err(), data.check().unwrap_err()] {
            assert!(problem.to_string().contains("another user"), "{problem}");
            assert!(problem.advice().contains("--data-dir"));
        }
        assert_eq!(mode(&path), before);
    }

    #[test]
    fn a_name_that_is_not_utf_8_is_refused_with_advice() {
        use std::os::unix::ffi::OsStrExt as _;
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join(std::ffi::OsStr::from_bytes(b"bad\xff"));
        let problem = DataDir::new(path.clone()).prepare().unwrap_err();
        assert!(problem.to_string().contains("not UTF-8"), "{problem}");
        assert!(problem.advice().contains("UTF-8"));
        assert!(!path.exists());
    }

    #[test]
    fn a_file_in_its_place_is_refused_and_unchanged() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("file");
        fs::write(&path, "a letter").unwrap();
        for place in [path.clone(), path.join("under")] {
            let problem = DataDir::new(place).prepare().unwrap_err().to_string();
            assert!(problem.contains("can't be written"), "{problem}");
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "a letter");
    }
}
