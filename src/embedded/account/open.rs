//! Signing in as the account on this computer, and creating it before.

use std::path::PathBuf;

use secrecy::SecretString;

use super::{file, problem::AccountProblem};
use crate::embedded::codes;
use caltrack_client::{
    api::{ApiError, Client, SignIn},
    config::DataDir,
};

/// Signs in as the account on this computer, and creates it before if there is none. It may be interrupted at any moment
/// and repeated: the password is stored before it is sent to the pool. If an authenticator was set up, the pool requires
/// its code next.
///
/// # Errors
///
/// [`AccountProblem`].
pub async fn open_account(client: &Client, data: &DataDir) -> Result<SignIn, AccountProblem> {
    let path = data.account();
    let (record, is_new) = match file::read(&path)? {
        Some(record) => (record, false),
        None => file::begin(&path)?,
    };
    let opening = Opening {
        client,
        data,
        username: record.username.clone(),
        password: record.password.clone().into(),
    };
    let mut result = opening.open(is_new).await;
    if is_new && matches!(result, Err(AccountProblem::Api(ApiError::Locked))) {
        // A password that was just generated can't be that of an existing user, even after the wait.
        result = Err(AccountProblem::PasswordLost(path.clone()));
    }
    if is_new && matches!(result, Err(AccountProblem::PasswordLost(_))) {
        file::abandon(&path, &record);
    }
    let sign_in = result?;
    file::update(&path, |record| {
        record.ready = true;
        if let SignIn::Done(account) = &sign_in {
            record.sub = Some(account.sub.clone());
        }
    })?;
    Ok(sign_in)
}

struct Opening<'a> {
    client: &'a Client,
    data: &'a DataDir,
    username: String,
    password: SecretString,
}

impl Opening<'_> {
    async fn open(&self, is_new: bool) -> Result<SignIn, AccountProblem> {
        if !is_new {
            match self.sign_in().await {
                // The program may have ended between storing the password and signing up.
                Err(AccountProblem::Api(ApiError::Unauthorized(_) | ApiError::NotFound(_))) => {}
                outcome => return outcome,
            }
        }
        let taken = match self.client.sign_up(&self.username, &self.password, None).await {
            Ok(signed_up) => {
                if !signed_up.confirmed
                    && let Some(code) = self.stored_code()
                {
                    self.confirm(&code).await?;
                }
                false
            }
            // Another program has signed up, or the account is older than its file.
            Err(ApiError::Rejected(_)) => true,
            Err(error) => return Err(error.into()),
        };
        match self.sign_in().await {
            Err(AccountProblem::Api(ApiError::Unauthorized(_))) if taken => {
                Err(AccountProblem::PasswordLost(self.data.account()))
            }
            outcome => outcome,
        }
    }

    /// Signs in, and confirms the account before if needed: with the stored code, or with a new one.
    async fn sign_in(&self) -> Result<SignIn, AccountProblem> {
        if let Some(account) = self.sign_in_if_confirmed().await? {
            return Ok(account);
        }
        if let Some(code) = self.stored_code() {
            self.confirm(&code).await?;
            if let Some(account) = self.sign_in_if_confirmed().await? {
                return Ok(account);
            }
        }
        // The program ended before confirming, and the code has expired since; or the code was never written to its file.
        match self.client.resend_code(&self.username).await {
            // Another program may have confirmed it meanwhile, which the next sign-in shows.
            Ok(_) | Err(ApiError::Rejected(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let code = self
            .stored_code()
            .ok_or_else(|| AccountProblem::NoCode(self.codes()))?;
        self.confirm(&code).await?;
        Ok(self.client.sign_in(&self.username, &self.password).await?)
    }

    /// `None` if the account isn't confirmed yet.
    async fn sign_in_if_confirmed(&self) -> Result<Option<SignIn>, AccountProblem> {
        match self.client.sign_in(&self.username, &self.password).await {
            Err(ApiError::NotConfirmed) => Ok(None),
            outcome => Ok(Some(outcome?)),
        }
    }

    async fn confirm(&self, code: &str) -> Result<(), AccountProblem> {
        match self.client.confirm_sign_up(&self.username, code).await {
            // The code may have expired, or another program may have confirmed the account, which the next sign-in shows.
            Ok(()) | Err(ApiError::Rejected(_) | ApiError::Unauthorized(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn stored_code(&self) -> Option<String> {
        codes::last(&self.codes(), &self.username)
    }

    fn codes(&self) -> PathBuf {
        codes::path(&self.data.backend())
    }
}
