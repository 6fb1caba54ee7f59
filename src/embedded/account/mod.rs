//! The account on this computer: an ordinary user of the box's pool with a stored random password.

mod automatic;
mod file;
mod password;

use std::path::PathBuf;

use secrecy::SecretString;

pub(super) use self::automatic::known_account;
pub use self::automatic::{automatic_account, with_account};
use super::codes;
use caltrack_client::{
    api::{ApiError, Client, SignIn},
    config::DataDir,
};

/// The account on this computer can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum AccountProblem {
    /// The pool's or the network's words.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// Its file can't be read or written.
    #[error("{} can't be used ({detail}). Nothing was changed", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's words.
        detail: String,
    },
    /// Its file can't be parsed.
    #[error("{} is damaged: it holds no password of the account on this computer. It was left as it is, and the entries are kept", .0.display())]
    Damaged(PathBuf),
    /// The account exists, but its password is not on file.
    #[error("the account on this computer exists, but its password is not in {}. Its entries are kept", .0.display())]
    PasswordLost(PathBuf),
    /// A new code was requested, and its file doesn't contain it.
    #[error("the account on this computer waits for a confirmation code, and {} holds none", .0.display())]
    NoCode(PathBuf),
}

impl AccountProblem {
    /// What to do next; empty where the kind of failure says it.
    pub fn advice(&self) -> String {
        match self {
            Self::Api(ApiError::Locked) => format!(
                "wait, a quarter of an hour at most, then try again; if it stays so, set another password by \
                 `caltrack-tui forgot-password {}`",
                file::USERNAME
            ),
            Self::Api(_) => String::new(),
            Self::File { .. } => "make it usable, then try again".to_owned(),
            Self::Damaged(account) | Self::PasswordLost(account) => format!(
                "restore it from a backup; or set another password by `caltrack-tui forgot-password {}`, whose code is written to {}",
                file::USERNAME,
                codes::path(&account.with_file_name("backend")).display()
            ),
            Self::NoCode(_) => "make it readable, then try again".to_owned(),
        }
    }
}

/// The state of the account, as this computer has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptAccount {
    /// There is none.
    Absent,
    /// It was begun; whether it can sign in was never seen.
    Begun,
    /// It has signed in before, and may do so again by itself.
    Ready,
    /// It was signed out on purpose, or another user signed in instead.
    SignedOut,
}

/// What this computer keeps of the account.
pub fn kept_account(data: &DataDir) -> KeptAccount {
    match file::read(&data.account()) {
        Ok(Some(stored)) if stored.is_open() => KeptAccount::Ready,
        Ok(Some(stored)) if stored.ready => KeptAccount::SignedOut,
        Ok(None) => KeptAccount::Absent,
        Ok(Some(_)) | Err(_) => KeptAccount::Begun,
    }
}

/// What keeps the account on this computer from signing in by itself, as far as the files show.
pub fn account_problem(data: &DataDir) -> Option<AccountProblem> {
    let path = data.account();
    match file::read(&path) {
        Err(problem) => Some(problem),
        // Its sign-up had a code: the account is older than its file.
        Ok(None) => codes::last(&codes::path(&data.backend()), file::USERNAME)
            .map(|_| AccountProblem::PasswordLost(path)),
        Ok(Some(_)) => None,
    }
}

/// Signs in as the account on this computer, making it first where there is none. May be interrupted at any moment and
/// repeated: the password is stored before it is sent to the pool. Where an authenticator was set up, the pool asks for
/// its code next.
///
/// # Errors
///
/// [`AccountProblem`].
pub async fn open_account(client: &Client, data: &DataDir) -> Result<SignIn, AccountProblem> {
    let path = data.account();
    let (stored, fresh) = match file::read(&path)? {
        Some(stored) => (stored, false),
        None => file::begin(&path)?,
    };
    let opening = Opening {
        client,
        data,
        username: stored.username.clone(),
        password: stored.password.clone().into(),
    };
    let mut outcome = opening.open(fresh).await;
    if fresh && matches!(outcome, Err(AccountProblem::Api(ApiError::Locked))) {
        // A password that was made up just now, for a name that is taken, will be no better after the wait.
        outcome = Err(AccountProblem::PasswordLost(path.clone()));
    }
    if fresh && matches!(outcome, Err(AccountProblem::PasswordLost(_))) {
        file::abandon(&path, &stored);
    }
    let outcome = outcome?;
    file::update(&path, |stored| {
        stored.ready = true;
        if let SignIn::Done(account) = &outcome {
            stored.sub = Some(account.sub.clone());
        }
    })?;
    Ok(outcome)
}

struct Opening<'a> {
    client: &'a Client,
    data: &'a DataDir,
    username: String,
    password: SecretString,
}

impl Opening<'_> {
    async fn open(&self, fresh: bool) -> Result<SignIn, AccountProblem> {
        if !fresh {
            match self.sign_in().await {
                // Cut off between keeping the password and signing up, perhaps.
                Err(AccountProblem::Api(ApiError::Unauthorized(_) | ApiError::NotFound(_))) => {}
                outcome => return outcome,
            }
        }
        let taken = match self.client.sign_up(&self.username, &self.password, None).await {
            Ok(made) => {
                if !made.confirmed
                    && let Some(code) = self.kept_code()
                {
                    self.confirm(&code).await?;
                }
                false
            }
            // Another program was faster, or the account is older than its file.
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

    /// Signs in, confirming the account where that was never done: by the code on file, or by a new one.
    async fn sign_in(&self) -> Result<SignIn, AccountProblem> {
        if let Some(account) = self.sign_in_if_confirmed().await? {
            return Ok(account);
        }
        if let Some(code) = self.kept_code() {
            self.confirm(&code).await?;
            if let Some(account) = self.sign_in_if_confirmed().await? {
                return Ok(account);
            }
        }
        // Cut off between signing up and confirming, more than a code's life ago; or the code never reached its file.
        match self.client.resend_code(&self.username).await {
            // Another program may have confirmed it meanwhile; the sign-in that follows tells.
            Ok(_) | Err(ApiError::Rejected(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let code = self
            .kept_code()
            .ok_or_else(|| AccountProblem::NoCode(self.codes()))?;
        self.confirm(&code).await?;
        Ok(self.client.sign_in(&self.username, &self.password).await?)
    }

    /// `None` where the account waits for its code.
    async fn sign_in_if_confirmed(&self) -> Result<Option<SignIn>, AccountProblem> {
        match self.client.sign_in(&self.username, &self.password).await {
            Err(ApiError::NotConfirmed) => Ok(None),
            outcome => Ok(Some(outcome?)),
        }
    }

    async fn confirm(&self, code: &str) -> Result<(), AccountProblem> {
        match self.client.confirm_sign_up(&self.username, code).await {
            // The code may be too old, or another program may have confirmed the account; the sign-in that follows tells.
            Ok(()) | Err(ApiError::Rejected(_) | ApiError::Unauthorized(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn kept_code(&self) -> Option<String> {
        codes::last(&self.codes(), &self.username)
    }

    fn codes(&self) -> PathBuf {
        codes::path(&self.data.backend())
    }
}

#[cfg(test)]
mod tests;
