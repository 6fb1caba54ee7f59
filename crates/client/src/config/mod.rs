//! Where this program keeps things, and which backend it talks to.

mod environment;
mod file;
mod place;
mod save;

use std::path::{Path, PathBuf};

use crate::api::Endpoints;

pub use environment::variable;
pub use file::Written;
pub use place::{DataDir, DataDirProblem, is_full};
pub use save::{Saved, save_profile};

/// The profile that carries the backend in the box. It needs no configuration, and can't be configured.
pub const LOCAL: &str = "local";

/// What the command line and the environment say; what they leave open, the configuration file and the platform decide.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--profile` or `CALTRACK_PROFILE`.
    pub profile: Option<String>,
    /// `--data-dir` or `CALTRACK_DATA_DIR`.
    pub data_dir: Option<PathBuf>,
    /// `--config` or `CALTRACK_CONFIG`.
    pub config: Option<PathBuf>,
}

/// Which backend a profile means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Backend {
    /// The one in the box, on this data directory.
    InTheBox,
    /// One that is reached over a network.
    Remote(Endpoints),
}

/// A named backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name, made of letters, digits, `-` and `_`: it becomes part of file names.
    pub name: String,
    /// What it means.
    pub backend: Backend,
}

impl Profile {
    /// How to call the program on this profile, to be read and copied by the user.
    pub fn command(&self, arguments: &str) -> String {
        if self.name == LOCAL {
            format!("`caltrack-tui {arguments}`")
        } else {
            format!("`caltrack-tui --profile {} {arguments}`", self.name)
        }
    }
}

/// Everything that was decided before the program began its work.
#[derive(Debug, Clone)]
pub struct Config {
    /// Holds everything that is written.
    pub data: DataDir,
    /// The backend.
    pub profile: Profile,
    /// Whether colours may be used: not where `NO_COLOR` is set to anything.
    pub color: bool,
}

/// The configuration can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The platform names no directory for data (no home directory).
    #[error("this system names no directory for data; say one with --data-dir")]
    NoDirectory,
    /// The file that was asked for can't be read.
    #[error("{} can't be read: {detail}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        detail: String,
    },
    /// The file says something that this program doesn't understand.
    #[error("{} can't be understood: {detail}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What, and in which line.
        detail: String,
    },
    /// No such profile.
    #[error("there is no profile `{name}` in {}; known are {known}", path.display())]
    NoProfile {
        /// As asked for.
        name: String,
        /// The file that would hold it.
        path: PathBuf,
        /// The others.
        known: String,
    },
    /// The file can't be written. It is as it was.
    #[error("{} can't be written ({detail}); it is as it was", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        detail: String,
    },
    /// The data directory can't be used.
    #[error(transparent)]
    DataDir(#[from] DataDirProblem),
    /// The name can't be one.
    #[error("`{0}` can't be a profile's name: letters, digits, `-` and `_`")]
    BadName(String),
    /// The profile's addresses can't be used.
    #[error("profile `{name}` can't be used: {detail}")]
    BadProfile {
        /// The profile.
        name: String,
        /// Why.
        detail: String,
    },
}

impl Config {
    /// Decides. Reads the configuration file, and writes nothing.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the file, the line and the reason.
    pub fn load(overrides: Overrides, no_color: bool) -> Result<Self, ConfigError> {
        let place = Place::of(&overrides)?;
        // Another user's directory must not say which backend is used.
        place.data.check()?;
        let file = file::read(&place.file, place.asked)?;
        let name = overrides
            .profile
            .or_else(|| file.profile.clone())
            .unwrap_or_else(|| LOCAL.to_owned());
        Ok(Self {
            profile: resolve(name, &file, &place.file)?,
            data: place.data,
            color: !no_color,
        })
    }
}

/// Where things are, before anything is read.
struct Place {
    data: DataDir,
    file: PathBuf,
    /// Whether somebody named the file.
    asked: bool,
}

impl Place {
    fn of(overrides: &Overrides) -> Result<Self, ConfigError> {
        let data = match &overrides.data_dir {
            Some(path) => path.clone(),
            None => default_data_dir()?,
        };
        // A relative directory must not follow a change of the working directory.
        let data = std::path::absolute(&data).unwrap_or(data);
        Ok(Self {
            file: overrides
                .config
                .clone()
                .unwrap_or_else(|| data.join("config.toml")),
            asked: overrides.config.is_some(),
            data: DataDir::new(data),
        })
    }
}

/// A name becomes part of file names.
fn check_name(name: &str) -> Result<(), ConfigError> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || name.len() > 64 || !name.chars().all(fits) {
        return Err(ConfigError::BadName(
            caltrack_domain::clean(name).chars().take(64).collect(),
        ));
    }
    Ok(())
}

fn resolve(name: String, file: &file::File, path: &Path) -> Result<Profile, ConfigError> {
    check_name(&name)?;
    if file.profiles.contains_key(LOCAL) {
        return Err(ConfigError::BadProfile {
            name: LOCAL.to_owned(),
            detail: "it is the backend in the box; give the configured one another name".to_owned(),
        });
    }
    if name == LOCAL {
        return Ok(Profile {
            name,
            backend: Backend::InTheBox,
        });
    }
    let Some(written) = file.profiles.get(&name) else {
        let known: Vec<&str> = std::iter::once(LOCAL)
            .chain(file.profiles.keys().map(String::as_str))
            .collect();
        return Err(ConfigError::NoProfile {
            known: known.join(", "),
            path: path.to_owned(),
            name,
        });
    };
    let endpoints = written.endpoints().map_err(|detail| ConfigError::BadProfile {
        name: name.clone(),
        detail,
    })?;
    Ok(Profile {
        name,
        backend: Backend::Remote(endpoints),
    })
}

/// `$XDG_DATA_HOME/caltrack` on Linux, and its like elsewhere.
fn default_data_dir() -> Result<PathBuf, ConfigError> {
    directories::ProjectDirs::from("", "", "caltrack")
        .map(|dirs| dirs.data_dir().to_owned())
        .ok_or(ConfigError::NoDirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str, profile: Option<&str>) -> Result<Config, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("config.toml"), text).unwrap();
        Config::load(
            Overrides {
                profile: profile.map(str::to_owned),
                data_dir: Some(dir.path().to_owned()),
                config: None,
            },
            false,
        )
    }

    const WORK: &str = r#"
[profiles.work]
graphql-endpoint = "https://abcdefghijklmnopqrstuvwxyz.appsync-api.eu-west-1.amazonaws.com/graphql"
region = "eu-west-1"
user-pool-id = "eu-west-1_AbC123"
client-id = "client"
"#;

    #[test]
    fn without_a_file_the_backend_is_in_the_box() {
        let dir = tempfile::tempdir().unwrap();
        let overrides = Overrides {
            data_dir: Some(dir.path().join("fresh")),
            ..Overrides::default()
        };
        let config = Config::load(overrides, true).unwrap();
        assert_eq!(config.profile.name, LOCAL);
        assert_eq!(config.profile.backend, Backend::InTheBox);
        assert!(!config.color);
        assert!(!dir.path().join("fresh").exists(), "deciding writes nothing");
    }

    #[test]
    fn a_profile_names_its_backend_and_the_rest_follows() {
        let config = load(WORK, Some("work")).unwrap();
        let Backend::Remote(endpoints) = config.profile.backend else {
            panic!("a remote backend");
        };
        assert_eq!(
            endpoints.realtime,
            "wss://abcdefghijklmnopqrstuvwxyz.appsync-realtime-api.eu-west-1.amazonaws.com/graphql"
        );
        assert_eq!(endpoints.cognito, "https://cognito-idp.eu-west-1.amazonaws.com");
        assert_eq!(load(WORK, None).unwrap().profile.name, LOCAL);
        let chosen = format!("profile = \"work\"\n{WORK}");
        assert_eq!(load(&chosen, None).unwrap().profile.name, "work");
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (text, profile, wanted) in [
            ("profil = \"work\"", None, "profil"),
            ("profile = ", None, "line 1"),
            (&format!("{WORK}\nsecret = \"x\""), Some("work"), "secret"),
            (
                "[profiles.work]\nregion = \"x\"",
                Some("work"),
                "graphql-endpoint",
            ),
            (WORK, Some("home"), "local, work"),
            (WORK, Some("../x"), "can't be a profile's name"),
            ("[profiles.local]\nregion = \"x\"", None, "graphql-endpoint"),
            (&WORK.replace("https://", "http://"), Some("work"), "unencrypted"),
        ] {
            let error = load(text, profile).unwrap_err().to_string();
            assert!(error.contains(wanted), "{error}");
        }
    }

    #[test]
    fn a_file_that_was_asked_for_must_be_there() {
        let dir = tempfile::tempdir().unwrap();
        let overrides = Overrides {
            data_dir: Some(dir.path().to_owned()),
            config: Some(dir.path().join("none.toml")),
            ..Overrides::default()
        };
        let error = Config::load(overrides, false).unwrap_err();
        assert!(matches!(error, ConfigError::Unreadable { .. }), "{error}");
    }
}
