//! The data directory and the configuration file, before either is read.

use std::path::PathBuf;

use super::{data_dir::DataDir, error::ConfigError};

/// The choices of the command line and the environment; the configuration file and the platform decide the rest.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--profile` or `CALTRACK_PROFILE`.
    pub profile: Option<String>,
    /// `--data-dir` or `CALTRACK_DATA_DIR`.
    pub data_dir: Option<PathBuf>,
    /// `--config` or `CALTRACK_CONFIG`.
    pub config: Option<PathBuf>,
    /// `--theme`.
    pub theme: Option<String>,
}

/// The paths that follow from the overrides.
pub(super) struct ConfigPaths {
    pub(super) data: DataDir,
    pub(super) file: PathBuf,
    /// Whether the overrides name the configuration file, which must exist then.
    pub(super) explicit: bool,
}

impl ConfigPaths {
    pub(super) fn from_overrides(overrides: &Overrides) -> Result<Self, ConfigError> {
        let data = match &overrides.data_dir {
            Some(path) => path.clone(),
            None => default_data_dir()?,
        };
        // A relative path would change with the working directory.
        let data = std::path::absolute(&data).unwrap_or(data);
        Ok(Self {
            file: overrides
                .config
                .clone()
                .unwrap_or_else(|| data.join("config.toml")),
            explicit: overrides.config.is_some(),
            data: DataDir::new(data),
        })
    }
}

/// `$XDG_DATA_HOME/caltrack` on Linux, and the platform's equivalent elsewhere.
fn default_data_dir() -> Result<PathBuf, ConfigError> {
    directories::ProjectDirs::from("", "", "caltrack")
        .map(|dirs| dirs.data_dir().to_owned())
        .ok_or(ConfigError::NoDirectory)
}
