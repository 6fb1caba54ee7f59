//! Writing a profile into `config.toml`: everything else in it stays, comments included.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use caltrack_private_files as private_files;
use toml_edit::{DocumentMut, Item, Table, value};

use super::{
    ConfigError, LOCAL, Overrides, Place, check_name,
    file::{Written, read_text},
};

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The file.
    pub path: PathBuf,
    /// Whether a profile of that name was there before.
    pub replaced: bool,
}

/// Writes a profile; one of the same name is replaced.
///
/// # Errors
///
/// [`ConfigError`]: the name, the addresses, or the file can't be used. The file is as it was then.
pub fn save_profile(overrides: &Overrides, name: &str, written: &Written) -> Result<Saved, ConfigError> {
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
    written.endpoints().map_err(refused)?;
    let Place { data, file, asked } = Place::of(overrides)?;
    if !asked {
        data.prepare()?;
    }
    let text = match read_text(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(ConfigError::Unreadable {
                path: file,
                detail: error.to_string(),
            });
        }
    };
    // What the program could not read afterwards must not be written to.
    super::file::parse(&text, &file)?;
    let (text, replaced) = edit(&text, name, written).map_err(|detail| ConfigError::Malformed {
        path: file.clone(),
        detail,
    })?;
    replace(&file, &text).map_err(|error| ConfigError::Unwritable {
        path: file.clone(),
        detail: error.to_string(),
    })?;
    Ok(Saved { path: file, replaced })
}

fn edit(text: &str, name: &str, written: &Written) -> Result<(String, bool), String> {
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| error.to_string())?;
    let mut table = Table::new();
    for (key, set) in [
        ("graphql-endpoint", Some(&written.graphql_endpoint)),
        ("region", Some(&written.region)),
        ("user-pool-id", Some(&written.user_pool_id)),
        ("client-id", Some(&written.client_id)),
        ("realtime-endpoint", written.realtime_endpoint.as_ref()),
        ("cognito-endpoint", written.cognito_endpoint.as_ref()),
        ("identity-pool-id", written.identity_pool_id.as_ref()),
    ] {
        if let Some(set) = set {
            table.insert(key, value(set));
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
        .ok_or("`profiles` is no table")?;
    let replaced = profiles.insert(name, Item::Table(table)).is_some();
    Ok((document.to_string(), replaced))
}

/// All of it or nothing.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    // A link stays a link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    private_files::replace(&path, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Backend, Config};

    fn written() -> Written {
        Written {
            graphql_endpoint: "http://127.0.0.1:4000/graphql".to_owned(),
            region: "us-east-1".to_owned(),
            user_pool_id: "us-east-1_CALTRACK0".to_owned(),
            client_id: "c".to_owned(),
            realtime_endpoint: None,
            cognito_endpoint: Some("http://127.0.0.1:4000".to_owned()),
            identity_pool_id: None,
        }
    }

    fn overrides(dir: &Path, profile: Option<&str>) -> Overrides {
        Overrides {
            profile: profile.map(str::to_owned),
            data_dir: Some(dir.to_owned()),
            config: None,
        }
    }

    #[test]
    fn what_is_written_is_read_again_and_the_rest_of_the_file_stays() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("config.toml");
        let before = "# mine\nprofile = \"local\" # for now\n";
        fs::write(&file, before).unwrap();
        let saved = save_profile(&overrides(dir.path(), None), "desk", &written()).unwrap();
        assert!(!saved.replaced);
        let again = save_profile(&overrides(dir.path(), None), "desk", &written()).unwrap();
        assert!(again.replaced);
        assert!(fs::read_to_string(&file).unwrap().starts_with(before));
        let config = Config::load(overrides(dir.path(), Some("desk")), false).unwrap();
        let Backend::Remote(endpoints) = config.profile.backend else {
            panic!("a remote backend");
        };
        assert_eq!(endpoints.realtime, "ws://127.0.0.1:4000/graphql/realtime");
    }

    #[test]
    fn nothing_is_written_that_could_not_be_used() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("config.toml");
        let open = Written {
            graphql_endpoint: "http://api.example.com/graphql".to_owned(),
            ..written()
        };
        for (name, written, wanted) in [
            ("local", written(), "another name"),
            ("../x", written(), "can't be a profile's name"),
            ("work", open, "unencrypted"),
        ] {
            let error = save_profile(&overrides(dir.path(), None), name, &written).unwrap_err();
            assert!(error.to_string().contains(wanted), "{error}");
        }
        assert!(!file.exists());
        fs::write(&file, "profile = ").unwrap();
        assert!(save_profile(&overrides(dir.path(), None), "work", &written()).is_err());
        assert_eq!(fs::read_to_string(&file).unwrap(), "profile = ");
    }
}
