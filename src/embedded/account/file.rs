//! `account.json`: name, password and id of the account on this computer.

use std::{
    io,
    path::{Path, PathBuf},
};

use caltrack_private_files as private_files;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize as _, Zeroizing};

use super::{AccountProblem, password};
use caltrack_client::{
    api::{Account, SessionFile},
    config::{DataDir, LOCAL},
};

/// The account's name in the user pool, which reserves it for the socket file.
pub(super) use caltrack_local_backend::account::OWN_USERNAME as USERNAME;

/// The file's content.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Stored {
    pub(super) username: String,
    pub(super) password: String,
    /// Whether it has signed in before.
    #[serde(default)]
    pub(super) ready: bool,
    /// The user pool's id of the user: entries belong to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sub: Option<String>,
    /// Whether it was signed out on purpose, or another user is signed in instead: then it must not sign in by itself.
    #[serde(default)]
    pub(super) signed_out: bool,
}

impl Drop for Stored {
    fn drop(&mut self) {
        self.password.zeroize();
    }
}

impl Stored {
    fn new(password: String) -> Self {
        Self {
            username: USERNAME.to_owned(),
            password,
            ready: false,
            sub: None,
            signed_out: false,
        }
    }

    /// Whether it may sign in by itself.
    pub(super) const fn is_open(&self) -> bool {
        self.ready && !self.signed_out
    }

    /// The account with its id, where that is known: by this file, or by a session of its.
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

/// Reads the file; none where it is absent.
pub(super) fn read(path: &Path) -> Result<Option<Stored>, AccountProblem> {
    let bytes = match private_files::read(path) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(problem(path, &error)),
    };
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|_| AccountProblem::Damaged(path.to_owned()))
}

/// Stores a fresh password, or returns the one that another program stored at the same moment; also returns whether it
/// is fresh.
pub(super) fn begin(path: &Path) -> Result<(Stored, bool), AccountProblem> {
    let stored = Stored::new(password::random());
    match encode(&stored).and_then(|bytes| private_files::create(path, &bytes)) {
        Ok(()) => Ok((stored, true)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match read(path)? {
            Some(stored) => Ok((stored, false)),
            None => Err(problem(path, &error)),
        },
        Err(error) => Err(problem(path, &error)),
    }
}

/// Changes the file where a change makes a difference; nothing where it is absent.
pub(super) fn update(path: &Path, change: impl FnOnce(&mut Stored)) -> Result<(), AccountProblem> {
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

/// Keeps a password that the user pool accepts for this user, where it is the account on this computer. A damaged file is
/// replaced: the password in it, if it could be read, would be another one.
pub(super) fn keep_password(path: &Path, username: &str, password: &str) -> Result<(), AccountProblem> {
    let stored = match read(path) {
        Ok(stored) => stored.unwrap_or_else(|| Stored::new(String::new())),
        Err(AccountProblem::Damaged(_)) => Stored::new(String::new()),
        Err(error) => return Err(error),
    };
    // The case of a name doesn't count: the pool keeps names in lower case.
    if stored.username != username.to_lowercase() || (stored.ready && stored.password == password) {
        return Ok(());
    }
    let mut changed = stored;
    changed.password.zeroize();
    password.clone_into(&mut changed.password);
    changed.ready = true;
    replace(path, &changed)
}

/// Removes a password that was kept for an account that turned out to have another.
pub(super) fn abandon(path: &Path, begun: &Stored) {
    if read(path).is_ok_and(|now| now.is_some_and(|now| now == *begun))
        && let Err(error) = std::fs::remove_file(path)
    {
        tracing::warn!(%error, path = %path.display(), "a password of no use can't be removed");
    }
}

pub(super) fn replace(path: &Path, stored: &Stored) -> Result<(), AccountProblem> {
    encode(stored)
        .and_then(|bytes| private_files::replace(path, &bytes))
        .map_err(|error| problem(path, &error))
}

fn encode(stored: &Stored) -> io::Result<Zeroizing<Vec<u8>>> {
    Ok(Zeroizing::new(serde_json::to_vec(stored)?))
}

fn problem(path: &Path, error: &io::Error) -> AccountProblem {
    AccountProblem::File {
        path: PathBuf::from(path),
        detail: error.to_string(),
    }
}
