//! The handle that everything else calls.

use std::sync::Arc;

use caltrack_domain::Category;
use secrecy::SecretString;
use tokio::sync::mpsc;

use super::{
    Account, ApiError, Challenge, Endpoints, LocalAccount, RealtimeEvent, SessionFile, SignIn, SignUp,
    SilenceWatch,
    auth::Auth,
    call::Caller,
    convert::Row,
    data::BadRow,
    generated::ListActivityCategories,
    http::Http,
    operations,
    pages::{self, Page},
    realtime,
};

/// A backend as one account of this computer sees it. Cloning shares everything.
///
/// Any call may fail with [`ApiError::SignedOut`], [`ApiError::Unreachable`], [`ApiError::Busy`] or [`ApiError::Protocol`].
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    endpoints: Endpoints,
    http: Http,
    auth: Auth,
    caller: Caller,
}

impl Client {
    /// Prepares a client; nothing is sent.
    ///
    /// # Errors
    ///
    /// Addresses that would send the session unencrypted.
    pub fn new(endpoints: Endpoints, session: SessionFile) -> Result<Self, ApiError> {
        Self::build(endpoints, session, None)
    }

    /// As [`Client::new`], for a backend whose process can be looked at: a request that it leaves without an answer ends by
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
        super::install_crypto();
        let http = Http::new(&endpoints, watch)?;
        let auth = Auth::new(http.clone(), &endpoints, session);
        let caller = Caller::new(http.clone(), auth.clone(), endpoints.graphql.clone());
        Ok(Self {
            inner: Arc::new(Inner {
                endpoints,
                http,
                auth,
                caller,
            }),
        })
    }

    /// The same client with the account on this computer: a session of its that ends by itself is opened anew.
    #[must_use]
    pub fn with_local_account(&self, local: Arc<dyn LocalAccount>) -> Self {
        let Inner {
            endpoints,
            http,
            auth,
            ..
        } = &*self.inner;
        let auth = auth.with_local_account(local);
        Self {
            inner: Arc::new(Inner {
                endpoints: endpoints.clone(),
                http: http.clone(),
                caller: Caller::new(http.clone(), auth.clone(), endpoints.graphql.clone()),
                auth,
            }),
        }
    }

    /// Where the backend is.
    pub fn endpoints(&self) -> &Endpoints {
        &self.inner.endpoints
    }

    /// Makes a user of the pool.
    ///
    /// # Errors
    ///
    /// [`ApiError::Rejected`] where the name is taken or the password too weak.
    pub async fn sign_up(
        &self,
        username: &str,
        password: &SecretString,
        email: Option<&str>,
    ) -> Result<SignUp, ApiError> {
        self.inner.auth.sign_up(username, password, email).await
    }

    /// Confirms a new user by the code that was sent to it.
    ///
    /// # Errors
    ///
    /// [`ApiError::Rejected`] where the code is wrong or expired.
    pub async fn confirm_sign_up(&self, username: &str, code: &str) -> Result<(), ApiError> {
        self.inner.auth.confirm_sign_up(username, code).await
    }

    /// Has a new code sent to a user who isn't confirmed yet; the one before is worth nothing then. Tells where it went.
    ///
    /// # Errors
    ///
    /// [`ApiError::Rejected`] where the user is confirmed already.
    pub async fn resend_code(&self, username: &str) -> Result<Option<String>, ApiError> {
        self.inner.auth.resend_code(username).await
    }

    /// Signs in by SRP (the password never leaves this program) and keeps the session.
    ///
    /// # Errors
    ///
    /// [`ApiError::Unauthorized`] for a wrong name or password, [`ApiError::NotConfirmed`], [`ApiError::Challenge`].
    pub async fn sign_in(&self, username: &str, password: &SecretString) -> Result<SignIn, ApiError> {
        self.inner.auth.sign_in(username, password).await
    }

    /// Answers what the pool asked for after the password: with the new password, or with a code.
    ///
    /// # Errors
    ///
    /// [`ApiError::Unauthorized`] or [`ApiError::Rejected`] where it is wrong; [`ApiError::Unauthorized`] where the attempt is too old.
    pub async fn answer(&self, challenge: &Challenge, answer: &SecretString) -> Result<SignIn, ApiError> {
        self.inner.auth.answer(challenge, answer).await
    }

    /// Has a code sent by which the password can be replaced. Tells where it went, where the pool says so; it says so of users
    /// that don't exist as well.
    ///
    /// # Errors
    ///
    /// [`ApiError::Busy`] where it was asked for too often.
    pub async fn forgot_password(&self, username: &str) -> Result<Option<String>, ApiError> {
        self.inner.auth.forgot_password(username).await
    }

    /// Replaces a forgotten password by the code that was sent.
    ///
    /// # Errors
    ///
    /// [`ApiError::Rejected`] where the code is wrong or expired, or the password too weak.
    pub async fn replace_password(
        &self,
        username: &str,
        code: &str,
        password: &SecretString,
    ) -> Result<(), ApiError> {
        self.inner.auth.replace_password(username, code, password).await
    }

    /// Changes the password of whoever is signed in.
    ///
    /// # Errors
    ///
    /// [`ApiError::Unauthorized`] where the present one is wrong, [`ApiError::Rejected`] where the new one is too weak.
    pub async fn change_password(
        &self,
        previous: &SecretString,
        proposed: &SecretString,
    ) -> Result<(), ApiError> {
        self.inner.auth.change_password(previous, proposed).await
    }

    /// Begins to set up an authenticator for whoever is signed in: its secret, in base32.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of the pool's.
    pub async fn begin_authenticator(&self) -> Result<SecretString, ApiError> {
        self.inner.auth.begin_authenticator().await
    }

    /// Ends the set-up by the authenticator's first code: from then on, sign-in asks for one.
    ///
    /// # Errors
    ///
    /// [`ApiError::Rejected`] where the code is wrong.
    pub async fn finish_authenticator(&self, code: &str) -> Result<(), ApiError> {
        self.inner.auth.finish_authenticator(code).await
    }

    /// Has sign-in ask for no code any more.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of the pool's.
    pub async fn drop_authenticator(&self) -> Result<(), ApiError> {
        self.inner.auth.drop_authenticator().await
    }

    /// Ends every session of the account, here and elsewhere.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`]; the session here stands then.
    pub async fn sign_out_everywhere(&self) -> Result<(), ApiError> {
        self.inner.auth.sign_out_everywhere().await
    }

    /// Forgets the session here, then revokes it at the pool where that can be reached.
    ///
    /// # Errors
    ///
    /// [`ApiError::Storage`] where the session file can't be removed.
    pub async fn sign_out(&self) -> Result<(), ApiError> {
        self.inner.auth.sign_out().await
    }

    /// Who is signed in, by the session file; or who would be at the next call, where this computer can open a session anew.
    /// Nothing is sent.
    pub fn account(&self) -> Option<Account> {
        self.inner.auth.account()
    }

    /// Every category, by name.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query.
    pub async fn categories(&self) -> Result<Vec<Category>, ApiError> {
        let rows = pages::all(&self.inner.caller, None, operations::categories, |data| {
            let list = data.read::<ListActivityCategories>()?.list_activity_categories;
            Ok(list.map_or(Page::EMPTY, |list| Page::of_items(list.items, list.next_token)))
        })
        .await?;
        let mut categories = rows.into_iter().map(Row::noun).collect::<Result<Vec<_>, _>>()?;
        categories.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(categories)
    }

    /// Follows the caller's entries and totals until dropped, reconnecting for ever. Returns only where going on makes no
    /// sense: nobody is signed in any more, or nobody receives.
    pub async fn listen(&self, events: mpsc::Sender<RealtimeEvent>) -> ApiError {
        realtime::listen(&self.inner.endpoints, &self.inner.http, &self.inner.auth, events).await
    }

    pub(super) fn parts(&self) -> (&Endpoints, &Http, &Auth) {
        (&self.inner.endpoints, &self.inner.http, &self.inner.auth)
    }

    pub(super) fn caller(&self) -> &Caller {
        &self.inner.caller
    }

    /// Who is signed in, where a call needs to know.
    pub(super) fn signed_in(&self) -> Result<Account, ApiError> {
        self.account().ok_or_else(|| ApiError::SignedOut(String::new()))
    }
}

/// A single row that can't be understood fails its call.
impl From<BadRow> for ApiError {
    fn from(bad: BadRow) -> Self {
        Self::Protocol(super::error::shown(&bad.0))
    }
}

/// The row of a call that must answer with one.
pub(super) fn expect_row<R>(row: Option<R>) -> Result<R, ApiError> {
    row.ok_or_else(|| ApiError::Protocol("it holds no row".to_owned()))
}
