//! Why the account on this computer can't be opened.

use std::path::PathBuf;

use caltrack_domain::FailureKind;
use caltrack_local_backend::account::OWN_USERNAME;

use crate::embedded::codes;
use caltrack_client::api::ApiError;

/// The account on this computer can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum AccountProblem {
    /// A failure of the user pool or the network.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// Its file can't be read or written.
    #[error("{} can't be used ({detail}). Nothing was changed", path.display())]
    File {
        /// The path of `account.json`.
        path: PathBuf,
        /// The error message of the system.
        detail: String,
    },
    /// Its file is invalid.
    #[error("{} is damaged: it has no password of the account on this computer. It is unchanged, and the entries are kept", .0.display())]
    Damaged(PathBuf),
    /// The account exists, but its password isn't stored.
    #[error("the account on this computer exists, but its password is not in {}. Its entries are kept", .0.display())]
    PasswordLost(PathBuf),
    /// The account must be confirmed, and the file of codes has no code for it.
    #[error("the account on this computer isn't confirmed yet, and {} has no code for it", .0.display())]
    NoCode(PathBuf),
}

impl AccountProblem {
    /// The kind of failure.
    pub const fn kind(&self) -> FailureKind {
        match self {
            Self::Api(error) => error.kind(),
            Self::PasswordLost(_) => FailureKind::Unauthorized,
            Self::File { .. } | Self::Damaged(_) | Self::NoCode(_) => FailureKind::Storage,
        }
    }

    /// What to do next; empty if the general advice for its [`FailureKind`] applies.
    pub fn advice(&self) -> String {
        match self {
            Self::Api(ApiError::Locked) => format!(
                "wait, at most 15 minutes, then try again; if that doesn't help, set another password by \
                 `caltrack-tui forgot-password {OWN_USERNAME}`"
            ),
            Self::Api(error) => error.advice().unwrap_or_default().to_owned(),
            Self::File { .. } => "make it usable, then try again".to_owned(),
            Self::Damaged(account) | Self::PasswordLost(account) => format!(
                "restore it from a backup; or set another password by `caltrack-tui forgot-password {OWN_USERNAME}`, whose code is written to {}",
                codes::path(&account.with_file_name("backend")).display()
            ),
            Self::NoCode(_) => "make it readable, then try again".to_owned(),
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
