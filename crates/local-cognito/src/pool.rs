//! The pool: operations by name, and tokens.

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::{Value, json};

use super::{
    CognitoError, OpenError, PoolSettings, TokenError, Transport,
    challenges::Challenges,
    fields::required,
    keys::{Keys, SigningKeys},
    request::RequestContext,
    srp::Group,
    store::PoolStore,
    tokens::Issue,
    verify::{self, Verified},
};
use caltrack_local_core::identity::CognitoIdentity;

/// A user pool. Clones share it.
#[derive(Clone)]
pub struct UserPool {
    inner: Arc<Inner>,
}

impl std::fmt::Debug for UserPool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserPool")
            .field("settings", &self.inner.settings)
            .finish_non_exhaustive()
    }
}

pub(super) struct Inner {
    pub(super) settings: PoolSettings,
    store: Arc<Mutex<PoolStore>>,
    keys: Keys,
    challenges: Mutex<Challenges>,
    verified: Verified,
    pub(super) group: Group,
    /// The secret from which fake salts of unknown names are derived.
    pub(super) pepper: Vec<u8>,
    /// The secret from which the identity pool derives ids, keys and their tokens.
    pub(super) identity_secret: Vec<u8>,
}

impl UserPool {
    /// Opens the pool's file; creates it if absent. Blocks for some milliseconds; keys are created in the background.
    ///
    /// # Errors
    ///
    /// [`OpenError`]; an existing file is unchanged.
    pub fn open(path: &Path, settings: PoolSettings) -> Result<Self, OpenError> {
        let unavailable = |detail: String| OpenError::Unavailable {
            path: path.to_owned(),
            detail,
        };
        let store = PoolStore::open(path)?;
        let secret = |name: &str| store.secret(name).map_err(|error| unavailable(error.to_string()));
        let (pepper, identity_secret) = (secret("pepper")?, secret("identity pool")?);
        let store = Arc::new(Mutex::new(store));
        let keys = Keys::open(Arc::clone(&store)).map_err(|error| unavailable(error.to_string()))?;
        let inner = Inner {
            settings,
            store,
            keys,
            challenges: Mutex::default(),
            verified: Verified::default(),
            group: Group::new(),
            pepper,
            identity_secret,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    pub(super) fn inner(&self) -> Arc<Inner> {
        Arc::clone(&self.inner)
    }

    /// The pool's id, `<region>_<name>`.
    pub fn pool_id(&self) -> &str {
        &self.inner.settings.pool_id
    }

    /// Calls an operation of Cognito's API. Tokens are issued as `<issuer_base>/<pool id>`; failures are counted by transport.
    ///
    /// # Errors
    ///
    /// [`CognitoError`], as Cognito reports it.
    pub async fn call(
        &self,
        operation: &str,
        body: Value,
        issuer_base: &str,
        transport: Transport,
    ) -> Result<Value, CognitoError> {
        let inner = Arc::clone(&self.inner);
        let operation = operation.to_owned();
        let issuer = format!("{issuer_base}/{}", self.pool_id());
        let work = tokio::task::spawn_blocking(move || {
            let context = RequestContext {
                issuer: &issuer,
                transport,
            };
            inner.dispatch(&operation, &body, context)
        });
        work.await.map_err(|error| CognitoError::internal(&error))?
    }

    /// The user of a token. Access tokens of a revoked session stay valid until they expire, as on AppSync.
    ///
    /// # Errors
    ///
    /// [`TokenError`] unless it is a valid ID or access token of this pool.
    pub async fn verify(&self, token: &str) -> Result<CognitoIdentity, TokenError> {
        let now = (self.inner.settings.clock)();
        if let Some(identity) = self.inner.verified.find(token, now) {
            return Ok(identity);
        }
        if !self.inner.keys.ready() {
            let inner = Arc::clone(&self.inner);
            let made = tokio::task::spawn_blocking(move || inner.keys.wait().is_ok()).await;
            if !made.unwrap_or(false) {
                return Err(TokenError::NoKeys);
            }
        }
        self.inner.verify(token)
    }

    /// The public keys in the format of `jwks.json`. Waits until they are created.
    pub async fn jwks(&self) -> Value {
        let inner = Arc::clone(&self.inner);
        let keys = tokio::task::spawn_blocking(move || inner.keys.wait().map(SigningKeys::jwks).ok());
        keys.await.ok().flatten().unwrap_or_else(|| json!({ "keys": [] }))
    }
}

impl Inner {
    fn dispatch(
        &self,
        operation: &str,
        body: &Value,
        context: RequestContext<'_>,
    ) -> Result<Value, CognitoError> {
        match operation {
            "SignUp" => self.sign_up(body, context.transport),
            "ConfirmSignUp" => self.confirm_sign_up(body),
            "ResendConfirmationCode" => self.resend_confirmation_code(body),
            "InitiateAuth" => self.initiate_auth(body, context),
            "RespondToAuthChallenge" => self.respond_to_auth_challenge(body, context),
            "GetTokensFromRefreshToken" => self.get_tokens_from_refresh_token(body, context.issuer),
            "RevokeToken" => self.revoke_token(body),
            "GlobalSignOut" => self.global_sign_out(body),
            "GetUser" => self.get_user(body),
            "UpdateUserAttributes" => self.update_user_attributes(body),
            "DeleteUserAttributes" => self.delete_user_attributes(body),
            "GetUserAttributeVerificationCode" => self.get_user_attribute_verification_code(body),
            "VerifyUserAttribute" => self.verify_user_attribute(body),
            "DeleteUser" => self.delete_user(body),
            "ListDevices" => self.list_devices(body),
            "ForgotPassword" => self.forgot_password(body),
            "ConfirmForgotPassword" => self.confirm_forgot_password(body),
            "ChangePassword" => self.change_password(body, context.transport),
            "AssociateSoftwareToken" => self.associate_software_token(body),
            "VerifySoftwareToken" => self.verify_software_token(body, context.transport),
            "SetUserMFAPreference" => self.set_user_mfa_preference(body),
            other => Err(CognitoError::new(
                "UnknownOperationException",
                format!("The operation {other} is not supported."),
            )),
        }
    }

    pub(super) fn verify(&self, token: &str) -> Result<CognitoIdentity, TokenError> {
        let keys = self.keys.wait().map_err(|_| TokenError::NoKeys)?;
        let (expires, identity) = verify::verify(token, keys, &self.settings, self.now())?;
        self.verified.keep(token, expires, &identity);
        Ok(identity)
    }

    pub(super) fn now(&self) -> i64 {
        (self.settings.clock)()
    }

    pub(super) fn store(&self) -> MutexGuard<'_, PoolStore> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn challenges(&self) -> MutexGuard<'_, Challenges> {
        self.challenges.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The issuer of tokens as of now.
    pub(super) fn issue<'a>(&'a self, issuer: &'a str) -> Result<Issue<'a>, CognitoError> {
        let keys = self.keys.wait().map_err(|error| CognitoError::internal(&error))?;
        Ok(Issue {
            keys,
            issuer,
            now: self.now(),
        })
    }

    /// The id of the request's app client, if the pool has it.
    pub(super) fn client<'a>(&self, body: &'a Value) -> Result<&'a str, CognitoError> {
        let id = required(body, "ClientId")?;
        if self.settings.client(id).is_some() {
            return Ok(id);
        }
        let message = format!("User pool client {id} does not exist.");
        Err(CognitoError::new("ResourceNotFoundException", message))
    }
}
