//! Automatic sign-in of the account on this computer when its session has ended.

use std::sync::Arc;

use caltrack_domain::Account;
use caltrack_local_backend::KnownAccount;
use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret as _, SecretString};

use super::{
    file,
    open::open_account,
    problem::AccountProblem,
    stored::{StoredAccount, stored_account},
};
use caltrack_client::{
    api::{ApiError, Client, LocalAccount, SessionFile, SignIn},
    config::{BackendKind, Config, DataDir},
};

/// A client that signs in the account on this computer automatically when its session has ended, and stores its password
/// when that changes.
pub fn with_account(client: &Client, data: &DataDir) -> Client {
    let sign_in = AutomaticSignIn {
        client: client.clone(),
        data: data.clone(),
    };
    client.with_local_account(Arc::new(sign_in))
}

/// The account on this computer, if it may sign in automatically.
pub(in crate::embedded) fn automatic_account(data: &DataDir) -> Option<Account> {
    let record = file::read(&data.account()).ok().flatten()?;
    record.can_sign_in().then(|| record.account(data)).flatten()
}

/// The account with its password, for the user pool of the box.
pub(in crate::embedded) fn known_account(data: &DataDir) -> Option<KnownAccount> {
    let record = file::read(&data.account()).ok().flatten()?;
    let account = record.account(data).filter(|_| record.ready)?;
    Some(KnownAccount {
        username: account.username,
        sub: account.sub,
        password: record.password.clone(),
    })
}

/// The user whose session this computer has. The account on this computer needs none: it signs in again when that is needed.
pub fn remembered_account(config: &Config) -> Option<Account> {
    let session = SessionFile::new(config.data.session(&config.profile.name));
    let here = || match config.profile.backend {
        BackendKind::InTheBox => automatic_account(&config.data),
        BackendKind::Remote(_) => None,
    };
    session.account().or_else(here)
}

#[derive(Debug)]
struct AutomaticSignIn {
    /// A client without automatic sign-in.
    client: Client,
    data: DataDir,
}

impl AutomaticSignIn {
    async fn sign_in(&self, last: Option<&Account>) -> Result<bool, ApiError> {
        // A file that can't be read is reported by commands that need it.
        let Ok(Some(record)) = file::read(&self.data.account()) else {
            return Ok(false);
        };
        let other_user = last.is_some_and(|last| last.username != record.username);
        if other_user || stored_account(&self.data) != StoredAccount::Ready {
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
            Ok(SignIn::Challenge(_)) => Err(ApiError::SignedOut(
                "the session has ended, and signing in requires more than the password".to_owned(),
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
        Ok(file::update(&self.data.account(), |record| {
            record.signed_out = record.username != account.username;
            if !record.signed_out {
                record.ready = true;
                record.sub = Some(account.sub.clone());
            }
        })?)
    }

    fn signing_out(&self) -> Result<(), ApiError> {
        match file::update(&self.data.account(), |record| record.signed_out = true) {
            // A file that can't be read allows no automatic sign-in.
            Err(AccountProblem::Damaged(_)) => Ok(()),
            outcome => Ok(outcome?),
        }
    }
}
