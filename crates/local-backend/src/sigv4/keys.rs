//! Key pairs and their files, which have AWS's format and are private.

use std::{
    io,
    path::{Path, PathBuf},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use caltrack_local_cognito::{SessionTokenError, TemporaryKey, UserPool};
use caltrack_local_core::{account::REGION, authenticator::SignatureError};
use caltrack_private_files as private_files;
use rand::{TryRngCore as _, rngs::OsRng};

/// The alphabet of AWS's key ids.
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Ids start like those of IAM users, but can't be mistaken for a real account's.
const PREFIX: &str = "AKIACALTRACK";

/// An access key: its id is public, the secret isn't.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyPair {
    access_key_id: String,
    secret: String,
}

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyPair")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}

/// A key file can't be used. It is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file holds no key pair.
    #[error("{} holds no key pair under [default]. It was kept as it is", path.display())]
    Damaged {
        /// The key file.
        path: PathBuf,
    },
    /// The file can't be read or created.
    #[error("{} can't be used ({detail}). Nothing was changed", path.display())]
    Unavailable {
        /// The key file.
        path: PathBuf,
        /// The operating system's error message.
        detail: String,
    },
}

impl KeyFileError {
    /// What the user can do.
    pub fn advice(&self) -> String {
        match self {
            Self::Damaged { .. } => "Delete it; the next start creates a new one".to_owned(),
            Self::Unavailable { .. } => "Make it readable and writable, and try again".to_owned(),
        }
    }
}

impl KeyPair {
    /// A pair of known id and secret.
    pub fn new(access_key_id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self {
            access_key_id: access_key_id.into(),
            secret: secret.into(),
        }
    }

    /// The pair in a file. If the file is absent, it is created with a random pair, which stays the same as long as the
    /// file exists.
    ///
    /// # Errors
    ///
    /// [`KeyFileError`]; an existing file is never overwritten.
    pub fn at(path: &Path) -> Result<Self, KeyFileError> {
        let unavailable = |error: io::Error| KeyFileError::Unavailable {
            path: path.to_owned(),
            detail: error.to_string(),
        };
        match private_files::read(path) {
            Ok(bytes) => std::str::from_utf8(&bytes)
                .ok()
                .and_then(Self::parse)
                .ok_or_else(|| KeyFileError::Damaged {
                    path: path.to_owned(),
                }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let fresh = Self::random().map_err(unavailable)?;
                fresh.write(path).map_err(unavailable)?;
                Ok(fresh)
            }
            Err(error) => Err(unavailable(error)),
        }
    }

    fn random() -> io::Result<Self> {
        let (mut id, mut secret) = ([0_u8; 8], [0_u8; 30]);
        OsRng.try_fill_bytes(&mut id).map_err(io::Error::other)?;
        OsRng.try_fill_bytes(&mut secret).map_err(io::Error::other)?;
        let letters = id
            .iter()
            .filter_map(|byte| LETTERS.get(usize::from(byte % 32)))
            .map(|letter| char::from(*letter));
        Ok(Self {
            access_key_id: PREFIX.chars().chain(letters).collect(),
            secret: BASE64_STANDARD.encode(secret),
        })
    }

    /// The public id, `AKIA…`.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// The secret that signatures are made with.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    fn parse(text: &str) -> Option<Self> {
        let (mut id, mut secret, mut ours) = (None, None, false);
        for line in text.lines().map(str::trim) {
            if let Some(profile) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                ours = profile.trim() == "default";
            } else if let (true, Some((name, value))) = (ours, line.split_once('=')) {
                let value = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
                match name.trim() {
                    "aws_access_key_id" => id = value,
                    "aws_secret_access_key" => secret = value,
                    _ => {}
                }
            }
        }
        Some(Self {
            access_key_id: id?,
            secret: secret?,
        })
    }

    /// Creates the file, completely or not at all.
    fn write(&self, path: &Path) -> io::Result<()> {
        let text = format!(
            "# Made by caltrack-tui, and good for the backend in this directory alone.
[default]
aws_access_key_id = {}
\
             aws_secret_access_key = {}
region = {REGION}
",
            self.access_key_id, self.secret
        );
        private_files::create(path, text.as_bytes())
    }
}

/// The owner of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Principal {
    /// The aggregator, as its Lambda function would sign.
    Aggregator,
    /// A client with the key file of `--expose-aws`.
    Exposed,
    /// A user with temporary keys of the identity pool.
    User(TemporaryKey),
}

/// The keys that requests may be signed with.
#[derive(Debug, Clone)]
pub(crate) struct Keyring {
    aggregator: KeyPair,
    exposed: Option<KeyPair>,
    /// The pool whose users have temporary keys.
    users: Option<UserPool>,
}

impl Keyring {
    /// A keyring with the aggregator's key alone.
    pub(crate) fn of_aggregator(aggregator: KeyPair) -> Self {
        Self {
            aggregator,
            exposed: None,
            users: None,
        }
    }

    /// The keyring with the temporary keys of a pool's users added.
    #[must_use]
    pub(crate) fn with_users(mut self, users: UserPool) -> Self {
        self.users = Some(users);
        self
    }

    /// The keyring with the key of `--expose-aws` added.
    #[must_use]
    pub(crate) fn exposing(mut self, exposed: KeyPair) -> Self {
        self.exposed = Some(exposed);
        self
    }

    /// The key of an id, and its owner. Temporary keys have a session token, and no other keys do.
    pub(super) fn find(
        &self,
        access_key_id: &str,
        session_token: Option<&str>,
    ) -> Result<(Principal, KeyPair), SignatureError> {
        if let Some(token) = session_token {
            let users = self.users.as_ref().ok_or(SignatureError::UnknownKey)?;
            let key = users
                .temporary_key(access_key_id, token)
                .map_err(|error| match error {
                    SessionTokenError::Foreign => SignatureError::UnknownKey,
                    SessionTokenError::Expired => SignatureError::Expired,
                })?;
            let pair = KeyPair::new(access_key_id, key.secret.as_str());
            return Ok((Principal::User(key), pair));
        }
        [
            (Principal::Aggregator, Some(&self.aggregator)),
            (Principal::Exposed, self.exposed.as_ref()),
        ]
        .into_iter()
        .filter_map(|(principal, key)| Some((principal, key?.clone())))
        .find(|(_, key)| key.access_key_id == access_key_id)
        .ok_or(SignatureError::UnknownKey)
    }

    /// The principal, if it still exists: temporary keys end with their user.
    ///
    /// # Errors
    ///
    /// [`SignatureError::UnknownKey`] if the user was deleted.
    pub(crate) async fn existing(&self, principal: Principal) -> Result<Principal, SignatureError> {
        if let (Principal::User(key), Some(users)) = (&principal, &self.users)
            && !users.has_user_of(key).await
        {
            return Err(SignatureError::UnknownKey);
        }
        Ok(principal)
    }
}
