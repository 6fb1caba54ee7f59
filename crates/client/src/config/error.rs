//! Why the configuration can't be used.

use std::path::PathBuf;

use super::data_dir::DataDirProblem;

/// The configuration can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The platform has no directory for data (no home directory).
    #[error("this system has no directory for data; choose one with --data-dir")]
    NoDirectory,
    /// The configuration file can't be read.
    #[error("{} can't be read: {detail}", path.display())]
    Unreadable {
        /// The path of the configuration file.
        path: PathBuf,
        /// The error message of the system.
        detail: String,
    },
    /// The configuration file has an unknown key, a wrong type or invalid TOML.
    #[error("{} is invalid: {detail}", path.display())]
    Malformed {
        /// The path of the configuration file.
        path: PathBuf,
        /// The reason, with the line.
        detail: String,
    },
    /// The configuration has no profile of that name.
    #[error("there is no profile `{name}` in {}; known are {known}", path.display())]
    NoProfile {
        /// The name that was requested.
        name: String,
        /// The path of the configuration file.
        path: PathBuf,
        /// The names of the other profiles.
        known: String,
    },
    /// The configuration file can't be written. It is unchanged.
    #[error("{} can't be written ({detail}); it is unchanged", path.display())]
    Unwritable {
        /// The path of the configuration file.
        path: PathBuf,
        /// The error message of the system.
        detail: String,
    },
    /// The data directory can't be used.
    #[error(transparent)]
    DataDir(#[from] DataDirProblem),
    /// The name of a profile is invalid.
    #[error("`{0}` can't be a profile's name: only letters, digits, `-` and `_` are allowed")]
    BadName(String),
    /// The profile's addresses can't be used.
    #[error("profile `{name}` can't be used: {detail}")]
    BadProfile {
        /// The name of the profile.
        name: String,
        /// Why its addresses can't be used.
        detail: String,
    },
}
