//! The directory that holds the backend's files: `version`, `tables.db`, `pool.db`, `*.credentials`, `poison.jsonl`.
//!
//! Only its owner can access it. Nothing is changed before the version is known to be this program's.

mod error;
mod format;

use std::{
    io,
    path::{Path, PathBuf},
};

use caltrack_local_cognito::CodeFile;
use caltrack_private_files as private_files;

use error::io_error;
use format::KCAL_ALONE;

pub(crate) use error::DataDirError;
pub(crate) use format::FORMAT;

/// A directory of the current format, or of one that this program upgrades.
#[derive(Debug, Clone)]
pub(crate) struct DataDirectory {
    path: PathBuf,
    format: u32,
}

impl DataDirectory {
    /// Creates the directory if it is absent, makes it private, and checks its format.
    ///
    /// # Errors
    ///
    /// [`DataDirError`]; nothing was changed.
    pub(crate) fn prepare(path: &Path) -> Result<Self, DataDirError> {
        let mut directory = Self {
            path: path.to_owned(),
            format: FORMAT,
        };
        private_files::check_directory(path).map_err(|error| io_error(path, &error))?;
        let version = directory.version();
        let found = read_version(&version)?;
        if let Some(found) = found
            && found > FORMAT
        {
            return Err(DataDirError::Newer {
                path: path.to_owned(),
                found,
            });
        }
        private_files::create_directory(path)
            .and_then(|()| private_files::close_directory(path))
            .map_err(|error| io_error(path, &error))?;
        if let Some(found) = found {
            directory.format = found;
        } else {
            // Tables whose format isn't known may be of the first one.
            let has_tables = length(&directory.tables())?.is_some();
            directory.set_format(if has_tables { KCAL_ALONE } else { FORMAT })?;
        }
        Ok(directory)
    }

    /// Whether the days have kcal alone.
    pub(crate) const fn has_kcal_alone(&self) -> bool {
        self.format == KCAL_ALONE
    }

    /// Notes that the directory has been upgraded.
    ///
    /// # Errors
    ///
    /// [`DataDirError`] if the file can't be written.
    pub(crate) fn set_current(&mut self) -> Result<(), DataDirError> {
        self.set_format(FORMAT)
    }

    fn set_format(&mut self, format: u32) -> Result<(), DataDirError> {
        let version = self.version();
        private_files::replace(&version, format!("{format}\n").as_bytes())
            .map_err(|error| io_error(&version, &error))?;
        self.format = format;
        Ok(())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn version(&self) -> PathBuf {
        self.path.join("version")
    }

    pub(crate) fn tables(&self) -> PathBuf {
        self.path.join("tables.db")
    }

    /// The user pool's file.
    pub(crate) fn pool(&self) -> PathBuf {
        self.path.join("pool.db")
    }

    /// Rejects an emptied file of tables if there is an account, which shows that it held something: SQLite would treat it
    /// as a new database. The very first start writes the pool's file after the tables', so its crash doesn't look like this.
    ///
    /// # Errors
    ///
    /// [`DataDirError::EmptiedTables`], or why the files can't be read.
    pub(crate) fn check_tables(&self, account_known: bool) -> Result<(), DataDirError> {
        let pool = length(&self.pool())?;
        let had_account = account_known || pool.is_some_and(|length| length > LARGEST_EMPTY);
        if had_account && is_emptied(length(&self.tables())?) {
            return Err(DataDirError::EmptiedTables(self.tables()));
        }
        Ok(())
    }

    /// Whether the pool's file exists and is empty: emptied, or left by a first start that was interrupted.
    ///
    /// # Errors
    ///
    /// [`DataDirError`] if the file can't be read.
    pub(crate) fn pool_is_empty(&self) -> Result<bool, DataDirError> {
        Ok(is_emptied(length(&self.pool())?))
    }

    /// The file of confirmation codes, in place of e-mail.
    pub(crate) fn codes(&self) -> PathBuf {
        self.path.join(CodeFile::NAME)
    }

    /// The file of the key that the aggregator signs with.
    pub(crate) fn aggregator_credentials(&self) -> PathBuf {
        self.path.join("aggregator.credentials")
    }

    /// The file of the key for AWS's own APIs.
    pub(crate) fn aws_credentials(&self) -> PathBuf {
        self.path.join("aws.credentials")
    }

    /// Stream records that the aggregator could not read, one JSON object a line.
    pub(crate) fn poison(&self) -> PathBuf {
        self.path.join("poison.jsonl")
    }
}

/// SQLite takes a file of this many bytes for a new database (`unixFileSize` in its `os_unix.c`).
const LARGEST_EMPTY: u64 = 1;

fn is_emptied(length: Option<u64>) -> bool {
    length.is_some_and(|length| length <= LARGEST_EMPTY)
}

fn length(path: &Path) -> Result<Option<u64>, DataDirError> {
    private_files::length(path).map_err(|error| io_error(path, &error))
}

fn read_version(path: &Path) -> Result<Option<u32>, DataDirError> {
    match private_files::read(path) {
        Ok(bytes) => std::str::from_utf8(&bytes)
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .map(Some)
            .ok_or_else(|| DataDirError::Damaged {
                path: path.to_owned(),
            }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io_error(path, &error)),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use caltrack_private_files::Untrusted;

    use super::*;

    #[test]
    fn a_fresh_directory_is_private_and_contains_its_format() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("backend");
        DataDirectory::prepare(&path).unwrap();
        assert_eq!(fs::read_to_string(path.join("version")).unwrap(), "2\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
            assert_eq!(
                fs::metadata(path.join("version")).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
        DataDirectory::prepare(&path).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_that_others_could_read_is_closed_to_them() {
        use std::os::unix::fs::PermissionsExt as _;
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("backend");
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        DataDirectory::prepare(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_closed_against_writing_is_not_opened_by_force() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o555)).unwrap();
        // Who may write anywhere, may write here too.
        drop(DataDirectory::prepare(directory.path()));
        let mode = fs::metadata(directory.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o555);
    }

    #[test]
    fn a_newer_format_is_refused_and_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("version"), "3\n").unwrap();
        let error = DataDirectory::prepare(directory.path()).unwrap_err();
        assert!(matches!(error, DataDirError::Newer { found: 3, .. }), "{error:?}");
        assert!(error.to_string().contains("Nothing in it was changed"), "{error}");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
        assert_eq!(
            fs::read_to_string(directory.path().join("version")).unwrap(),
            "3\n"
        );
    }

    #[test]
    fn a_version_that_is_no_number_is_named_and_kept() {
        let directory = tempfile::tempdir().unwrap();
        let version = directory.path().join("version");
        fs::write(&version, [0xff, 0, 1]).unwrap();
        let error = DataDirectory::prepare(directory.path()).unwrap_err();
        assert!(matches!(error, DataDirError::Damaged { .. }), "{error:?}");
        assert!(error.to_string().contains(version.to_str().unwrap()), "{error}");
        assert_eq!(fs::read(&version).unwrap(), [0xff, 0, 1]);
    }

    #[test]
    fn a_place_that_is_a_file_is_refused_and_kept() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("backend");
        fs::write(&path, "a letter").unwrap();
        let error = DataDirectory::prepare(&path).unwrap_err();
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "a letter");
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_of_another_user_is_refused_and_untouched() {
        let parent = tempfile::tempdir().unwrap();
        let made = parent.path().join("backend");
        fs::create_dir(&made).unwrap();
        // Without permission for chown: a directory that belongs to root.
        let path = match std::os::unix::fs::chown(&made, Some(65_534), None) {
            Ok(()) => made,
            Err(_) => PathBuf::from("/etc"),
        };
        let before = fs::read_dir(&path).unwrap().count();
        let error = DataDirectory::prepare(&path).unwrap_err();
        assert!(
            matches!(
                error,
                DataDirError::Untrusted {
                    reason: Untrusted::Owner(_),
                    ..
                }
            ),
            "{error:?}"
        );
        assert!(error.to_string().contains("another user"), "{error}");
        assert_eq!(fs::read_dir(&path).unwrap().count(), before);
    }

    #[cfg(unix)]
    #[test]
    fn a_version_that_is_a_link_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let elsewhere = directory.path().join("elsewhere");
        fs::write(&elsewhere, "1\n").unwrap();
        std::os::unix::fs::symlink(&elsewhere, directory.path().join("version")).unwrap();
        let error = DataDirectory::prepare(directory.path()).unwrap_err();
        assert!(error.to_string().contains("symbolic link"), "{error}");
    }

    #[test]
    fn a_failed_write_is_reported_as_unwritable() {
        let refused = io_error(
            Path::new("/data"),
            &io::Error::from(io::ErrorKind::ReadOnlyFilesystem),
        );
        assert!(matches!(refused, DataDirError::ReadOnly { .. }), "{refused:?}");
        assert!(
            refused.to_string().starts_with("/data can't be written"),
            "{refused}"
        );
    }
}
