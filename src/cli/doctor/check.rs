//! The result of one check.

use strum::IntoStaticStr;

use crate::cli::error::CommandError;

/// The status of a check, with its name in the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
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
    /// The name in JSON, in lower case.
    pub(super) fn name(self) -> &'static str {
        self.into()
    }
}

/// One check and its result.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) status: CheckStatus,
    pub(super) detail: String,
    /// What to do; empty if there is nothing to do.
    pub(super) next: String,
}

impl Check {
    pub(super) fn ok(name: &'static str, detail: impl Into<String>) -> Self {
        Self {
            name,
            status: CheckStatus::Ok,
            detail: detail.into(),
            next: String::new(),
        }
    }

    pub(super) fn warn(name: &'static str, detail: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            status: CheckStatus::Warn,
            next: next.into(),
            ..Self::ok(name, detail)
        }
    }

    pub(super) fn skip(name: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status: CheckStatus::Skip,
            ..Self::ok(name, detail)
        }
    }

    pub(super) fn fail(name: &'static str, detail: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            status: CheckStatus::Fail(1),
            ..Self::warn(name, detail, next)
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
