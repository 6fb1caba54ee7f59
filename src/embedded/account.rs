//! The account on this computer: an ordinary user of the box's pool, whose password nobody has to remember.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use rand::{Rng as _, seq::IndexedRandom as _};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use super::codes;
use crate::{
    api::{ApiError, Client, SignIn},
    config::DataDir,
};

/// Its name in the pool.
const USERNAME: &str = "me";
/// Characters of the password: some 190 bits, drawn from letters, digits and symbols that need no quoting.
const LENGTH: usize = 32;
const UPPER: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
const LOWER: &[u8] = b"abcdefghijkmnopqrstuvwxyz";
const DIGITS: &[u8] = b"23456789";
const SYMBOLS: &[u8] = b"-_=+.:@%";

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
    /// The account is there, but another password is its.
    #[error("the account on this computer exists, but its password is not the one in {}; its entries are kept", .0.display())]
    PasswordLost(PathBuf),
    /// A new code was asked for, and it is nowhere to be found.
    #[error("the account on this computer waits for a confirmation code, and {} holds none", .0.display())]
    NoCode(PathBuf),
}

/// What is known of the account without asking the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptAccount {
    /// There is none.
    Absent,
    /// It was begun; whether it can sign in was never seen.
    Begun,
    /// It has signed in before: where it is signed out now, somebody wanted that.
    Ready,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    username: String,
    password: String,
    #[serde(default)]
    ready: bool,
}

/// What this computer keeps of the account.
pub fn kept_account(data: &DataDir) -> KeptAccount {
    match read(&data.account()) {
        Ok(Some(stored)) if stored.ready => KeptAccount::Ready,
        Ok(None) => KeptAccount::Absent,
        Ok(Some(_)) | Err(_) => KeptAccount::Begun,
    }
}

/// Signs in as the account on this computer, making it first where there is none. May be cut off at any moment and repeated:
/// the password is kept before the pool hears of it.
/// Where an authenticator was set up, the pool asks for its code next.
///
/// # Errors
///
/// [`AccountProblem`].
pub async fn open_account(client: &Client, data: &DataDir) -> Result<SignIn, AccountProblem> {
    let path = data.account();
    let (stored, fresh) = match read(&path)? {
        Some(stored) => (stored, false),
        None => begin(&path)?,
    };
    let opening = Opening {
        client,
        data,
        username: stored.username.clone(),
        password: stored.password.clone().into(),
    };
    let outcome = opening.open(fresh).await?;
    if !stored.ready {
        let ready = Stored {
            ready: true,
            ..stored
        };
        replace(&path, &ready).map_err(|error| problem(&path, &error))?;
    }
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

fn read(path: &Path) -> Result<Option<Stored>, AccountProblem> {
    let text = match fs::read_to_string(path) {
        Ok(text) => SecretString::from(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(problem(path, &error)),
    };
    serde_json::from_str(text.expose_secret())
        .map(Some)
        .map_err(|_| AccountProblem::File {
            path: path.to_owned(),
            detail: "it is damaged; restore it from a backup".to_owned(),
        })
}

/// Keeps a fresh password; or takes the one that another program kept at the same moment.
fn begin(path: &Path) -> Result<(Stored, bool), AccountProblem> {
    let stored = Stored {
        username: USERNAME.to_owned(),
        password: password(),
        ready: false,
    };
    let temporary = temporary(path);
    let kept = write(&temporary, &stored).and_then(|()| fs::hard_link(&temporary, path));
    // Either the link stands or the attempt failed; this name is of no more use.
    let _ = fs::remove_file(&temporary);
    match kept {
        Ok(()) => Ok((stored, true)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match read(path)? {
            Some(stored) => Ok((stored, false)),
            None => Err(problem(path, &error)),
        },
        Err(error) => Err(problem(path, &error)),
    }
}

fn replace(path: &Path, stored: &Stored) -> io::Result<()> {
    let temporary = temporary(path);
    write(&temporary, stored)?;
    fs::rename(&temporary, path)
}

fn temporary(path: &Path) -> PathBuf {
    path.with_extension(format!("json.{}.tmp", std::process::id()))
}

fn write(path: &Path, stored: &Stored) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let text = SecretString::from(serde_json::to_string(stored)?);
    file.write_all(text.expose_secret().as_bytes())?;
    file.sync_all()
}

fn problem(path: &Path, error: &io::Error) -> AccountProblem {
    AccountProblem::File {
        path: path.to_owned(),
        detail: error.to_string(),
    }
}

/// A random password with a character of each class that Cognito's default policy asks for.
fn password() -> String {
    let mut rng = rand::rng();
    let every = [UPPER, LOWER, DIGITS, SYMBOLS].concat();
    let mut characters: Vec<u8> = [UPPER, LOWER, DIGITS, SYMBOLS]
        .iter()
        .filter_map(|class| class.choose(&mut rng).copied())
        .collect();
    while characters.len() < LENGTH {
        characters.extend(every.choose(&mut rng));
    }
    // The first four must not give their classes away.
    for at in (1..characters.len()).rev() {
        characters.swap(at, rng.random_range(0..=at));
    }
    characters.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_satisfies_cognitos_default_policy_and_is_never_the_same() {
        for _ in 0..100 {
            let password = password();
            assert_eq!(password.len(), LENGTH);
            for class in [UPPER, LOWER, DIGITS, SYMBOLS] {
                assert!(password.bytes().any(|byte| class.contains(&byte)), "{password}");
            }
        }
        assert_ne!(password(), password());
    }

    #[test]
    fn two_programs_that_begin_at_once_end_with_one_password() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::new(dir.path().to_owned());
        assert_eq!(kept_account(&data), KeptAccount::Absent);
        let (one, fresh) = begin(&data.account()).unwrap();
        assert!(fresh);
        let (two, fresh) = begin(&data.account()).unwrap();
        assert!(!fresh);
        assert_eq!(one.password, two.password);
        assert_eq!(kept_account(&data), KeptAccount::Begun);
        replace(&data.account(), &Stored { ready: true, ..one }).unwrap();
        assert_eq!(kept_account(&data), KeptAccount::Ready);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(data.account()).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_damaged_file_is_named_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::new(dir.path().to_owned());
        fs::write(data.account(), "{").unwrap();
        let Err(problem) = read(&data.account()) else {
            panic!("a problem");
        };
        assert!(problem.to_string().contains("account.json"), "{problem}");
        assert_eq!(fs::read_to_string(data.account()).unwrap(), "{");
    }
}
