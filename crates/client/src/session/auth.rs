//! Signing in and out, and keeping the session's tokens valid.

use std::sync::Arc;

use caltrack_domain::Account;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use super::{
    api_credentials::needs_owner,
    clock::ServerClock,
    cognito::{IdentityPoolClient, IssuedTokens, TokenOwner, UserPoolClient},
    file::{SessionFile, UserSession},
    local_account::{LocalAccount, or_warn},
    lock,
    sign_up::SignUp,
    srp, token,
};
use crate::{
    endpoints::{ApiAuthorization, Endpoints},
    error::ApiError,
    http::HttpClient,
};

/// An access token is refreshed when it expires in less than this many seconds (the AWS SDKs' rule).
const REFRESH_BEFORE: i64 = 300;

/// An access token and its user.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    pub(crate) account: Account,
    pub(crate) access: SecretString,
}

/// The sign-in and the session of one profile. Cloning shares the session.
#[derive(Debug, Clone)]
pub(crate) struct Auth {
    pub(super) pool: UserPoolClient,
    pub(super) identity: Option<IdentityPoolClient>,
    pub(super) authorization: ApiAuthorization,
    /// The region of the API, which signatures name.
    pub(super) region: String,
    /// The API's clock, by which signatures are dated.
    pub(super) clock: ServerClock,
    pub(super) file: SessionFile,
    local: Option<Arc<dyn LocalAccount>>,
    /// Held during an automatic sign-in: of several calls that find the session ended, one signs in.
    reopening: Arc<Mutex<()>>,
}

impl Auth {
    pub(crate) fn new(http: HttpClient, endpoints: &Endpoints, file: SessionFile) -> Self {
        Self {
            pool: UserPoolClient::new(http.clone(), endpoints),
            identity: IdentityPoolClient::new(http, endpoints),
            authorization: endpoints.authorization.clone(),
            region: endpoints.region.clone(),
            clock: ServerClock::kept_in(file.clock_path()),
            file,
            local: None,
            reopening: Arc::default(),
        }
    }

    /// The same with automatic sign-in of the account on this computer.
    pub(crate) fn with_local_account(&self, local: Arc<dyn LocalAccount>) -> Self {
        Self {
            local: Some(local),
            ..self.clone()
        }
    }

    /// The same session through another HTTP client.
    pub(crate) fn through(&self, http: HttpClient, endpoints: &Endpoints) -> Self {
        Self {
            pool: UserPoolClient::new(http.clone(), endpoints),
            identity: IdentityPoolClient::new(http, endpoints),
            ..self.clone()
        }
    }

    /// The API's clock, if requests are signed by it.
    pub(crate) fn signing_clock(&self) -> Option<&ServerClock> {
        (self.authorization != ApiAuthorization::UserPool).then_some(&self.clock)
    }

    /// Rejects profiles that sign with an operator's keys: they have no user.
    pub(crate) fn require_user(&self) -> Result<(), ApiError> {
        match self.authorization {
            ApiAuthorization::Operator(_) => Err(needs_owner()),
            ApiAuthorization::UserPool | ApiAuthorization::IdentityPool(_) => Ok(()),
        }
    }

    /// The signed-in user, or else the user that the next call would sign in automatically.
    pub(crate) fn account(&self) -> Option<Account> {
        self.require_user().ok()?;
        let local = || self.local.as_ref()?.account();
        self.file.account().or_else(local)
    }

    pub(crate) async fn sign_up(
        &self,
        username: &str,
        password: &SecretString,
        email: Option<&str>,
    ) -> Result<SignUp, ApiError> {
        Ok(self.pool.sign_up(username, password, email).await?)
    }

    pub(crate) async fn confirm_sign_up(&self, username: &str, code: &str) -> Result<(), ApiError> {
        Ok(self.pool.confirm_sign_up(username, code).await?)
    }

    pub(crate) async fn resend_code(&self, username: &str) -> Result<Option<String>, ApiError> {
        Ok(self.pool.resend_code(username).await?)
    }

    /// Requests a code that allows setting a new password; returns where it was sent, if the pool reports that.
    pub(crate) async fn forgot_password(&self, username: &str) -> Result<Option<String>, ApiError> {
        Ok(self.pool.forgot_password(username).await?)
    }

    pub(crate) async fn replace_password(
        &self,
        username: &str,
        code: &str,
        password: &SecretString,
    ) -> Result<(), ApiError> {
        self.pool
            .confirm_forgot_password(username, code, password)
            .await?;
        self.keep_password(username, password);
        Ok(())
    }

    pub(crate) async fn change_password(
        &self,
        previous: &SecretString,
        proposed: &SecretString,
    ) -> Result<(), ApiError> {
        let credentials = self.credentials().await?;
        self.pool
            .change_password(&credentials.access, previous, proposed)
            .await?;
        self.keep_password(&credentials.account.username, proposed);
        Ok(())
    }

    pub(super) fn keep_password(&self, username: &str, password: &SecretString) {
        if let Some(local) = &self.local {
            or_warn(local.keep_password(username, password));
        }
    }

    fn signing_out(&self) -> Result<(), ApiError> {
        self.local.as_ref().map_or(Ok(()), |local| local.signing_out())
    }

    /// Ends every session of the account, this one included.
    pub(crate) async fn sign_out_everywhere(&self) -> Result<(), ApiError> {
        let access = self.credentials().await?.access;
        self.pool.global_sign_out(&access).await?;
        self.signing_out()?;
        let _lock = lock::acquire(self.file.lock_path()).await?;
        self.file.remove()
    }

    /// Deletes the account, and removes its session here.
    pub(crate) async fn delete_account(&self) -> Result<(), ApiError> {
        let access = self.credentials().await?.access;
        self.pool.delete_user(&access).await?;
        let _lock = lock::acquire(self.file.lock_path()).await?;
        self.file.remove()
    }

    /// Starts the set-up of an authenticator for the signed-in user; returns its secret in base32.
    pub(crate) async fn begin_authenticator(&self) -> Result<SecretString, ApiError> {
        let access = self.credentials().await?.access;
        Ok(self
            .pool
            .associate_token(TokenOwner::Access(&access))
            .await?
            .secret)
    }

    /// Finishes the set-up with a first code: from then on, sign-in requires one.
    pub(crate) async fn finish_authenticator(&self, code: &str) -> Result<(), ApiError> {
        let access = self.credentials().await?.access;
        self.pool
            .verify_token(TokenOwner::Access(&access), code.trim())
            .await?;
        Ok(self.pool.prefer_token(&access, true).await?)
    }

    /// Turns off the authenticator's code at sign-in.
    pub(crate) async fn drop_authenticator(&self) -> Result<(), ApiError> {
        let access = self.credentials().await?.access;
        Ok(self.pool.prefer_token(&access, false).await?)
    }

    /// Checks that the pool lets this app client sign in by SRP; returns the clock skew in seconds.
    pub(crate) async fn probe(&self) -> Result<Option<i64>, ApiError> {
        Ok(self.pool.probe(&srp::ClientSrp::new().srp_a()).await?)
    }

    /// Stores the session of a new sign-in.
    pub(super) async fn store(&self, tokens: IssuedTokens) -> Result<Account, ApiError> {
        let account = token::account(tokens.access.expose_secret())?;
        let refresh = tokens
            .refresh
            .ok_or_else(|| ApiError::Protocol("it has no refresh token".to_owned()))?;
        let _lock = lock::acquire(self.file.lock_path()).await?;
        self.file.write(&UserSession {
            account: account.clone(),
            access: tokens.access,
            refresh,
            id: tokens.id,
            keys: None,
            expires: expiry(tokens.lifetime),
            lifetime: tokens.lifetime,
        })?;
        if let Some(local) = &self.local {
            or_warn(local.signed_in(&account));
        }
        Ok(account)
    }

    /// Removes the session here, then revokes it at the pool if that can be reached.
    pub(crate) async fn sign_out(&self) -> Result<(), ApiError> {
        self.signing_out()?;
        let session = {
            let _lock = lock::acquire(self.file.lock_path()).await?;
            // A damaged session file is removed as well.
            let session = self.file.read().ok().flatten();
            self.file.remove()?;
            session
        };
        if let Some(session) = session
            && let Err(error) = self.pool.revoke(&session.refresh).await
        {
            tracing::info!(error = %ApiError::from(error), "the session ended here, but could not be revoked at the user pool");
        }
        Ok(())
    }

    /// A valid access token, refreshed if needed.
    pub(crate) async fn credentials(&self) -> Result<Credentials, ApiError> {
        self.require_user()?;
        match self.session() {
            Ok(session) if is_fresh(&session) => Ok(session.into()),
            Ok(session) => self.replace(&session.access).await,
            Err(ended @ ApiError::SignedOut(_)) => self.reopen(None, ended).await,
            Err(error) => Err(error),
        }
    }

    pub(super) fn session(&self) -> Result<UserSession, ApiError> {
        self.file
            .read()?
            .ok_or_else(|| ApiError::SignedOut(String::new()))
    }

    /// Refreshes the tokens, unless another program has done so in the meantime.
    pub(super) async fn replace(&self, old: &SecretString) -> Result<Credentials, ApiError> {
        let lock = lock::acquire(self.file.lock_path()).await?;
        let session = match self.session() {
            Ok(session) => session,
            Err(ended @ ApiError::SignedOut(_)) => {
                drop(lock);
                return self.reopen(None, ended).await;
            }
            Err(error) => return Err(error),
        };
        if is_another(&session, old) && is_fresh(&session) {
            return Ok(session.into());
        }
        let tokens = match self.pool.refresh(&session.refresh).await {
            Ok(tokens) => tokens,
            Err(error) if error.ends_session() => {
                let detail = format!("the session has ended ({})", ApiError::from(error));
                // Signing in again takes the lock as well.
                drop(lock);
                return self.reopen(Some(session), ApiError::SignedOut(detail)).await;
            }
            Err(error) => return Err(error.into()),
        };
        let renewed = UserSession {
            account: token::account(tokens.access.expose_secret())?,
            access: tokens.access,
            refresh: tokens.refresh.unwrap_or(session.refresh),
            id: tokens.id.or(session.id),
            keys: session.keys,
            expires: expiry(tokens.lifetime),
            lifetime: tokens.lifetime,
        };
        // Stored before it is used: under rotation the old refresh token is no longer valid.
        self.file.write(&renewed)?;
        Ok(renewed.into())
    }

    /// Signs in the account on this computer, if that is allowed. The file of the ended session remains until a new one
    /// replaces it, or until it is known that none will.
    async fn reopen(&self, last: Option<UserSession>, ended: ApiError) -> Result<Credentials, ApiError> {
        if let Some(local) = &self.local {
            let _guard = self.reopening.lock().await;
            let differs = |session: &UserSession| match &last {
                Some(last) => is_another(session, &last.access),
                None => true,
            };
            // Another call may have signed in meanwhile.
            if let Ok(session) = self.session()
                && differs(&session)
                && is_fresh(&session)
            {
                return Ok(session.into());
            }
            if local.reopen(last.as_ref().map(|last| &last.account)).await? {
                return Ok(self.session()?.into());
            }
        }
        if let Some(last) = last {
            self.remove_ended(&last).await?;
        }
        Err(ended)
    }

    /// Removes the file of a session that has ended, unless it contains another one by now.
    async fn remove_ended(&self, ended: &UserSession) -> Result<(), ApiError> {
        let _lock = lock::acquire(self.file.lock_path()).await?;
        match self.session() {
            Ok(session) if is_another(&session, &ended.access) => Ok(()),
            Ok(_) | Err(_) => self.file.remove(),
        }
    }
}

fn is_another(session: &UserSession, access: &SecretString) -> bool {
    session.access.expose_secret() != access.expose_secret()
}

impl From<UserSession> for Credentials {
    fn from(session: UserSession) -> Self {
        Self {
            account: session.account,
            access: session.access,
        }
    }
}

/// When a token received now expires, by this computer's clock, which may differ from the pool's.
pub(super) fn expiry(lifetime: i64) -> i64 {
    Timestamp::now().as_second().saturating_add(lifetime)
}

/// An app client may limit tokens to five minutes; those count as fresh for half of that.
pub(super) fn is_fresh(session: &UserSession) -> bool {
    is_valid_for_long(session.expires, session.lifetime)
}

/// Whether a token or key with this expiry and lifetime need not be renewed yet.
pub(super) fn is_valid_for_long(expires: i64, lifetime: i64) -> bool {
    let left = expires.saturating_sub(Timestamp::now().as_second());
    // After the clock was set back, a token seems to have more than its lifetime left.
    left >= REFRESH_BEFORE.min(lifetime / 2) && left <= lifetime
}
