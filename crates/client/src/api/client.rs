//! The client of one backend.

use std::sync::Arc;

use caltrack_domain::{Account, Category};
use secrecy::SecretString;
use tokio::sync::mpsc;

use super::{
    call::GraphQlClient,
    data::BadRow,
    generated::ListActivityCategories,
    model::RealtimeEvent,
    operations,
    pages::{self, Page},
    realtime,
};
use crate::{
    endpoints::Endpoints,
    error::{ApiError, shown},
    http::{HttpClient, SilenceWatch},
    session::{Auth, LocalAccount, ServerClock, SessionFile, SignIn, SignInChallenge, SignUp},
};

/// Installs ring as the cryptography of TLS for the process. Creating a [`Client`] does the same; a program that uses TLS
/// before that calls this first. Repeating it has no effect.
pub fn install_crypto() {
    // An error means that it is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A backend and the session on it. Cloning shares both.
///
/// Any call may fail with [`ApiError::SignedOut`], [`ApiError::Unreachable`], [`ApiError::Busy`] or [`ApiError::Protocol`].
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<ClientParts>,
}

#[derive(Debug)]
struct ClientParts {
    endpoints: Endpoints,
    http: HttpClient,
    auth: Auth,
    graphql: GraphQlClient,
}

impl Client {
    /// Prepares a client without sending anything.
    ///
    /// # Errors
    ///
    /// [`ApiError::Rejected`] for addresses that would send the session unencrypted.
    pub fn new(endpoints: Endpoints, session: SessionFile) -> Result<Self, ApiError> {
        Self::build(endpoints, session, None)
    }

    /// Like [`Client::new`], for a backend whose process can be inspected: a request without a response fails with
    /// [`ApiError::Silent`] as soon as `watch` completes.
    ///
    /// # Errors
    ///
    /// As [`Client::new`].
    pub fn watched(
        endpoints: Endpoints,
        session: SessionFile,
        watch: Arc<dyn SilenceWatch>,
    ) -> Result<Self, ApiError> {
        Self::build(endpoints, session, Some(watch))
    }

    fn build(
        endpoints: Endpoints,
        session: SessionFile,
        watch: Option<Arc<dyn SilenceWatch>>,
    ) -> Result<Self, ApiError> {
        endpoints.check()?;
        install_crypto();
        let http = HttpClient::new(&endpoints, watch)?;
        let auth = Auth::new(http.clone(), &endpoints, session);
        let graphql = GraphQlClient::new(http.clone(), auth.clone(), endpoints.graphql.clone());
        Ok(Self {
            inner: Arc::new(ClientParts {
                endpoints,
                http,
                auth,
                graphql,
            }),
        })
    }

    /// A client that signs in the account on this computer automatically when its session has ended.
    #[must_use]
    pub fn with_local_account(&self, local: Arc<dyn LocalAccount>) -> Self {
        let ClientParts {
            endpoints,
            http,
            auth,
            ..
        } = &*self.inner;
        let auth = auth.with_local_account(local);
        Self {
            inner: Arc::new(ClientParts {
                endpoints: endpoints.clone(),
                http: http.clone(),
                graphql: GraphQlClient::new(http.clone(), auth.clone(), endpoints.graphql.clone()),
                auth,
            }),
        }
    }

    /// A client of the same session that makes one attempt at each call, for the outbox, which has its own schedule.
    #[must_use]
    pub fn with_single_attempts(&self) -> Self {
        let endpoints = self.inner.endpoints.clone();
        let http = self.inner.http.with_single_attempts(&endpoints);
        let auth = self.inner.auth.through(http.clone(), &endpoints);
        Self {
            inner: Arc::new(ClientParts {
                graphql: GraphQlClient::new(http.clone(), auth.clone(), endpoints.graphql.clone()),
                endpoints,
                http,
                auth,
            }),
        }
    }

    /// The addresses and ids of the backend.
    pub fn endpoints(&self) -> &Endpoints {
        &self.inner.endpoints
    }

    /// Creates a user in the pool.
    ///
    /// # Errors
    ///
    /// [`ApiError::Rejected`] if the name is taken or the password too weak.
    pub async fn sign_up(
        &self,
        username: &str,
        password: &SecretString,
        email: Option<&str>,
    ) -> Result<SignUp, ApiError> {
        self.inner.auth.sign_up(username, password, email).await
    }

    /// Confirms a new user with the code that was sent.
    ///
    /// # Errors
    ///
    /// [`ApiError::Rejected`] if the code is wrong or expired.
    pub async fn confirm_sign_up(&self, username: &str, code: &str) -> Result<(), ApiError> {
        self.inner.auth.confirm_sign_up(username, code).await
    }

    /// Requests a new confirmation code, which replaces the previous one; returns where it was sent.
    ///
    /// # Errors
    ///
    /// [`ApiError::Rejected`] if the user is confirmed already.
    pub async fn resend_code(&self, username: &str) -> Result<Option<String>, ApiError> {
        self.inner.auth.resend_code(username).await
    }

    /// Signs in by SRP, without sending the password, and stores the session.
    ///
    /// # Errors
    ///
    /// [`ApiError::Unauthorized`] for a wrong name or password, [`ApiError::NotConfirmed`], [`ApiError::Challenge`].
    pub async fn sign_in(&self, username: &str, password: &SecretString) -> Result<SignIn, ApiError> {
        self.inner.auth.sign_in(username, password).await
    }

    /// Responds to a challenge of the pool: with the new password, or with a code.
    ///
    /// # Errors
    ///
    /// [`ApiError::Unauthorized`] or [`ApiError::Rejected`] for a wrong response; [`ApiError::Unauthorized`] if the
    /// challenge has expired.
    pub async fn respond(
        &self,
        challenge: &SignInChallenge,
        response: &SecretString,
    ) -> Result<SignIn, ApiError> {
        self.inner.auth.respond(challenge, response).await
    }

    /// Requests a code that allows setting a new password; returns where it was sent, if the pool reports that. The pool
    /// responds in the same way if the user doesn't exist.
    ///
    /// # Errors
    ///
    /// [`ApiError::Busy`] after too many requests.
    pub async fn forgot_password(&self, username: &str) -> Result<Option<String>, ApiError> {
        self.inner.auth.forgot_password(username).await
    }

    /// Sets a new password with the code that was sent.
    ///
    /// # Errors
    ///
    /// [`ApiError::Rejected`] if the code is wrong or expired, or the password too weak.
    pub async fn replace_password(
        &self,
        username: &str,
        code: &str,
        password: &SecretString,
    ) -> Result<(), ApiError> {
        self.inner.auth.replace_password(username, code, password).await
    }

    /// Changes the password of the signed-in user.
    ///
    /// # Errors
    ///
    /// [`ApiError::Unauthorized`] if the present one is wrong, [`ApiError::Rejected`] if the new one is too weak.
    pub async fn change_password(
        &self,
        previous: &SecretString,
        proposed: &SecretString,
    ) -> Result<(), ApiError> {
        self.inner.auth.change_password(previous, proposed).await
    }

    /// Starts the set-up of an authenticator for the signed-in user; returns its secret in base32.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of the pool.
    pub async fn begin_authenticator(&self) -> Result<SecretString, ApiError> {
        self.inner.auth.begin_authenticator().await
    }

    /// Finishes the set-up with the authenticator's first code: from then on, sign-in requires one.
    ///
    /// # Errors
    ///
    /// [`ApiError::Rejected`] if the code is wrong.
    pub async fn finish_authenticator(&self, code: &str) -> Result<(), ApiError> {
        self.inner.auth.finish_authenticator(code).await
    }

    /// Turns off two-step sign-in.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of the pool.
    pub async fn drop_authenticator(&self) -> Result<(), ApiError> {
        self.inner.auth.drop_authenticator().await
    }

    /// Ends all sessions of the account, here and elsewhere.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`]; the session here remains then.
    pub async fn sign_out_everywhere(&self) -> Result<(), ApiError> {
        self.inner.auth.sign_out_everywhere().await
    }

    /// Removes the session here, then revokes it at the pool if that can be reached.
    ///
    /// # Errors
    ///
    /// [`ApiError::Storage`] if the session file can't be removed.
    pub async fn sign_out(&self) -> Result<(), ApiError> {
        self.inner.auth.sign_out().await
    }

    /// Rejects profiles that sign with an operator's keys, which own no log.
    ///
    /// # Errors
    ///
    /// [`ApiError::Unauthorized`] names the remedy.
    pub fn require_user(&self) -> Result<(), ApiError> {
        self.inner.auth.require_user()
    }

    /// Seconds by which the dates of signatures differ from this computer's clock; `None` if requests have tokens.
    pub fn signature_correction(&self) -> Option<i64> {
        self.inner.auth.signing_clock().map(ServerClock::correction)
    }

    /// The user of the session file, or else the user that the next call would sign in automatically. Sends no request.
    pub fn account(&self) -> Option<Account> {
        self.inner.auth.account()
    }

    /// All categories, ordered by name.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query.
    pub async fn categories(&self) -> Result<Vec<Category>, ApiError> {
        let rows = pages::all(&self.inner.graphql, None, operations::categories, |data| {
            let list = data.read::<ListActivityCategories>()?.list_activity_categories;
            Ok(list.map_or(Page::EMPTY, |list| Page::of_items(list.items, list.next_token)))
        })
        .await?;
        let mut categories = rows
            .into_iter()
            .map(Category::try_from)
            .collect::<Result<Vec<_>, _>>()?;
        categories.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(categories)
    }

    /// Sends changes of the user's entries and totals to `events` until dropped, and reconnects as often as needed. Returns
    /// only when the session has ended or the receiver is gone.
    pub async fn listen(&self, events: mpsc::Sender<RealtimeEvent>) -> ApiError {
        realtime::listen(&self.inner.endpoints, &self.inner.http, &self.inner.auth, events).await
    }

    pub(super) fn parts(&self) -> (&Endpoints, &HttpClient, &Auth) {
        (&self.inner.endpoints, &self.inner.http, &self.inner.auth)
    }

    pub(super) fn graphql(&self) -> &GraphQlClient {
        &self.inner.graphql
    }

    /// The signed-in user, for calls that need the id.
    pub(super) fn signed_in(&self) -> Result<Account, ApiError> {
        self.inner.auth.require_user()?;
        self.account().ok_or_else(|| ApiError::SignedOut(String::new()))
    }
}

/// A call that returns a single row fails if the row is invalid.
impl From<BadRow> for ApiError {
    fn from(bad: BadRow) -> Self {
        Self::Protocol(shown(&bad.0))
    }
}

/// The row of a call that must return one.
pub(super) fn expect_row<R>(row: Option<R>) -> Result<R, ApiError> {
    row.ok_or_else(|| ApiError::Protocol("it has no row".to_owned()))
}
