//! `account.json`: name, password and id of the account on this computer.

use std::{
    io,
    path::{Path, PathBuf},
};

use caltrack_domain::Account;
use caltrack_local_backend::account::OWN_USERNAME;
use caltrack_private_files as private_files;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize as _, Zeroizing};

use super::{password, problem::AccountProblem};
use caltrack_client::{
    api::SessionFile,
    config::{DataDir, LOCAL},
};

/// The content of `account.json`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccountRecord {
    pub(super) username: String,
    pub(super) password: String,
    /// Whether it has signed in before.
    #[serde(default)]
    pub(super) ready: bool,
    /// The user pool's id of the user, who owns the entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sub: Option<String>,
    /// Whether it was signed out on purpose, or another user signed in instead: then it must not sign in automatically.
    #[serde(default)]
    pub(super) signed_out: bool,
}

impl Drop for AccountRecord {
    fn drop(&mut self) {
        self.password.zeroize();
    }
}

impl AccountRecord {
    fn new(password: String) -> Self {
        Self {
            username: OWN_USERNAME.to_owned(),
            password,
            ready: false,
            sub: None,
            signed_out: false,
        }
    }

    /// Whether it may sign in automatically.
    pub(super) const fn can_sign_in(&self) -> bool {
        self.ready && !self.signed_out
    }

    /// The account with its id from this file or from its session; `None` if neither has the id.
    pub(super) fn account(&self, data: &DataDir) -> Option<Account> {
        let of_session = || {
            SessionFile::new(data.session(LOCAL))
                .account()
                .filter(|account| account.username == self.username)
                .map(|account| account.sub)
        };
        Some(Account {
            username: self.username.clone(),
            sub: self.sub.clone().or_else(of_session)?,
        })
    }
}

/// Reads the file; `None` if it is absent.
pub(super) fn read(path: &Path) -> Result<Option<AccountRecord>, AccountProblem> {
    let bytes = match private_files::read(path) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(problem(path, &error)),
    };
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|_| AccountProblem::Damaged(path.to_owned()))
}

/// Stores a new password, or reads the one that another program stored at the same moment; also returns whether it is
/// new.
pub(super) fn begin(path: &Path) -> Result<(AccountRecord, bool), AccountProblem> {
    let stored = AccountRecord::new(password::random());
    match encode(&stored).and_then(|bytes| private_files::create(path, &bytes)) {
        Ok(()) => Ok((stored, true)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match read(path)? {
            Some(stored) => Ok((stored, false)),
            None => Err(problem(path, &error)),
        },
        Err(error) => Err(problem(path, &error)),
    }
}

/// Stores a new account with its id, which the user pool of a new box then creates.
pub(super) fn create(path: &Path, sub: &str) -> Result<(), AccountProblem> {
    let mut record = AccountRecord::new(password::random());
    record.ready = true;
    record.sub = Some(sub.to_owned());
    encode(&record)
        .and_then(|bytes| private_files::create(path, &bytes))
        .map_err(|error| problem(path, &error))
}

/// Changes the file, if it exists and the change makes a difference.
pub(super) fn update(path: &Path, change: impl FnOnce(&mut AccountRecord)) -> Result<(), AccountProblem> {
    let Some(stored) = read(path)? else {
        return Ok(());
    };
    let mut changed = stored.clone();
    change(&mut changed);
    if changed == stored {
        return Ok(());
    }
    replace(path, &changed)
}

/// Stores a password that the user pool accepts for this user, if that is the account on this computer. A damaged file is
/// replaced, since the pool has just accepted the password.
pub(super) fn keep_password(path: &Path, username: &str, password: &str) -> Result<(), AccountProblem> {
    let stored = match read(path) {
        Ok(stored) => stored.unwrap_or_else(|| AccountRecord::new(String::new())),
        Err(AccountProblem::Damaged(_)) => AccountRecord::new(String::new()),
        Err(error) => return Err(error),
    };
    // The pool ignores the case of names, and stores them in lower case.
    if stored.username != username.to_lowercase() || (stored.ready && stored.password == password) {
        return Ok(());
    }
    let mut changed = stored;
    changed.password.zeroize();
    password.clone_into(&mut changed.password);
    changed.ready = true;
    replace(path, &changed)
}

/// Removes the stored password of an account that has another one.
pub(super) fn abandon(path: &Path, record: &AccountRecord) {
    if read(path).is_ok_and(|now| now.is_some_and(|now| now == *record))
        && let Err(error) = std::fs::remove_file(path)
    {
        tracing::warn!(%error, path = %path.display(), "an unusable password can't be removed");
    }
}

pub(super) fn replace(path: &Path, stored: &AccountRecord) -> Result<(), AccountProblem> {
    encode(stored)
        .and_then(|bytes| private_files::replace(path, &bytes))
        .map_err(|error| problem(path, &error))
}

fn encode(stored: &AccountRecord) -> io::Result<Zeroizing<Vec<u8>>> {
    Ok(Zeroizing::new(serde_json::to_vec(stored)?))
}

fn problem(path: &Path, error: &io::Error) -> AccountProblem {
    AccountProblem::File {
        path: PathBuf::from(path),
        detail: error.to_string(),
    }
}
