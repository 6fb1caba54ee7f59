//! The data directory: the names in it, and its privacy.

use std::{
    io,
    path::{Path, PathBuf},
};

use caltrack_private_files::{self as private_files, Untrusted};

/// The data directory can't be used. What is in it is as it was.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DataDirProblem {
    /// It can't be made or written.
    #[error("{} can't be written ({detail}). Nothing was changed", path.display())]
    Unwritable {
        /// The directory, or what is in its place.
        path: PathBuf,
        /// The system's words.
        detail: String,
    },
    /// The disk has no room.
    #[error("{} can't be written: the disk is full. Nothing was changed", path.display())]
    Full {
        /// What can't be written.
        path: PathBuf,
    },
    /// Writing there would write elsewhere, or for another user.
    #[error("{} can't be used: {reason}. Nothing was changed", path.display())]
    Untrusted {
        /// The directory, or a file in it.
        path: PathBuf,
        /// Why.
        reason: Untrusted,
    },
    /// SQLite and the output in JSON need a name that is UTF-8.
    #[error("{} can't be used: its name is not UTF-8. Nothing was changed", .0.display())]
    Name(PathBuf),
    /// Closing it to others would close more than this program's files.
    #[error("{} is open to other users and holds other things. Nothing was changed", path.display())]
    Shared {
        /// The directory.
        path: PathBuf,
    },
}

impl DataDirProblem {
    /// The problem for a failed access: untrusted, full, or not permitted.
    pub fn unwritable(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        if let Some(reason) = Untrusted::of(error) {
            return Self::Untrusted { path, reason };
        }
        if is_full(error) {
            return Self::Full { path };
        }
        Self::Unwritable {
            path,
            detail: error.to_string(),
        }
    }

    /// What to do next.
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

/// Whether a write failed because the disk, or the user's share of it, is full.
pub fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}

/// The directory that holds everything this program writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataDir {
    path: PathBuf,
}

/// Names that make a directory one of this program's.
const OURS: [&str; 6] = [
    "account.json",
    "backend",
    "backend.lock",
    "cache.db",
    "config.toml",
    "log",
];

impl DataDir {
    /// Names it; it need not exist.
    pub const fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Checks, where the directory exists, that it is this user's. Changes nothing.
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
            // A directory that can't be reached is reported by what needs it.
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Makes sure that it is there, and the owner's alone.
    ///
    /// # Errors
    ///
    /// [`DataDirProblem`]; nothing was changed then.
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

    /// The directory itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the first frame is drawn from.
    pub fn cache(&self) -> PathBuf {
        self.path.join("cache.db")
    }

    /// The log files' directory.
    pub fn log(&self) -> PathBuf {
        self.path.join("log")
    }

    /// A profile's session.
    pub fn session(&self, profile: &str) -> PathBuf {
        self.path.join(format!("session-{profile}.json"))
    }

    /// The files of the backend in the box.
    pub fn backend(&self) -> PathBuf {
        self.path.join("backend")
    }

    /// Whoever holds a lock on this file hosts the backend in the box. It is never deleted: a lock on a deleted file keeps
    /// nobody out.
    pub fn backend_lock(&self) -> PathBuf {
        self.path.join("backend.lock")
    }

    /// Name and password of the account on this computer.
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
    fn a_fresh_directory_is_the_owners_alone() {
        let parent = tempfile::tempdir().unwrap();
        let data = DataDir::new(parent.path().join("a").join("b"));
        data.prepare().unwrap();
        data.prepare().unwrap();
        assert_eq!(mode(data.path()), Some(0o700));
    }

    #[test]
    fn an_empty_directory_is_closed_and_a_shared_one_is_left_alone() {
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
    fn a_directory_of_another_user_is_refused_and_untouched() {
        let parent = tempfile::tempdir().unwrap();
        let made = parent.path().join("theirs");
        fs::create_dir(&made).unwrap();
        // The owner may not write there: that was once taken for this user's own wish.
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
    fn a_name_that_is_not_utf_8_is_refused_with_advice_that_helps() {
        use std::os::unix::ffi::OsStrExt as _;
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join(std::ffi::OsStr::from_bytes(b"bad\xff"));
        let problem = DataDir::new(path.clone()).prepare().unwrap_err();
        assert!(problem.to_string().contains("not UTF-8"), "{problem}");
        assert!(problem.advice().contains("UTF-8"));
        assert!(!path.exists());
    }

    #[test]
    fn a_file_in_its_place_is_refused_and_kept() {
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
