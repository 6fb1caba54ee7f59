//! Who is calling: the user pool's dialect, and the session that programs on one data directory share.

mod cognito;
mod local;
mod lock;
mod session;
mod srp;
mod steps;
mod token;

use std::sync::Arc;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use self::{
    cognito::{Caller, Tokens, UserPool},
    local::or_warn,
    session::Session,
};
use super::{Account, ApiError, Endpoints, SignUp, http::Http};

pub use local::LocalAccount;
pub use session::SessionFile;
pub use steps::{Challenge, CodeBy, SignIn, Wanted};

/// A token is replaced when less than this is left of it (the AWS SDKs' own rule), in seconds.
const REFRESH_BEFORE: i64 = 300;

/// An access token, and whose it is.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    pub(crate) account: Account,
    pub(crate) access: SecretString,
}

/// Signs in and out, and keeps the session usable.
#[derive(Debug, Clone)]
pub(crate) struct Auth {
    pool: UserPool,
    file: SessionFile,
    local: Option<Arc<dyn LocalAccount>>,
    /// Held while a session is opened anew: of several calls that find the last one ended, one signs in.
    reopening: Arc<Mutex<()>>,
}

impl Auth {
    pub(crate) fn new(http: Http, endpoints: &Endpoints, file: SessionFile) -> Self {
        Self {
            pool: UserPool::new(http, endpoints),
            file,
            local: None,
            reopening: Arc::default(),
        }
    }

    /// The same, with sessions of the account on this computer opened anew where they end by themselves.
    pub(crate) fn with_local_account(&self, local: Arc<dyn LocalAccount>) -> Self {
        Self {
            local: Some(local),
            ..self.clone()
        }
    }

    /// Who is signed in, or would be at the next call.
    pub(crate) fn account(&self) -> Option<Account> {
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

    /// Has a code sent by which the password can be replaced; tells where it went, where the pool says so.
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

    fn keep_password(&self, username: &str, password: &SecretString) {
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
        let _turn = lock::take(self.file.lock_path()).await?;
        self.file.remove()
    }

    /// Begins to set up an authenticator for whoever is signed in: its secret (base32).
    pub(crate) async fn begin_authenticator(&self) -> Result<SecretString, ApiError> {
        let access = self.credentials().await?.access;
        Ok(self.pool.associate_token(Caller::Access(&access)).await?.secret)
    }

    /// Ends it by a first code: from then on, sign-in asks for one.
    pub(crate) async fn finish_authenticator(&self, code: &str) -> Result<(), ApiError> {
        let access = self.credentials().await?.access;
        self.pool
            .verify_token(Caller::Access(&access), code.trim())
            .await?;
        Ok(self.pool.prefer_token(&access, true).await?)
    }

    /// Sign-in asks for no code any more.
    pub(crate) async fn drop_authenticator(&self) -> Result<(), ApiError> {
        let access = self.credentials().await?.access;
        Ok(self.pool.prefer_token(&access, false).await?)
    }

    /// Whether the pool lets this client sign in by SRP; seconds that its clock is ahead.
    pub(crate) async fn probe(&self) -> Result<Option<i64>, ApiError> {
        Ok(self.pool.probe(&srp::ClientSrp::new().srp_a()).await?)
    }

    async fn keep_new(&self, tokens: Tokens) -> Result<Account, ApiError> {
        let account = token::account(tokens.access.expose_secret())?;
        let refresh = tokens
            .refresh
            .ok_or_else(|| ApiError::Protocol("it holds no refresh token".to_owned()))?;
        let _turn = lock::take(self.file.lock_path()).await?;
        self.file.write(&Session {
            account: account.clone(),
            access: tokens.access,
            refresh,
            expires: expiry(tokens.lifetime),
            lifetime: tokens.lifetime,
        })?;
        if let Some(local) = &self.local {
            or_warn(local.signed_in(&account));
        }
        Ok(account)
    }

    /// Forgets the session here, then revokes it at the pool where that can be reached.
    pub(crate) async fn sign_out(&self) -> Result<(), ApiError> {
        self.signing_out()?;
        let session = {
            let _turn = lock::take(self.file.lock_path()).await?;
            // A damaged session is signed out by removing it all the same.
            let session = self.file.read().ok().flatten();
            self.file.remove()?;
            session
        };
        if let Some(session) = session
            && let Err(refusal) = self.pool.revoke(&session.refresh).await
        {
            tracing::info!(error = %ApiError::from(refusal), "the session ended here, but could not be revoked at the user pool");
        }
        Ok(())
    }

    /// An access token with some life left in it.
    pub(crate) async fn credentials(&self) -> Result<Credentials, ApiError> {
        match self.session() {
            Ok(session) if is_fresh(&session) => Ok(session.into()),
            Ok(session) => self.replace(&session.access).await,
            Err(ended @ ApiError::SignedOut(_)) => self.reopen(None, ended).await,
            Err(error) => Err(error),
        }
    }

    /// Another access token than one that the backend refused.
    pub(crate) async fn renew(&self, refused: &SecretString) -> Result<Credentials, ApiError> {
        self.replace(refused).await
    }

    fn session(&self) -> Result<Session, ApiError> {
        self.file
            .read()?
            .ok_or_else(|| ApiError::SignedOut(String::new()))
    }

    /// Takes the turn, and refreshes unless somebody did meanwhile.
    async fn replace(&self, old: &SecretString) -> Result<Credentials, ApiError> {
        let turn = lock::take(self.file.lock_path()).await?;
        let session = match self.session() {
            Ok(session) => session,
            Err(ended @ ApiError::SignedOut(_)) => {
                drop(turn);
                return self.reopen(None, ended).await;
            }
            Err(error) => return Err(error),
        };
        if is_another(&session, old) && is_fresh(&session) {
            return Ok(session.into());
        }
        let tokens = match self.pool.refresh(&session.refresh).await {
            Ok(tokens) => tokens,
            Err(refusal) if refusal.ends_session() => {
                let detail = format!("the session has ended ({})", ApiError::from(refusal));
                // Opening another one takes turns as well.
                drop(turn);
                return self.reopen(Some(session), ApiError::SignedOut(detail)).await;
            }
            Err(refusal) => return Err(refusal.into()),
        };
        let renewed = Session {
            account: token::account(tokens.access.expose_secret())?,
            access: tokens.access,
            refresh: tokens.refresh.unwrap_or(session.refresh),
            expires: expiry(tokens.lifetime),
            lifetime: tokens.lifetime,
        };
        // Kept before it is used: under rotation the old refresh token is worth nothing any more.
        self.file.write(&renewed)?;
        Ok(renewed.into())
    }

    /// Opens a new session if this computer can. The file of the last one stays until there is another, or until it
    /// must not be replaced.
    async fn reopen(&self, last: Option<Session>, ended: ApiError) -> Result<Credentials, ApiError> {
        if let Some(local) = &self.local {
            let _one = self.reopening.lock().await;
            let differs = |session: &Session| match &last {
                Some(last) => is_another(session, &last.access),
                None => true,
            };
            // Another call may have opened one meanwhile.
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
            self.forget(&last).await?;
        }
        Err(ended)
    }

    /// Removes the file of a session that has ended, unless it holds another one by now.
    async fn forget(&self, ended: &Session) -> Result<(), ApiError> {
        let _turn = lock::take(self.file.lock_path()).await?;
        match self.session() {
            Ok(session) if is_another(&session, &ended.access) => Ok(()),
            Ok(_) | Err(_) => self.file.remove(),
        }
    }
}

fn is_another(session: &Session, access: &SecretString) -> bool {
    session.access.expose_secret() != access.expose_secret()
}

impl From<Session> for Credentials {
    fn from(session: Session) -> Self {
        Self {
            account: session.account,
            access: session.access,
        }
    }
}

/// When a token received now ends. By this computer's clock, which may differ from the pool's.
fn expiry(lifetime: i64) -> i64 {
    Timestamp::now().as_second().saturating_add(lifetime)
}

/// A client may give tokens five minutes in all: then half of that must do.
fn is_fresh(session: &Session) -> bool {
    let left = session.expires.saturating_sub(Timestamp::now().as_second());
    // Where the clock was set back, a token seems to live longer than it was given.
    left >= REFRESH_BEFORE.min(session.lifetime / 2) && left <= session.lifetime
}
