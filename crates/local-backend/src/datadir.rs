//! The directory that holds the backend's files: `version`, `tables.db`, `pool.db`, `*.credentials`, `poison.jsonl`.
//!
//! Nobody but the owner may look in. Nothing is touched before the version is known to be ours.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use crate::dynamodb::sync_directory;

/// The format of the directory that this program writes.
pub const FORMAT: u32 = 1;

/// The directory can't be used. What is in it is as it was.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// A newer program wrote it.
    #[error(
        "{} was written by a newer version of this program (format {found}, this one reads up to {FORMAT}). Nothing in it was \
         touched. Update caltrack-tui, or choose another --data-dir.",
        path.display()
    )]
    Newer {
        /// The directory.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// The version file makes no sense.
    #[error(
        "{} is damaged: it doesn't say the format of the data beside it. Everything was kept. If this program wrote the \
         directory, delete that file and start again; else choose another --data-dir.",
        path.display()
    )]
    Damaged {
        /// The version file.
        path: PathBuf,
    },
    /// It can't be written to.
    #[error("{} can't be written ({detail}). Nothing was changed. Make it writable, or choose another --data-dir.", path.display())]
    ReadOnly {
        /// What can't be written.
        path: PathBuf,
        /// The system's words.
        detail: String,
    },
    /// Anything else.
    #[error("{} can't be used ({detail}). Nothing was changed. Try again, or choose another --data-dir.", path.display())]
    Unavailable {
        /// What can't be used.
        path: PathBuf,
        /// The system's words.
        detail: String,
    },
}

/// A directory of our format.
#[derive(Debug, Clone)]
pub struct DataDirectory {
    path: PathBuf,
}

impl DataDirectory {
    /// Makes sure that the directory is there, private, and of a format that this program reads.
    ///
    /// # Errors
    ///
    /// [`DataDirError`]; nothing was changed then.
    pub fn prepare(path: &Path) -> Result<Self, DataDirError> {
        let directory = Self {
            path: path.to_owned(),
        };
        let version = directory.path.join("version");
        let found = read_version(&version)?;
        if let Some(found) = found
            && found > FORMAT
        {
            return Err(DataDirError::Newer {
                path: path.to_owned(),
                found,
            });
        }
        create_privately(path).map_err(|error| io_error(path, &error))?;
        if found.is_none() {
            directory
                .write_version(&version)
                .map_err(|error| io_error(&version, &error))?;
        }
        Ok(directory)
    }

    /// The four tables.
    pub fn tables(&self) -> PathBuf {
        self.path.join("tables.db")
    }

    /// The user pool.
    pub fn pool(&self) -> PathBuf {
        self.path.join("pool.db")
    }

    /// Confirmation codes, in place of e-mail.
    pub fn codes(&self) -> PathBuf {
        self.path.join("codes.jsonl")
    }

    /// The key that the aggregator signs with.
    pub fn aggregator_credentials(&self) -> PathBuf {
        self.path.join("aggregator.credentials")
    }

    /// The key for AWS's own APIs.
    pub fn aws_credentials(&self) -> PathBuf {
        self.path.join("aws.credentials")
    }

    /// Stream records that the aggregator could not read, one JSON object a line.
    pub fn poison(&self) -> PathBuf {
        self.path.join("poison.jsonl")
    }

    fn write_version(&self, version: &Path) -> io::Result<()> {
        let unfinished = self.path.join("version.new");
        let mut file = private_file().write(true).truncate(true).open(&unfinished)?;
        writeln!(file, "{FORMAT}")?;
        file.sync_all()?;
        fs::rename(&unfinished, version)?;
        sync_directory(&self.path)
    }
}

/// Options that create a file for the owner alone.
pub(crate) fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn read_version(path: &Path) -> Result<Option<u32>, DataDirError> {
    match fs::read(path) {
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

fn create_privately(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let permissions = fs::metadata(path)?.permissions();
        // A directory that its owner closed against writing stays so.
        if permissions.mode() & 0o077 != 0 && permissions.mode() & 0o200 != 0 {
            fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
        }
    }
    Ok(())
}

fn io_error(path: &Path, error: &io::Error) -> DataDirError {
    let (path, detail) = (path.to_owned(), error.to_string());
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            DataDirError::ReadOnly { path, detail }
        }
        _ => DataDirError::Unavailable { path, detail },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_directory_is_private_and_says_its_format() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("backend");
        DataDirectory::prepare(&path).unwrap();
        assert_eq!(fs::read_to_string(path.join("version")).unwrap(), "1\n");
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
        fs::write(directory.path().join("version"), "2\n").unwrap();
        let error = DataDirectory::prepare(directory.path()).unwrap_err();
        assert!(matches!(error, DataDirError::Newer { found: 2, .. }), "{error:?}");
        assert!(error.to_string().contains("Nothing in it was touched"), "{error}");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
        assert_eq!(
            fs::read_to_string(directory.path().join("version")).unwrap(),
            "2\n"
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

    #[test]
    fn what_the_system_refuses_to_write_is_said_to_be_unwritable() {
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
