//! Key pairs, and the files that hold them: in AWS's format, for the owner alone.

use std::{
    io,
    path::{Path, PathBuf},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use caltrack_local_core::account::REGION;
use caltrack_private_files as private_files;
use rand::{TryRngCore as _, rngs::OsRng};

/// The letters that AWS's own ids are written in.
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Ids begin like a user's and tell where they are from: nobody shall take them for a real account's.
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

/// A file of keys can't be used. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It is no file of keys.
    #[error(
        "{} holds no key pair under [default]. It was kept as it is. Delete it, and the next start makes a new one.",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// It can't be read or made.
    #[error("{} can't be used ({detail}). Nothing was changed. Make it readable and writable, and try again.", path.display())]
    Unavailable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        detail: String,
    },
}

impl KeyPair {
    /// A pair as given.
    pub fn new(access_key_id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self {
            access_key_id: access_key_id.into(),
            secret: secret.into(),
        }
    }

    /// The pair in a file, which is made where it is absent: by the system's randomness, and once, so that it stays the
    /// same as long as the file is there.
    ///
    /// # Errors
    ///
    /// [`KeyFileError`]; a file that is there is never overwritten.
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

    /// The key's id.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// What signs.
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

    /// The whole file or none of it.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Principal {
    /// The aggregator, as its Lambda function would sign.
    Aggregator,
    /// A client with the key file of `--expose-aws`.
    Exposed,
}

/// The keys that requests may be signed with.
#[derive(Debug, Clone)]
pub(crate) struct Keyring {
    aggregator: KeyPair,
    exposed: Option<KeyPair>,
}

impl Keyring {
    /// The aggregator's key alone.
    pub(crate) fn of_aggregator(aggregator: KeyPair) -> Self {
        Self {
            aggregator,
            exposed: None,
        }
    }

    /// The same with the key of `--expose-aws`.
    #[must_use]
    pub(crate) fn exposing(mut self, exposed: KeyPair) -> Self {
        self.exposed = Some(exposed);
        self
    }

    pub(super) fn find(&self, access_key_id: &str) -> Option<(Principal, &KeyPair)> {
        [
            (Principal::Aggregator, Some(&self.aggregator)),
            (Principal::Exposed, self.exposed.as_ref()),
        ]
        .into_iter()
        .filter_map(|(principal, key)| Some((principal, key?)))
        .find(|(_, key)| key.access_key_id == access_key_id)
    }
}
