//! Keys that sign requests: a user's temporary ones of the identity pool, and an operator's.

use std::path::PathBuf;

use caltrack_private_files as private_files;
use caltrack_sigv4::{Keys, keys_in_shared_file};
use secrecy::{ExposeSecret as _, SecretString};

use super::{
    api_credentials::ApiCredentials,
    auth::{Auth, Credentials, expiry, is_valid_for_long},
    cognito::{IdentityPoolClient, IssuedKeys, PoolError},
    file::{TemporaryKeys, UserSession},
    lock,
};
use crate::{config::variable, endpoints::ApiAuthorization, error::ApiError};

impl Auth {
    /// What authorises a request to the API, renewed if needed.
    pub(crate) async fn api_credentials(&self) -> Result<ApiCredentials, ApiError> {
        match (&self.authorization, &self.identity) {
            (ApiAuthorization::Operator(profile), _) => self.keys_of_operator(profile.as_deref()),
            (_, Some(pool)) => self.keys_of_user(pool, None).await,
            (_, None) => Ok(by_token(self.credentials().await?)),
        }
    }

    /// Something else than what the API has rejected.
    pub(crate) async fn renew(&self, rejected: &ApiCredentials) -> Result<ApiCredentials, ApiError> {
        match (&self.identity, rejected.token()) {
            (_, Some(token)) => Ok(by_token(self.replace(token).await?)),
            (Some(pool), None) => self.keys_of_user(pool, rejected.key_id()).await,
            // Another program may have renewed an operator's keys.
            (None, None) => self.api_credentials().await,
        }
    }

    /// The keys in the session file, or new ones for its tokens, which are then kept there. Of many callers, one requests
    /// them.
    async fn keys_of_user(
        &self,
        pool: &IdentityPoolClient,
        rejected: Option<&str>,
    ) -> Result<ApiCredentials, ApiError> {
        let usable = |session: &UserSession| {
            let keys = session.keys.as_ref()?;
            let is_usable =
                is_valid_for_long(keys.expires, keys.lifetime) && Some(keys.id.as_str()) != rejected;
            is_usable.then(|| self.credentials_of(session, keys))
        };
        if let Ok(session) = self.session()
            && let Some(credentials) = usable(&session)
        {
            return Ok(credentials);
        }
        // The tokens that keys are requested with must be valid.
        self.credentials().await?;
        let mut has_new_tokens = false;
        loop {
            let lock = lock::acquire(self.file.lock_path()).await?;
            let mut session = self.session()?;
            if let Some(credentials) = usable(&session) {
                return Ok(credentials);
            }
            let issued = match &session.id {
                Some(token) => Some(self.request_keys(pool, &session, token).await),
                // The session is older than the profile's identity pool.
                None => None,
            };
            match issued {
                Some(Ok(keys)) => {
                    let credentials = self.credentials_of(&session, &keys);
                    session.keys = Some(keys);
                    self.file.write(&session)?;
                    return Ok(credentials);
                }
                Some(Err(error)) if has_new_tokens || !error.ends_session() => return Err(error.into()),
                None if has_new_tokens => {
                    return Err(ApiError::Protocol("the user pool issues no ID tokens".to_owned()));
                }
                // The session may have ended, which only the user pool knows.
                Some(Err(_)) | None => {
                    drop(lock);
                    self.replace(&session.access).await?;
                    has_new_tokens = true;
                }
            }
        }
    }

    async fn request_keys(
        &self,
        pool: &IdentityPoolClient,
        session: &UserSession,
        token: &SecretString,
    ) -> Result<TemporaryKeys, PoolError> {
        let known = session.keys.as_ref().map(|keys| keys.identity_id.clone());
        let identity_id = match known {
            Some(id) => id,
            None => pool.get_id(token).await?,
        };
        let IssuedKeys {
            id,
            secret,
            session_token,
            lifetime,
            skew,
        } = pool.get_keys(&identity_id, token).await?;
        if let Some(skew) = skew {
            self.clock.correct(skew);
        }
        Ok(TemporaryKeys {
            identity_id,
            id,
            secret,
            session_token,
            expires: expiry(lifetime),
            lifetime,
        })
    }

    fn credentials_of(&self, session: &UserSession, keys: &TemporaryKeys) -> ApiCredentials {
        let token = keys.session_token.expose_secret();
        let keys = Keys::new(&keys.id, keys.secret.expose_secret(), Some(token));
        ApiCredentials::of_keys(Some(session.account.clone()), keys, &self.region, &self.clock)
    }

    /// The keys of the environment, or else of a profile of the shared credentials file: the given one, `AWS_PROFILE` or
    /// `default`.
    fn keys_of_operator(&self, profile: Option<&str>) -> Result<ApiCredentials, ApiError> {
        let text = |name: &str| variable(name).and_then(|value| value.into_string().ok());
        let credentials = |keys: Keys| ApiCredentials::of_keys(None, keys, &self.region, &self.clock);
        if let (None, Some(id), Some(secret)) =
            (profile, text("AWS_ACCESS_KEY_ID"), text("AWS_SECRET_ACCESS_KEY"))
        {
            return Ok(credentials(Keys::new(
                &id,
                &secret,
                text("AWS_SESSION_TOKEN").as_deref(),
            )));
        }
        let profile = profile
            .map(str::to_owned)
            .or_else(|| text("AWS_PROFILE"))
            .unwrap_or_else(|| "default".to_owned());
        let missing =
            |detail: String| ApiError::SignedOut(format!("{detail}; AWS's own tools set them there"));
        let Some(path) = shared_credentials_file() else {
            return Err(missing("there are no keys in AWS_ACCESS_KEY_ID".to_owned()));
        };
        let found = private_files::read_settings(&path)
            .ok()
            .and_then(|bytes| keys_in_shared_file(&String::from_utf8_lossy(&bytes), &profile));
        found.map(credentials).ok_or_else(|| {
            missing(format!(
                "{} has no keys of the profile `{profile}`",
                path.display()
            ))
        })
    }
}

fn by_token(credentials: Credentials) -> ApiCredentials {
    ApiCredentials::of_token(credentials.account, credentials.access)
}

/// The shared credentials file of AWS's tools.
fn shared_credentials_file() -> Option<PathBuf> {
    variable("AWS_SHARED_CREDENTIALS_FILE").map_or_else(
        || Some(directories::BaseDirs::new()?.home_dir().join(".aws/credentials")),
        |path| Some(PathBuf::from(path)),
    )
}
