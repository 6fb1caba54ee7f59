//! The configuration of one run: data directory, profile and backend.

use std::path::{Path, PathBuf};

use caltrack_domain::{DEFAULT_THEME, Display, KeyLine};

use super::{
    data_dir::DataDir,
    display::key_lines,
    error::ConfigError,
    file,
    location::{ConfigPaths, Overrides},
};
use crate::endpoints::Endpoints;

/// The profile of the backend in the box. It needs no configuration, and can't be configured.
pub const LOCAL: &str = "local";

/// The backend of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BackendKind {
    /// The backend in the box, on this data directory.
    InTheBox,
    /// A backend with addresses.
    Remote(Endpoints),
}

/// Bytes of a profile's name.
const MAX_NAME_LENGTH: usize = 64;

/// A backend by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackendProfile {
    /// Letters, digits, `-` and `_`, since it becomes part of file names.
    pub name: String,
    /// The backend that the profile names.
    pub backend: BackendKind,
}

impl BackendProfile {
    /// The command line with `arguments` on this profile, in backquotes, for messages.
    pub fn command(&self, arguments: &str) -> String {
        if self.name == LOCAL {
            format!("`caltrack-tui {arguments}`")
        } else {
            format!("`caltrack-tui --profile {} {arguments}`", self.name)
        }
    }
}

/// The configuration of one run of the program.
#[derive(Debug, Clone)]
pub struct Config {
    /// The directory of everything that is written.
    pub data: DataDir,
    /// The profile, with its backend.
    pub profile: BackendProfile,
    /// Whether colours may be used: false if `NO_COLOR` is set.
    pub color: bool,
    /// Whether the log is invented, and thrown away when the screens are closed.
    pub is_demo: bool,
    /// The configuration file, which may be absent.
    pub file: PathBuf,
    /// How the screens show things.
    pub display: Display,
    /// Keys that are bound otherwise.
    pub keys: Vec<KeyLine>,
    /// The theme of the command line, for a file that names none.
    pub theme: Option<String>,
}

impl Config {
    /// Resolves the configuration. Reads the configuration file, and writes nothing.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the file, the line and the reason.
    pub fn load(overrides: Overrides, no_color: bool) -> Result<Self, ConfigError> {
        let location = ConfigPaths::from_overrides(&overrides)?;
        // A directory of another user must not choose the backend.
        location.data.check()?;
        let file = file::read(&location.file, location.explicit)?;
        let name = overrides
            .profile
            .or_else(|| file.profile.clone())
            .unwrap_or_else(|| LOCAL.to_owned());
        Ok(Self {
            profile: resolve(name, &file, &location.file)?,
            data: location.data,
            color: !no_color,
            is_demo: false,
            keys: key_lines(&file.keys),
            display: display(file.screens, overrides.theme.as_ref()),
            theme: overrides.theme,
            file: location.file,
        })
    }
}

impl Config {
    /// The names of the other profiles, that of the box included.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the file can't be read.
    pub fn other_profiles(&self) -> Result<Vec<String>, ConfigError> {
        let file = file::read(&self.file, false)?;
        let names = std::iter::once(LOCAL.to_owned()).chain(file.profiles.into_keys());
        Ok(names.filter(|name| *name != self.profile.name).collect())
    }

    /// The same configuration on another profile.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for a profile that the file doesn't have, or has incomplete.
    pub fn on_profile(&self, name: &str) -> Result<Self, ConfigError> {
        let file = file::read(&self.file, false)?;
        Ok(Self {
            profile: resolve(name.to_owned(), &file, &self.file)?,
            ..self.clone()
        })
    }

    /// Reads again how the screens show things, and the keys.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the file can't be read, as in the middle of an edit.
    pub fn read_again(&self) -> Result<(Display, Vec<KeyLine>), ConfigError> {
        let file = file::read(&self.file, false)?;
        Ok((display(file.screens, self.theme.as_ref()), key_lines(&file.keys)))
    }
}

/// The settings of the file, with the theme of the command line if the file has that of a new one. So a theme that is chosen on the
/// screens shows, whatever they were started with.
fn display(file: Display, theme: Option<&String>) -> Display {
    match theme.filter(|_| file.theme == DEFAULT_THEME) {
        Some(theme) => Display {
            theme: theme.clone(),
            ..file
        },
        None => file,
    }
}

/// Checks the name of a profile, which becomes part of file names.
pub(super) fn check_name(name: &str) -> Result<(), ConfigError> {
    let valid = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || name.len() > MAX_NAME_LENGTH || !name.chars().all(valid) {
        return Err(ConfigError::BadName(caltrack_domain::shortened(
            &caltrack_domain::clean(name),
            MAX_NAME_LENGTH,
        )));
    }
    Ok(())
}

pub(super) fn resolve(name: String, file: &file::File, path: &Path) -> Result<BackendProfile, ConfigError> {
    check_name(&name)?;
    if file.profiles.contains_key(LOCAL) {
        return Err(ConfigError::BadProfile {
            name: LOCAL.to_owned(),
            detail: "it is the backend in the box; give the configured profile another name".to_owned(),
        });
    }
    if name == LOCAL {
        return Ok(BackendProfile {
            name,
            backend: BackendKind::InTheBox,
        });
    }
    let Some(settings) = file.profiles.get(&name) else {
        let known: Vec<&str> = std::iter::once(LOCAL)
            .chain(file.profiles.keys().map(String::as_str))
            .collect();
        return Err(ConfigError::NoProfile {
            known: known.join(", "),
            path: path.to_owned(),
            name,
        });
    };
    let endpoints = settings.endpoints().map_err(|detail| ConfigError::BadProfile {
        name: name.clone(),
        detail,
    })?;
    Ok(BackendProfile {
        name,
        backend: BackendKind::Remote(endpoints),
    })
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
                ..Overrides::default()
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
    fn the_theme_of_the_command_line_is_for_a_file_that_names_none() {
        let dir = tempfile::tempdir().unwrap();
        let theme = |text: &str| {
            std::fs::write(dir.path().join("config.toml"), text).unwrap();
            let overrides = Overrides {
                data_dir: Some(dir.path().to_owned()),
                theme: Some("mono".to_owned()),
                ..Overrides::default()
            };
            Config::load(overrides, false).unwrap().display.theme
        };
        assert_eq!(theme("[screens]\nmeasures = \"imperial\"\n"), "mono");
        assert_eq!(theme("[screens]\ntheme = \"gruvbox\"\n"), "gruvbox");
    }

    #[test]
    fn the_default_is_the_backend_in_the_box() {
        let dir = tempfile::tempdir().unwrap();
        let overrides = Overrides {
            data_dir: Some(dir.path().join("fresh")),
            ..Overrides::default()
        };
        let config = Config::load(overrides, true).unwrap();
        assert_eq!(config.profile.name, LOCAL);
        assert_eq!(config.profile.backend, BackendKind::InTheBox);
        assert!(!config.color);
        assert!(!dir.path().join("fresh").exists(), "loading writes nothing");
    }

    #[test]
    fn a_profile_names_its_backend_and_the_rest_is_derived() {
        let config = load(WORK, Some("work")).unwrap();
        let BackendKind::Remote(endpoints) = config.profile.backend else {
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
    fn an_invalid_file_is_reported_with_the_reason() {
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
    fn an_explicit_file_must_exist() {
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
