//! The configuration file, `config.toml`.

use std::{collections::BTreeMap, io, path::Path};

use caltrack_private_files as private_files;
use serde::Deserialize;

use super::ConfigError;
use crate::api::{Endpoints, realtime_url};

/// The whole file. What this program doesn't know is an error: a misspelt key must not go unnoticed.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct File {
    /// The profile to use where none is asked for.
    pub(super) profile: Option<String>,
    /// Backends by name.
    #[serde(default)]
    pub(super) profiles: BTreeMap<String, Written>,
}

/// A profile as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Written {
    /// The AppSync API's address.
    pub graphql_endpoint: String,
    /// Such as `eu-west-1`.
    pub region: String,
    /// Such as `eu-west-1_AbC123`.
    pub user_pool_id: String,
    /// The pool's app client, one without a secret.
    pub client_id: String,
    /// Where it doesn't follow from the API's address.
    pub realtime_endpoint: Option<String>,
    /// Where it isn't AWS's of the region.
    pub cognito_endpoint: Option<String>,
    /// For programs that sign by IAM; this one needs none.
    pub identity_pool_id: Option<String>,
}

impl Written {
    /// The addresses, those left out by AWS's rules.
    pub(super) fn endpoints(&self) -> Result<Endpoints, String> {
        let realtime = match &self.realtime_endpoint {
            Some(realtime) => realtime.clone(),
            None => realtime_url(&self.graphql_endpoint).map_err(|error| error.to_string())?,
        };
        let cognito = self
            .cognito_endpoint
            .clone()
            .unwrap_or_else(|| format!("https://cognito-idp.{}.amazonaws.com", self.region));
        let endpoints = Endpoints {
            graphql: self.graphql_endpoint.clone(),
            realtime,
            cognito,
            region: self.region.clone(),
            user_pool_id: self.user_pool_id.clone(),
            client_id: self.client_id.clone(),
            socket: None,
        };
        endpoints.check().map_err(|error| error.to_string())?;
        Ok(endpoints)
    }
}

/// Reads the file; where nobody asked for it, it need not be there.
pub(super) fn read(path: &Path, asked: bool) -> Result<File, ConfigError> {
    let text = match read_text(path) {
        Ok(text) => text,
        Err(error) if !asked && is_absent(&error) => return Ok(File::default()),
        Err(error) => {
            return Err(ConfigError::Unreadable {
                path: path.to_owned(),
                detail: error.to_string(),
            });
        }
    };
    parse(&text, path)
}

/// The file's text. It may be a link, and the administrator's; a named pipe would never end.
pub(super) fn read_text(path: &Path) -> io::Result<String> {
    let bytes = private_files::read_settings(path)?;
    String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"))
}

/// Understands the file's text.
pub(super) fn parse(text: &str, path: &Path) -> Result<File, ConfigError> {
    toml::from_str(text).map_err(|error| ConfigError::Malformed {
        path: path.to_owned(),
        detail: match error.span() {
            Some(span) => format!("line {}: {}", line_of(text, span.start), error.message()),
            None => error.message().to_owned(),
        },
    })
}

/// The line, from 1, that a byte stands in.
fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// A data directory that can't be one is reported by whoever needs it.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::PermissionDenied
    )
}
