//! The result of one check.

use crate::cli::error::CommandError;

/// The status of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CheckStatus {
    /// The check found no problem.
    Ok,
    /// It works with a restriction.
    Warn,
    /// It can't be checked because of an earlier failure.
    Skip,
    /// It doesn't work; the exit code of a command that meets this failure.
    Fail(u8),
}

impl CheckStatus {
    /// `ok` in JSON: false for a failure, absent for what could not be checked.
    pub(super) const fn is_ok(self) -> Option<bool> {
        match self {
            Self::Ok | Self::Warn => Some(true),
            Self::Skip => None,
            Self::Fail(_) => Some(false),
        }
    }
}

/// One check and its result.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) status: CheckStatus,
    pub(super) message: String,
    /// What to do; empty if there is nothing to do.
    pub(super) next: String,
}

impl Check {
    pub(super) fn ok(name: &'static str, message: impl Into<String>) -> Self {
        Self {
            name,
            status: CheckStatus::Ok,
            message: message.into(),
            next: String::new(),
        }
    }

    pub(super) fn warn(name: &'static str, message: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            status: CheckStatus::Warn,
            next: next.into(),
            ..Self::ok(name, message)
        }
    }

    pub(super) fn skip(name: &'static str, message: impl Into<String>) -> Self {
        Self {
            status: CheckStatus::Skip,
            ..Self::ok(name, message)
        }
    }

    pub(super) fn fail(name: &'static str, message: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            status: CheckStatus::Fail(1),
            ..Self::warn(name, message, next)
        }
    }

    /// A failure of a command.
    pub(super) fn failed(name: &'static str, error: impl Into<CommandError>) -> Self {
        let error = error.into();
        Self {
            status: CheckStatus::Fail(error.exit_code()),
            ..Self::warn(name, error.message(), error.next())
        }
    }

    /// The same check with other advice.
    pub(super) fn advising(self, next: impl Into<String>) -> Self {
        Self {
            next: next.into(),
            ..self
        }
    }
}
