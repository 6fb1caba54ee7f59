//! Writing a profile into `config.toml` without changing anything else in it, comments included.

use std::{io, path::PathBuf};

use toml_edit::{DocumentMut, Item, Table, value};

use super::{
    error::ConfigError,
    file::{self, ProfileSettings, read_text},
    location::{ConfigPaths, Overrides},
    resolve::{LOCAL, check_name},
};

/// A profile that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedProfile {
    /// The path of the configuration file.
    pub path: PathBuf,
    /// Whether it replaced a profile of the same name.
    pub replaced: bool,
}

/// Writes a profile; one of the same name is replaced.
///
/// # Errors
///
/// [`ConfigError`]: the name, the addresses, or the file can't be used. The file is unchanged then.
pub fn save_profile(
    overrides: &Overrides,
    name: &str,
    settings: &ProfileSettings,
) -> Result<SavedProfile, ConfigError> {
    check_name(name)?;
    let refused = |detail: String| ConfigError::BadProfile {
        name: name.to_owned(),
        detail,
    };
    if name == LOCAL {
        return Err(refused(
            "it is the backend in the box; choose another name".to_owned(),
        ));
    }
    settings.endpoints().map_err(refused)?;
    let ConfigPaths {
        data,
        file: path,
        explicit,
    } = ConfigPaths::from_overrides(overrides)?;
    if !explicit {
        data.prepare()?;
    }
    let text = match read_text(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(ConfigError::Unreadable {
                path,
                detail: error.to_string(),
            });
        }
    };
    // A file that this program can't read is not changed.
    file::parse(&text, &path)?;
    let (text, replaced) = edit(&text, name, settings).map_err(|detail| ConfigError::Malformed {
        path: path.clone(),
        detail,
    })?;
    file::replace(&path, &text).map_err(|error| ConfigError::Unwritable {
        path: path.clone(),
        detail: error.to_string(),
    })?;
    Ok(SavedProfile { path, replaced })
}

pub(super) fn edit(text: &str, name: &str, settings: &ProfileSettings) -> Result<(String, bool), String> {
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| error.to_string())?;
    let mut table = Table::new();
    let auth = settings.auth.map(|auth| auth.name().to_owned());
    for (key, setting) in [
        ("graphql-endpoint", Some(&settings.graphql_endpoint)),
        ("region", Some(&settings.region)),
        ("user-pool-id", settings.user_pool_id.as_ref()),
        ("client-id", settings.client_id.as_ref()),
        ("realtime-endpoint", settings.realtime_endpoint.as_ref()),
        ("cognito-endpoint", settings.cognito_endpoint.as_ref()),
        ("identity-endpoint", settings.identity_endpoint.as_ref()),
        ("auth", auth.as_ref()),
        ("identity-pool-id", settings.identity_pool_id.as_ref()),
        ("aws-profile", settings.aws_profile.as_ref()),
    ] {
        if let Some(setting) = setting {
            table.insert(key, value(setting));
        }
    }
    let profiles = document
        .entry("profiles")
        .or_insert_with(|| {
            let mut profiles = Table::new();
            profiles.set_implicit(true);
            Item::Table(profiles)
        })
        .as_table_like_mut()
        .ok_or("`profiles` is not a table")?;
    let replaced = profiles.insert(name, Item::Table(table)).is_some();
    Ok((document.to_string(), replaced))
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;
    use crate::config::{BackendKind, Config};

    fn settings() -> ProfileSettings {
        ProfileSettings {
            graphql_endpoint: "http://127.0.0.1:4000/graphql".to_owned(),
            region: "us-east-1".to_owned(),
            user_pool_id: Some("us-east-1_CALTRACK0".to_owned()),
            client_id: Some("c".to_owned()),
            realtime_endpoint: None,
            cognito_endpoint: Some("http://127.0.0.1:4000".to_owned()),
            identity_endpoint: None,
            auth: None,
            identity_pool_id: None,
            aws_profile: None,
        }
    }

    fn overrides(dir: &Path, profile: Option<&str>) -> Overrides {
        Overrides {
            profile: profile.map(str::to_owned),
            data_dir: Some(dir.to_owned()),
            ..Overrides::default()
        }
    }

    #[test]
    fn a_written_profile_can_be_used_and_the_rest_of_the_file_is_unchanged() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("config.toml");
        let before = "# mine\nprofile = \"local\" # for now\n";
        fs::write(&file, before).unwrap();
        let saved = save_profile(&overrides(dir.path(), None), "desk", &settings()).unwrap();
        assert!(!saved.replaced);
        let again = save_profile(&overrides(dir.path(), None), "desk", &settings()).unwrap();
        assert!(again.replaced);
        assert!(fs::read_to_string(&file).unwrap().starts_with(before));
        let config = Config::load(overrides(dir.path(), Some("desk")), false).unwrap();
        let BackendKind::Remote(endpoints) = config.profile.backend else {
            panic!("a remote backend");
        };
        assert_eq!(endpoints.realtime, "ws://127.0.0.1:4000/graphql/realtime");
    }

    #[test]
    fn an_unusable_profile_is_not_written() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("config.toml");
        let open = ProfileSettings {
            graphql_endpoint: "http://api.example.com/graphql".to_owned(),
            ..settings()
        };
        for (name, settings, wanted) in [
            ("local", settings(), "another name"),
            ("../x", settings(), "can't be a profile's name"),
            ("work", open, "unencrypted"),
        ] {
            let error = save_profile(&overrides(dir.path(), None), name, &settings).unwrap_err();
            assert!(error.to_string().contains(wanted), "{error}");
        }
        assert!(!file.exists());
        fs::write(&file, "profile = ").unwrap();
        assert!(save_profile(&overrides(dir.path(), None), "work", &settings()).is_err());
        assert_eq!(fs::read_to_string(&file).unwrap(), "profile = ");
    }
}
