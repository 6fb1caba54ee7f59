//! Who is calling: the user pool's dialect, and the session that programs on one data directory share.

mod cognito;
mod lock;
mod session;
mod srp;
mod token;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use self::{
    cognito::{Step, Tokens, UserPool},
    session::Session,
    srp::{Challenge, ClientSrp},
};
use super::{Account, ApiError, Endpoints, SignUp, http::Http};

pub use session::SessionFile;

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
}

impl Auth {
    pub(crate) fn new(http: Http, endpoints: &Endpoints, file: SessionFile) -> Self {
        Self {
            pool: UserPool::new(http, endpoints),
            file,
        }
    }

    pub(crate) fn account(&self) -> Option<Account> {
        self.file.account()
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

    pub(crate) async fn resend_code(&self, username: &str) -> Result<(), ApiError> {
        Ok(self.pool.resend_code(username).await?)
    }

    /// Proves the password by SRP; only the proof travels.
    pub(crate) async fn sign_in(&self, username: &str, password: &SecretString) -> Result<Account, ApiError> {
        let srp = ClientSrp::new();
        let first = self.pool.initiate_srp(username, &srp.srp_a()).await?;
        let second = match first {
            Step::Tokens(tokens) => return self.keep_new(tokens).await,
            Step::Challenge {
                name,
                session,
                parameters,
            } if name == "PASSWORD_VERIFIER" => {
                let responses = self.proof(&srp, &parameters, password)?;
                self.pool.respond(&name, session.as_ref(), responses).await?
            }
            Step::Challenge { name, .. } => return Err(ApiError::Challenge(name)),
        };
        match second {
            Step::Tokens(tokens) => self.keep_new(tokens).await,
            Step::Challenge { name, .. } => Err(ApiError::Challenge(name)),
        }
    }

    fn proof(&self, srp: &ClientSrp, parameters: &Value, password: &SecretString) -> Result<Value, ApiError> {
        let parameter = |name: &str| {
            parameters
                .get(name)
                .and_then(Value::as_str)
                .ok_or_else(|| ApiError::Protocol(format!("its challenge lacks {name}")))
        };
        let user_id = parameter("USER_ID_FOR_SRP")?;
        let secret_block = parameter("SECRET_BLOCK")?;
        let timestamp = srp::timestamp(Timestamp::now());
        let challenge = Challenge {
            pool_id: &self.pool.pool_id,
            user_id,
            salt: parameter("SALT")?,
            public: parameter("SRP_B")?,
            secret_block,
        };
        let signature = srp
            .answer(&challenge, password, &timestamp)
            .map_err(|error| ApiError::Protocol(error.to_string()))?;
        Ok(json!({
            "USERNAME": parameters.get("USERNAME").and_then(Value::as_str).unwrap_or(user_id),
            "PASSWORD_CLAIM_SECRET_BLOCK": secret_block,
            "PASSWORD_CLAIM_SIGNATURE": signature,
            "TIMESTAMP": timestamp,
        }))
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
        Ok(account)
    }

    /// Forgets the session here, then revokes it at the pool where that can be reached.
    pub(crate) async fn sign_out(&self) -> Result<(), ApiError> {
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
        let session = self.session()?;
        if is_fresh(&session) {
            return Ok(session.into());
        }
        self.replace(&session.access).await
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
        let _turn = lock::take(self.file.lock_path()).await?;
        let session = self.session()?;
        if session.access.expose_secret() != old.expose_secret() && is_fresh(&session) {
            return Ok(session.into());
        }
        let tokens = match self.pool.refresh(&session.refresh).await {
            Ok(tokens) => tokens,
            Err(refusal) if refusal.ends_session() => {
                self.file.remove()?;
                return Err(ApiError::SignedOut(format!(
                    "the session has ended ({})",
                    ApiError::from(refusal)
                )));
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
