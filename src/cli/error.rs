//! The failure of a command, for people and for programs.

use std::{fmt::Display, io::Write as _, process::ExitCode};

use caltrack_domain::{FailureKind, clean, shortened};
use serde_json::json;

use super::json;
use crate::{
    app::Failure,
    embedded::{AccountProblem, EmbeddedError},
    runtime::RunError,
};
use caltrack_client::{api::ApiError, config::ConfigError};

/// The exit code of wrong usage and wrong values.
pub(super) const USAGE: u8 = 2;
/// Characters of an unknown id that are shown.
const MAX_ID: usize = 64;

/// The failure of a command.
#[derive(Debug)]
pub(super) struct CommandError {
    kind: FailureKind,
    message: String,
    next: String,
}

impl CommandError {
    fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Failure::new(kind, message).into()
    }

    /// An error of a value that the user gave (exit code 2).
    pub(super) fn value(message: impl Display) -> Self {
        Self::new(FailureKind::Value, message.to_string())
    }

    /// A value that is missing (exit code 2).
    pub(super) fn ask(message: impl Display) -> Self {
        Self::new(FailureKind::Ask, message.to_string()).advising("complete it; nothing was logged")
    }

    /// Arguments that clap rejects.
    pub(super) fn from_clap(error: &clap::Error) -> Self {
        // The first paragraph is the message; the rest shows how to call the program.
        let text = error.render().to_string();
        let lines = text.lines().map(str::trim).take_while(|line| !line.is_empty());
        let message = lines.collect::<Vec<_>>().join(" ");
        Self::usage(message.trim_start_matches("error: "))
    }

    /// Arguments that are invalid together, or input that can't be read.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Usage, message)
    }

    /// A command that requires a session without one.
    pub(super) fn signed_out() -> Self {
        Self::new(FailureKind::SignedOut, "not signed in")
    }

    /// An id without an entry.
    pub(super) fn unknown_entry(id: &str) -> Self {
        let id = shortened(&clean(id), MAX_ID);
        Self::new(FailureKind::NotFound, format!("there is no entry `{id}`"))
            .advising("`list` shows a day's ids")
    }

    /// A file or a stream that can't be written.
    pub(super) fn storage(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Storage, message)
    }

    /// An id for a new entry that can't be used.
    pub(super) fn id_in_use(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Conflict, message).advising("log it by another --id, or without one")
    }

    /// The same failure with other advice.
    pub(super) fn advising(self, next: impl Into<String>) -> Self {
        Self {
            next: next.into(),
            ..self
        }
    }

    /// The same failure with another message.
    pub(super) fn reporting(self, message: String) -> Self {
        Self { message, ..self }
    }

    /// Whether no entry was found.
    pub(super) const fn is_not_found(&self) -> bool {
        matches!(self.kind, FailureKind::NotFound)
    }

    /// The exit code of the command.
    pub(super) const fn exit_code(&self) -> u8 {
        match self.kind {
            FailureKind::Usage | FailureKind::Value | FailureKind::Ask => USAGE,
            FailureKind::SignedOut => 3,
            FailureKind::Unreachable => 4,
            FailureKind::NotFound
            | FailureKind::Unauthorized
            | FailureKind::Conflict
            | FailureKind::Rejected
            | FailureKind::Busy
            | FailureKind::Storage
            | FailureKind::Internal => 1,
        }
    }

    /// What happened, without a full stop.
    pub(super) fn message(&self) -> &str {
        self.message.trim_end_matches('.')
    }

    /// What to do next.
    pub(super) fn next(&self) -> &str {
        &self.next
    }

    /// Writes the failure to standard error; standard output remains empty.
    pub(super) fn report(&self, json: bool) -> ExitCode {
        let text = if json {
            let error = json!({
                "kind": self.kind.name(),
                "message": self.message,
                "kept": null,
                "next": self.next,
            });
            json::text(&json!({ "error": error }))
        } else {
            let message = clean(&self.message.replace('\n', "; "));
            format!(
                "error: {}\nnext: {}",
                message.trim_end_matches('.'),
                clean(&self.next)
            )
        };
        // Standard error may be closed.
        let _ = writeln!(std::io::stderr(), "{text}");
        ExitCode::from(self.exit_code())
    }
}

impl From<Failure> for CommandError {
    fn from(failure: Failure) -> Self {
        let next = match failure.kind {
            _ if !failure.next.is_empty() => failure.next.clone(),
            // The advice on the screens mentions keys.
            FailureKind::Value | FailureKind::Ask | FailureKind::Rejected => {
                "change it; nothing was logged or changed".to_owned()
            }
            FailureKind::Usage => "see --help".to_owned(),
            FailureKind::SignedOut => "sign in by `caltrack-tui sign-in`".to_owned(),
            FailureKind::Conflict => "read it again by `list`, then try again".to_owned(),
            FailureKind::Storage => "make the data directory usable; the log file has details".to_owned(),
            FailureKind::NotFound => "check the id by `list`; it may have been deleted elsewhere".to_owned(),
            FailureKind::Unauthorized
            | FailureKind::Unreachable
            | FailureKind::Busy
            | FailureKind::Internal => failure.advice().to_owned(),
        };
        Self {
            kind: failure.kind,
            message: failure.message,
            next,
        }
    }
}

impl From<ApiError> for CommandError {
    fn from(error: ApiError) -> Self {
        Failure::from(error).into()
    }
}

impl From<EmbeddedError> for CommandError {
    fn from(error: EmbeddedError) -> Self {
        Failure::from(error).into()
    }
}

impl From<AccountProblem> for CommandError {
    fn from(problem: AccountProblem) -> Self {
        Failure::from(problem).into()
    }
}

impl From<RunError> for CommandError {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Backend(failure) => failure.into(),
            RunError::Terminal(_) => Self::new(FailureKind::Internal, error.to_string())
                .advising("use a command instead; see --help"),
        }
    }
}

impl From<ConfigError> for CommandError {
    fn from(error: ConfigError) -> Self {
        match error {
            ConfigError::DataDir(problem) => EmbeddedError::from(problem).into(),
            ConfigError::Unwritable { .. } => {
                Self::storage(error.to_string()).advising("make room or make it writable, then try again")
            }
            ConfigError::NoDirectory
            | ConfigError::Unreadable { .. }
            | ConfigError::Malformed { .. }
            | ConfigError::NoProfile { .. }
            | ConfigError::BadName(_)
            | ConfigError::BadProfile { .. } => {
                Self::usage(error.to_string()).advising("nothing was changed; correct it and try again")
            }
        }
    }
}
