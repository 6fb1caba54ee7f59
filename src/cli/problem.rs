//! What went wrong, for people and for programs.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use caltrack_domain::{
    DayError, KcalError, LineError, MomentError, TextError, TimeError, UnknownName, UserNameError, clean,
};
use serde_json::json;

use super::{answer::Done, json};
use crate::{
    app::{Failure, FailureKind},
    embedded::{AccountProblem, EmbeddedError},
    runtime::RunError,
};
use caltrack_client::{api::ApiError, config::ConfigError};

/// The exit code of wrong usage and wrong values.
pub(super) const USAGE: u8 = 2;

/// A command's failure.
#[derive(Debug)]
pub(super) struct Problem {
    kind: &'static str,
    code: u8,
    message: String,
    next: String,
}

impl Problem {
    /// A value that can't be.
    pub(super) fn value(message: impl Into<Refusal>) -> Self {
        Self {
            kind: "value",
            code: USAGE,
            message: message.into().0,
            next: "change it; nothing was logged or changed".to_owned(),
        }
    }

    /// Arguments that make no sense.
    pub(super) fn usage(error: &clap::Error) -> Self {
        // The first paragraph says it; the rest is advice on how to call the program.
        let text = error.render().to_string();
        let lines = text.lines().map(str::trim).take_while(|line| !line.is_empty());
        let said = lines.collect::<Vec<_>>().join(" ");
        Self::bad_usage(said.trim_start_matches("error: "))
    }

    /// Arguments that don't go together.
    pub(super) fn bad_usage(message: impl Into<String>) -> Self {
        Self {
            kind: "usage",
            code: USAGE,
            message: message.into(),
            next: "see --help".to_owned(),
        }
    }

    /// The same with other advice.
    pub(super) fn advising(self, next: impl Into<String>) -> Self {
        Self {
            next: next.into(),
            ..self
        }
    }

    /// Nobody is signed in.
    pub(super) fn signed_out() -> Self {
        Failure::new(FailureKind::SignedOut, "not signed in").into()
    }

    /// No such entry.
    pub(super) fn unknown_entry(id: &str) -> Self {
        let short: String = clean(id).chars().take(64).collect();
        Failure {
            next: "`list` shows a day's ids".to_owned(),
            ..Failure::new(FailureKind::NotFound, format!("there is no entry `{short}`"))
        }
        .into()
    }

    /// The answer can't be written; what was done is done.
    pub(super) fn unwritten(error: &io::Error, done: Option<&Done>) -> Self {
        let (message, next) = match done {
            Some(done) => (
                format!("{}, but {} can't be written: {error}", done.what, done.answer),
                done.next.clone(),
            ),
            None => (
                format!("the answer can't be written: {error}"),
                "nothing was changed; write it to another place".to_owned(),
            ),
        };
        Failure {
            next,
            ..Failure::new(FailureKind::Storage, message)
        }
        .into()
    }

    /// The id that was given for a new entry can't be used.
    pub(super) fn id_in_use(message: impl Into<String>) -> Self {
        Failure {
            next: "log it by another --id, or without one".to_owned(),
            ..Failure::new(FailureKind::Conflict, message)
        }
        .into()
    }

    /// The exit code that it stands for.
    pub(super) const fn code(&self) -> u8 {
        self.code
    }

    /// What happened.
    pub(super) fn message(&self) -> &str {
        self.message.trim_end_matches('.')
    }

    /// What to do.
    pub(super) fn next(&self) -> &str {
        &self.next
    }

    /// Writes it to standard error, and nothing to standard output.
    pub(super) fn report(&self, json: bool) -> ExitCode {
        let text = if json {
            let error = json!({
                "kind": self.kind,
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
        // Nobody may be listening.
        let _ = writeln!(std::io::stderr(), "{text}");
        ExitCode::from(self.code)
    }
}

/// Why a value can't be.
pub(super) struct Refusal(String);

impl From<String> for Refusal {
    fn from(text: String) -> Self {
        Self(text)
    }
}

macro_rules! refusals {
    ($($error:ty),*) => {$(
        impl From<$error> for Refusal {
            fn from(error: $error) -> Self {
                Self(error.to_string())
            }
        }
    )*};
}

refusals!(
    &str,
    KcalError,
    DayError,
    TimeError,
    MomentError,
    TextError,
    UserNameError,
    LineError,
    UnknownName
);

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let (kind, code) = match failure.kind {
            FailureKind::Value => ("value", USAGE),
            FailureKind::NotFound => ("not_found", 1),
            FailureKind::Unauthorized => ("unauthorized", 1),
            FailureKind::SignedOut => ("signed_out", 3),
            FailureKind::Unreachable => ("unreachable", 4),
            FailureKind::Conflict => ("conflict", 1),
            FailureKind::Rejected => ("rejected", 1),
            FailureKind::Busy => ("busy", 1),
            FailureKind::Storage => ("storage", 1),
            FailureKind::Internal => ("internal", 1),
        };
        let next = match failure.kind {
            _ if !failure.next.is_empty() => failure.next.clone(),
            // The screens' advice speaks of keys.
            FailureKind::Value | FailureKind::Rejected => {
                "change it; nothing was logged or changed".to_owned()
            }
            FailureKind::SignedOut => "sign in by `caltrack-tui sign-in`".to_owned(),
            FailureKind::Conflict => "look at it again by `list`, then repeat".to_owned(),
            FailureKind::Storage => "make the data directory usable; the log file says more".to_owned(),
            FailureKind::NotFound
            | FailureKind::Unauthorized
            | FailureKind::Unreachable
            | FailureKind::Busy
            | FailureKind::Internal => failure.advice().to_owned(),
        };
        Self {
            kind,
            code,
            message: failure.message,
            next,
        }
    }
}

impl From<ApiError> for Problem {
    fn from(error: ApiError) -> Self {
        Failure::from(error).into()
    }
}

impl From<EmbeddedError> for Problem {
    fn from(error: EmbeddedError) -> Self {
        Failure::from(error).into()
    }
}

impl From<AccountProblem> for Problem {
    fn from(problem: AccountProblem) -> Self {
        Failure::from(problem).into()
    }
}

impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Backend(failure) => failure.into(),
            RunError::Terminal(_) => Self {
                next: "use a command instead; see --help".to_owned(),
                ..Failure::new(FailureKind::Internal, error.to_string()).into()
            },
        }
    }
}

impl From<ConfigError> for Problem {
    fn from(error: ConfigError) -> Self {
        let error = match error {
            ConfigError::DataDir(problem) => return EmbeddedError::from(problem).into(),
            other => other,
        };
        if let ConfigError::Unwritable { .. } = error {
            return Failure {
                next: "make room or make it writable, then repeat".to_owned(),
                ..Failure::new(FailureKind::Storage, error.to_string())
            }
            .into();
        }
        Self {
            kind: "usage",
            code: USAGE,
            message: error.to_string(),
            next: "nothing was changed; correct it and repeat".to_owned(),
        }
    }
}
