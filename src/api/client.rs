//! The handle that everything else calls.

use std::sync::Arc;

use caltrack_domain::{Activity, ActivityPatch, Category, DailyTotals, NewActivity};
use jiff::civil::Date;
use secrecy::SecretString;
use tokio::sync::mpsc;

use super::{
    Account, ApiError, Day, Endpoints, NewProfile, Profile, ProfilePatch, RealtimeEvent, SessionFile, SignUp,
};

/// A backend as one account of this computer sees it. Cloning shares everything.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    endpoints: Endpoints,
    session: SessionFile,
}

fn pending<T>() -> Result<T, ApiError> {
    Err(ApiError::Protocol("not connected yet".to_owned()))
}

impl Client {
    /// Prepares a client; nothing is sent. Call [`install_crypto`](super::install_crypto) once before.
    ///
    /// # Errors
    ///
    /// Addresses that would send the session unencrypted.
    pub fn new(endpoints: Endpoints, session: SessionFile) -> Result<Self, ApiError> {
        endpoints.check()?;
        Ok(Self {
            inner: Arc::new(Inner { endpoints, session }),
        })
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
        _username: &str,
        _password: &SecretString,
        _email: Option<&str>,
    ) -> Result<SignUp, ApiError> {
        pending()
    }

    /// Confirms a new user by the code that was sent to it.
    ///
    /// # Errors
    ///
    /// [`ApiError::Rejected`] where the code is wrong or expired.
    pub async fn confirm_sign_up(&self, _username: &str, _code: &str) -> Result<(), ApiError> {
        pending()
    }

    /// Signs in by SRP (the password never leaves this program) and keeps the session.
    ///
    /// # Errors
    ///
    /// [`ApiError::Unauthorized`] for a wrong name or password, [`ApiError::NotConfirmed`], [`ApiError::Challenge`].
    pub async fn sign_in(&self, _username: &str, _password: &SecretString) -> Result<Account, ApiError> {
        pending()
    }

    /// Revokes the session at the pool where it can be reached, and forgets it here in any case.
    ///
    /// # Errors
    ///
    /// [`ApiError::Storage`] where the session file can't be removed.
    pub async fn sign_out(&self) -> Result<(), ApiError> {
        pending()
    }

    /// Who is signed in, by the session file; asks nobody.
    pub fn account(&self) -> Option<Account> {
        self.inner.session.account()
    }

    /// Every category, by name.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query.
    pub async fn categories(&self) -> Result<Vec<Category>, ApiError> {
        pending()
    }

    /// A day's entries, every page of them, and its totals.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query.
    pub async fn day(&self, _date: Date) -> Result<Day, ApiError> {
        pending()
    }

    /// One entry of the caller's, `None` where there is none.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query.
    pub async fn activity(&self, _id: &str) -> Result<Option<Activity>, ApiError> {
        pending()
    }

    /// Logs an entry. A repeat by the same id answers with the stored entry.
    ///
    /// # Errors
    ///
    /// [`ApiError::Deleted`] where the id was deleted before; [`ApiError::Rejected`] for values out of range.
    pub async fn create_activity(&self, _new: &NewActivity) -> Result<Activity, ApiError> {
        pending()
    }

    /// Edits an entry; with `expected_rev` only if nobody edited it since.
    ///
    /// # Errors
    ///
    /// [`ApiError::Conflict`], [`ApiError::NotFound`], [`ApiError::Deleted`], [`ApiError::Rejected`].
    pub async fn update_activity(
        &self,
        _id: &str,
        _patch: &ActivityPatch,
        _expected_rev: Option<u32>,
    ) -> Result<Activity, ApiError> {
        pending()
    }

    /// Deletes an entry and answers with it as it was. A repeat succeeds.
    ///
    /// # Errors
    ///
    /// [`ApiError::NotFound`] for an id that is unknown or somebody else's.
    pub async fn delete_activity(&self, _id: &str) -> Result<Activity, ApiError> {
        pending()
    }

    /// The totals of the days `from` to `to`, both included, ascending; untouched days are empty ones.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query.
    pub async fn totals(&self, _from: Date, _to: Date) -> Result<Vec<DailyTotals>, ApiError> {
        pending()
    }

    /// The caller's profile, `None` until it is written.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query.
    pub async fn profile(&self) -> Result<Option<Profile>, ApiError> {
        pending()
    }

    /// Writes the first profile.
    ///
    /// # Errors
    ///
    /// [`ApiError::Rejected`] for values out of range, [`ApiError::Conflict`] where there is one already.
    pub async fn create_profile(&self, _new: &NewProfile) -> Result<Profile, ApiError> {
        pending()
    }

    /// Edits the profile; with `expected_rev` only if nobody edited it since.
    ///
    /// # Errors
    ///
    /// [`ApiError::Conflict`], [`ApiError::NotFound`], [`ApiError::Rejected`].
    pub async fn update_profile(
        &self,
        _patch: &ProfilePatch,
        _expected_rev: Option<u32>,
    ) -> Result<Profile, ApiError> {
        pending()
    }

    /// Follows the caller's entries and totals until dropped, reconnecting for ever. Returns only where going on makes no
    /// sense: nobody is signed in any more, or nobody receives.
    pub async fn listen(&self, _events: mpsc::Sender<RealtimeEvent>) -> ApiError {
        ApiError::Protocol("not connected yet".to_owned())
    }
}
