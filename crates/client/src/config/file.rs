//! The configuration file, `config.toml`.

use std::{collections::BTreeMap, fs, io, path::Path};

use caltrack_domain::Display;
use caltrack_private_files as private_files;
use serde::Deserialize;

use super::error::ConfigError;
use crate::{
    endpoints::{ApiAuthorization, Endpoints, IdentityPool},
    realtime_url::realtime_url,
};

/// The whole file. An unknown key is an error, so that misspelt keys are noticed.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct File {
    /// The profile that is used unless the command line names one.
    pub(super) profile: Option<String>,
    #[serde(default)]
    pub(super) profiles: BTreeMap<String, ProfileSettings>,
    #[serde(default)]
    pub(super) screens: Display,
    /// Lines of keys, which are read one by one.
    #[serde(default)]
    pub(super) keys: toml::Table,
}

/// A profile in the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ProfileSettings {
    /// The address of the AppSync API.
    pub graphql_endpoint: String,
    /// The AWS region, such as `eu-west-1`.
    pub region: String,
    /// The id of the user pool, such as `eu-west-1_AbC123`; an operator's profile may have none.
    pub user_pool_id: Option<String>,
    /// The id of the pool's app client, which must have no secret; an operator's profile may have none.
    pub client_id: Option<String>,
    /// The address for subscriptions, if it isn't derived from that of the API.
    pub realtime_endpoint: Option<String>,
    /// The address of the user pool, if it isn't AWS's of the region.
    pub cognito_endpoint: Option<String>,
    /// The address of the identity pool, if it isn't AWS's of the region.
    pub identity_endpoint: Option<String>,
    /// How requests to the API are authorised; by tokens of the user pool if absent.
    pub auth: Option<AuthMode>,
    /// The identity pool that gives keys to users, with `auth = "iam"`.
    pub identity_pool_id: Option<String>,
    /// An operator's profile of the shared credentials file, with `auth = "iam"`; it precedes the identity pool.
    pub aws_profile: Option<String>,
}

/// How requests to the API are authorised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuthMode {
    /// By tokens of the user pool.
    UserPool,
    /// By signatures: of the identity pool's users, or of an operator.
    Iam,
}

impl AuthMode {
    /// The name in the file and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UserPool => "user-pool",
            Self::Iam => "iam",
        }
    }
}

impl ProfileSettings {
    /// Whether requests are signed with an operator's keys.
    pub fn is_of_operator(&self) -> bool {
        let has_users = self.identity_pool_id.is_some() && self.aws_profile.is_none();
        self.auth == Some(AuthMode::Iam) && !has_users
    }

    /// The addresses, with AWS's defaults for those that are absent.
    pub(super) fn endpoints(&self) -> Result<Endpoints, String> {
        let realtime = match &self.realtime_endpoint {
            Some(realtime) => realtime.clone(),
            None => realtime_url(&self.graphql_endpoint).map_err(|error| error.to_string())?,
        };
        let cognito = self
            .cognito_endpoint
            .clone()
            .unwrap_or_else(|| format!("https://cognito-idp.{}.amazonaws.com", self.region));
        let address = || format!("https://cognito-identity.{}.amazonaws.com", self.region);
        let identity_pool = |id: &String| IdentityPool {
            id: id.clone(),
            address: self.identity_endpoint.clone().unwrap_or_else(address),
        };
        let authorization = match (self.auth, &self.aws_profile, &self.identity_pool_id) {
            (None | Some(AuthMode::UserPool), Some(_), _) => {
                return Err("aws-profile needs auth = \"iam\"".to_owned());
            }
            (None | Some(AuthMode::UserPool), None, _) => ApiAuthorization::UserPool,
            (Some(AuthMode::Iam), None, Some(id)) => {
                ApiAuthorization::IdentityPool(Box::new(identity_pool(id)))
            }
            // The same as in `is_of_operator`.
            (Some(AuthMode::Iam), profile, _) => ApiAuthorization::Operator(profile.clone()),
        };
        let of_pool = |id: &Option<String>, key: &str| match id {
            Some(id) => Ok(id.clone()),
            None if self.is_of_operator() => Ok(String::new()),
            None => Err(format!("{key} is missing")),
        };
        let endpoints = Endpoints {
            graphql: self.graphql_endpoint.clone(),
            realtime,
            cognito,
            authorization,
            region: self.region.clone(),
            user_pool_id: of_pool(&self.user_pool_id, "user-pool-id")?,
            client_id: of_pool(&self.client_id, "client-id")?,
            socket: None,
        };
        endpoints.check().map_err(|error| error.to_string())?;
        Ok(endpoints)
    }
}

/// Reads the file, which may be absent unless it was named explicitly.
pub(super) fn read(path: &Path, explicit: bool) -> Result<File, ConfigError> {
    let text = match read_text(path) {
        Ok(text) => text,
        Err(error) if !explicit && is_absent(&error) => return Ok(File::default()),
        Err(error) => {
            return Err(ConfigError::Unreadable {
                path: path.to_owned(),
                detail: error.to_string(),
            });
        }
    };
    parse(&text, path)
}

/// Reads the text of the file, which may be a link or belong to the administrator; a named pipe is refused.
pub(super) fn read_text(path: &Path) -> io::Result<String> {
    let bytes = private_files::read_settings(path)?;
    String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"))
}

/// Replaces the file atomically.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    // A link stays a link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    private_files::replace(&path, text.as_bytes())
}

/// Parses the text of the file.
pub(super) fn parse(text: &str, path: &Path) -> Result<File, ConfigError> {
    toml::from_str(text).map_err(|error| ConfigError::Malformed {
        path: path.to_owned(),
        detail: match error.span() {
            Some(span) => format!("line {}: {}", line_of(text, span.start), error.message()),
            None => error.message().to_owned(),
        },
    })
}

/// The number of the line, from 1, of a byte offset.
fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// A data directory that can't be used is reported where it is needed.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::PermissionDenied
    )
}
