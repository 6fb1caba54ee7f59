//! Signing in again by `account.json` where a session of the account on this computer ends by itself.

use std::sync::Arc;

use caltrack_local_backend::KnownAccount;
use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret as _, SecretString};

use super::{AccountProblem, KeptAccount, file, kept_account, open_account};
use caltrack_client::{
    api::{Account, ApiError, Client, LocalAccount, SignIn},
    config::DataDir,
};

/// The same client with the account on this computer: a session of its that ends by itself is opened anew, and what changes of
/// its password is kept.
pub fn with_account(client: &Client, data: &DataDir) -> Client {
    let sign_in = AutomaticSignIn {
        client: client.clone(),
        data: data.clone(),
    };
    client.with_local_account(Arc::new(sign_in))
}

/// The account on this computer, where it may sign in by itself.
pub fn automatic_account(data: &DataDir) -> Option<Account> {
    let stored = file::read(&data.account()).ok().flatten()?;
    stored.is_open().then(|| stored.account(data)).flatten()
}

/// The account with its password, for the user pool of the program that hosts the box.
pub(in crate::embedded) fn known_account(data: &DataDir) -> Option<KnownAccount> {
    let stored = file::read(&data.account()).ok().flatten()?;
    let account = stored.account(data).filter(|_| stored.ready)?;
    Some(KnownAccount {
        username: account.username,
        sub: account.sub,
        password: stored.password.clone(),
    })
}

#[derive(Debug)]
struct AutomaticSignIn {
    /// A client that opens no session by itself.
    client: Client,
    data: DataDir,
}

impl AutomaticSignIn {
    async fn sign_in(&self, last: Option<&Account>) -> Result<bool, ApiError> {
        // A file that can't be read is reported by commands that need it.
        let Ok(Some(stored)) = file::read(&self.data.account()) else {
            return Ok(false);
        };
        let anothers = last.is_some_and(|last| last.username != stored.username);
        if anothers || kept_account(&self.data) != KeptAccount::Ready {
            return Ok(false);
        }
        match open_account(&self.client, &self.data).await {
            Ok(SignIn::Done(account)) => {
                tracing::info!(
                    username = account.username,
                    "the session had ended; signed in again"
                );
                Ok(true)
            }
            Ok(SignIn::Asked(_)) => Err(ApiError::SignedOut(
                "the session has ended, and signing in asks for more than the password".to_owned(),
            )),
            Err(AccountProblem::Api(error)) => Err(error),
            Err(problem) => Err(ApiError::SignedOut(format!("the session has ended; {problem}"))),
        }
    }
}

impl LocalAccount for AutomaticSignIn {
    fn account(&self) -> Option<Account> {
        automatic_account(&self.data)
    }

    fn reopen<'a>(&'a self, last: Option<&'a Account>) -> BoxFuture<'a, Result<bool, ApiError>> {
        Box::pin(self.sign_in(last))
    }

    fn keep_password(&self, username: &str, password: &SecretString) -> Result<(), ApiError> {
        Ok(file::keep_password(
            &self.data.account(),
            username,
            password.expose_secret(),
        )?)
    }

    fn signed_in(&self, account: &Account) -> Result<(), ApiError> {
        Ok(file::update(&self.data.account(), |stored| {
            stored.signed_out = stored.username != account.username;
            if !stored.signed_out {
                stored.ready = true;
                stored.sub = Some(account.sub.clone());
            }
        })?)
    }

    fn signing_out(&self) -> Result<(), ApiError> {
        match file::update(&self.data.account(), |stored| stored.signed_out = true) {
            // A file that can't be read opens no session.
            Err(AccountProblem::Damaged(_)) => Ok(()),
            outcome => Ok(outcome?),
        }
    }
}

impl From<AccountProblem> for ApiError {
    fn from(problem: AccountProblem) -> Self {
        match problem {
            AccountProblem::Api(error) => error,
            problem => Self::Storage(problem.to_string()),
        }
    }
}
