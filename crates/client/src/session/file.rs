//! The session file: the tokens of the signed-in user, shared by all programs on one data directory.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use caltrack_domain::Account;
use caltrack_private_files::{self as private_files, Stamp};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::ApiError;

/// The file of a profile's session: JSON, mode 0600.
#[derive(Debug, Clone)]
pub struct SessionFile {
    path: PathBuf,
    /// What was read last: every request needs the session, and other programs replace it.
    known: Arc<Mutex<Option<(Stamp, UserSession)>>>,
}

/// A signed-in user with the tokens.
#[derive(Debug, Clone)]
pub(crate) struct UserSession {
    pub(crate) account: Account,
    pub(crate) access: SecretString,
    pub(crate) refresh: SecretString,
    /// The ID token, which an identity pool changes for keys.
    pub(crate) id: Option<SecretString>,
    /// The keys that the identity pool has given for it.
    pub(crate) keys: Option<TemporaryKeys>,
    /// When the access token expires, by this computer's clock, in seconds since 1970.
    pub(crate) expires: i64,
    /// Lifetime of the access token in seconds.
    pub(crate) lifetime: i64,
}

/// Temporary keys of the identity pool.
#[derive(Debug, Clone)]
pub(crate) struct TemporaryKeys {
    /// The user's id in the identity pool.
    pub(crate) identity_id: String,
    /// The public id of the keys.
    pub(crate) id: String,
    pub(crate) secret: SecretString,
    pub(crate) session_token: SecretString,
    /// When the keys expire, by this computer's clock, in seconds since 1970.
    pub(crate) expires: i64,
    /// Lifetime of the keys in seconds.
    pub(crate) lifetime: i64,
}

#[derive(Serialize, Deserialize)]
struct SessionJson {
    version: u32,
    username: String,
    sub: String,
    access_token: String,
    refresh_token: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keys: Option<KeysJson>,
    expires: i64,
    lifetime: i64,
}

#[derive(Serialize, Deserialize)]
struct KeysJson {
    identity_id: String,
    access_key_id: String,
    secret_key: String,
    session_token: String,
    expires: i64,
    lifetime: i64,
}

impl From<&TemporaryKeys> for KeysJson {
    fn from(keys: &TemporaryKeys) -> Self {
        Self {
            identity_id: keys.identity_id.clone(),
            access_key_id: keys.id.clone(),
            secret_key: keys.secret.expose_secret().to_owned(),
            session_token: keys.session_token.expose_secret().to_owned(),
            expires: keys.expires,
            lifetime: keys.lifetime,
        }
    }
}

impl From<KeysJson> for TemporaryKeys {
    fn from(keys: KeysJson) -> Self {
        Self {
            identity_id: keys.identity_id,
            id: keys.access_key_id,
            secret: keys.secret_key.into(),
            session_token: keys.session_token.into(),
            expires: keys.expires,
            lifetime: keys.lifetime,
        }
    }
}

/// Version of the file format.
const VERSION: u32 = 1;

impl SessionFile {
    /// Names the file; it need not exist.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            known: Arc::default(),
        }
    }

    /// The path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The signed-in user; `None` without a readable session.
    pub fn account(&self) -> Option<Account> {
        self.read().ok().flatten().map(|session| session.account)
    }

    /// The lock file beside it: only its holder may refresh or replace the session.
    pub fn lock_path(&self) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(".lock");
        PathBuf::from(name)
    }

    /// The file beside it with the correction of this computer's clock.
    pub(super) fn clock_path(&self) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(".clock");
        PathBuf::from(name)
    }

    /// Reads the session, unless the file is as it was when it was read before; `None` without a file.
    pub(crate) fn read(&self) -> Result<Option<UserSession>, ApiError> {
        // Taken before the file is read: where it is replaced meanwhile, the next call reads it again.
        let stamp = Stamp::of(&self.path).ok().flatten();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(stamp), Some((read, session))) = (&stamp, &*known)
            && stamp == read
        {
            return Ok(Some(session.clone()));
        }
        *known = None;
        let session = self.read_file()?;
        *known = stamp.zip(session.clone());
        Ok(session)
    }

    fn read_file(&self) -> Result<Option<UserSession>, ApiError> {
        let bytes = match private_files::read(&self.path) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.storage(&error)),
        };
        self.decode(&bytes).map(Some)
    }

    /// Reads the content of the file.
    pub(super) fn decode(&self, bytes: &[u8]) -> Result<UserSession, ApiError> {
        let stored: SessionJson = serde_json::from_slice(bytes).map_err(|_| {
            ApiError::SignedOut(format!(
                "{} is damaged; signing in replaces it",
                self.path.display()
            ))
        })?;
        if stored.version != VERSION {
            return Err(ApiError::SignedOut(format!(
                "{} was written by another version of this program; signing in replaces it",
                self.path.display()
            )));
        }
        Ok(UserSession {
            account: Account {
                username: stored.username,
                sub: stored.sub,
            },
            access: stored.access_token.into(),
            refresh: stored.refresh_token.into(),
            id: stored.id_token.map(SecretString::from),
            keys: stored.keys.map(TemporaryKeys::from),
            expires: stored.expires,
            lifetime: stored.lifetime,
        })
    }

    /// Replaces the session atomically.
    pub(crate) fn write(&self, session: &UserSession) -> Result<(), ApiError> {
        let text = Self::encode(session)?;
        private_files::replace(&self.path, text.expose_secret().as_bytes())
            .map_err(|error| self.storage(&error))
    }

    /// The content of the file.
    pub(super) fn encode(session: &UserSession) -> Result<SecretString, ApiError> {
        let stored = SessionJson {
            version: VERSION,
            username: session.account.username.clone(),
            sub: session.account.sub.clone(),
            access_token: session.access.expose_secret().to_owned(),
            refresh_token: session.refresh.expose_secret().to_owned(),
            id_token: session.id.as_ref().map(|id| id.expose_secret().to_owned()),
            keys: session.keys.as_ref().map(KeysJson::from),
            expires: session.expires,
            lifetime: session.lifetime,
        };
        let text = serde_json::to_string(&stored).map_err(|error| ApiError::Storage(error.to_string()))?;
        Ok(SecretString::from(text))
    }

    /// Removes the file, if it exists.
    pub(crate) fn remove(&self) -> Result<(), ApiError> {
        match fs::remove_file(&self.path) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(self.storage(&error)),
        }
    }

    fn storage(&self, error: &io::Error) -> ApiError {
        if private_files::is_full(error) {
            return ApiError::DiskFull;
        }
        ApiError::Storage(format!("{}: {error}", self.path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> UserSession {
        UserSession {
            account: Account {
                username: "ada".to_owned(),
                sub: "s-1".to_owned(),
            },
            access: "access".to_owned().into(),
            refresh: "refresh".to_owned().into(),
            id: Some("id-token".to_owned().into()),
            keys: Some(TemporaryKeys {
                identity_id: "us-east-1:1".to_owned(),
                id: "ASIAEXAMPLE".to_owned(),
                secret: "secret-key".to_owned().into(),
                session_token: "session-token".to_owned().into(),
                expires: 43,
                lifetime: 3600,
            }),
            expires: 42,
            lifetime: 3600,
        }
    }

    #[test]
    fn a_session_that_another_program_replaces_or_removes_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let (file, other) = (
            SessionFile::new(dir.path().join("session.json")),
            SessionFile::new(dir.path().join("session.json")),
        );
        for turn in 0..20 {
            // All of the same length.
            let token = format!("access-{turn:02}");
            let session = UserSession {
                access: token.clone().into(),
                ..session()
            };
            other.write(&session).unwrap();
            for _ in 0..2 {
                assert_eq!(file.read().unwrap().unwrap().access.expose_secret(), token);
            }
        }
        other.remove().unwrap();
        assert!(file.read().unwrap().is_none());
        fs::write(file.path(), "{").unwrap();
        assert!(file.read().is_err());
        assert!(file.read().is_err());
    }

    #[test]
    fn a_session_survives_the_program_and_only_its_owner_can_read_it() {
        let dir = tempfile::tempdir().unwrap();
        let file = SessionFile::new(dir.path().join("session.json"));
        assert!(file.read().unwrap().is_none());
        file.write(&session()).unwrap();
        file.write(&session()).unwrap();
        let read = file.read().unwrap().unwrap();
        assert_eq!(read.account, session().account);
        assert_eq!(read.refresh.expose_secret(), "refresh");
        assert_eq!(read.keys.unwrap().secret.expose_secret(), "secret-key");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(
                fs::metadata(file.path()).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
        assert_eq!(
            fs::read_dir(dir.path()).unwrap().count(),
            1,
            "no temporary file remains"
        );
        file.remove().unwrap();
        file.remove().unwrap();
        assert!(file.account().is_none());
    }

    #[test]
    fn a_damaged_session_requires_signing_in_again() {
        let dir = tempfile::tempdir().unwrap();
        let file = SessionFile::new(dir.path().join("session.json"));
        for text in [
            "",
            "{",
            "{\"version\":9,\"username\":\"\",\"sub\":\"\",\"access_token\":\"\",\"refresh_token\":\"\",\"expires\":0,\"lifetime\":0}",
        ] {
            fs::write(file.path(), text).unwrap();
            assert!(matches!(file.read(), Err(ApiError::SignedOut(_))), "{text}");
        }
    }

    #[test]
    fn a_full_disk_has_an_error_of_its_own() {
        let file = SessionFile::new("session.json");
        let error = |kind| file.storage(&io::Error::from(kind));
        assert_eq!(error(io::ErrorKind::StorageFull), ApiError::DiskFull);
        assert_eq!(error(io::ErrorKind::QuotaExceeded), ApiError::DiskFull);
        let other = error(io::ErrorKind::PermissionDenied);
        assert_eq!(other.kind(), caltrack_domain::FailureKind::Storage);
        assert!(other.to_string().contains("session.json"), "{other}");
    }

    #[test]
    fn debug_output_has_no_tokens() {
        let text = format!("{:?}", session());
        assert!(
            ![
                "refresh\"",
                "\"access\"",
                "id-token",
                "secret-key",
                "session-token"
            ]
            .iter()
            .any(|secret| text.contains(secret)),
            "{text}"
        );
    }
}
