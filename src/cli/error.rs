//! The failure of a command, for people and for programs.

use std::{fmt::Display, io::Write as _, process::ExitCode};

use caltrack_domain::{
    Activity, FailureKind, clean,
    outbox::{Reason, ReasonKind, Rejection, RejectionKind},
    shortened,
};
use serde_json::json;

use super::json;
use crate::{
    app::{Failure, text::summary},
    embedded::{AccountProblem, EmbeddedError},
    runtime::RunError,
};
use caltrack_client::{
    api::ApiError,
    config::{BackendProfile, ConfigError},
    outbox::OutboxError,
};

/// The exit code of wrong usage and wrong values.
pub(super) const USAGE: u8 = 2;
/// The exit code of a backend that can't be reached, and of changes that are queued.
const UNREACHABLE: u8 = 4;
/// Characters of an unknown id that are shown.
const MAX_ID: usize = 64;

/// The failure of a command.
#[derive(Debug)]
pub(super) struct CommandError {
    kind: FailureKind,
    message: String,
    next: String,
    /// The entries that are queued; `None` if nothing is.
    kept: Option<Vec<Activity>>,
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

    /// A backend that accepts requests and doesn't respond.
    pub(super) fn silent() -> Self {
        Self::new(FailureKind::Unreachable, "the backend doesn't respond")
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

    /// A step of which something waits in the outbox (exit code 4). `cause` is the failure of the backend, if it is known.
    pub(super) fn queued(reason: &Reason, cause: Option<&Self>, kept: Vec<Activity>) -> Self {
        let kind = match reason.kind {
            ReasonKind::Unreachable => FailureKind::Unreachable,
            ReasonKind::Busy => FailureKind::Busy,
            ReasonKind::SignedOut => FailureKind::SignedOut,
            ReasonKind::Failed | ReasonKind::Schema => FailureKind::Internal,
        };
        let text = cause.map_or(reason.text.as_str(), Self::message);
        let first = match (cause, reason.kind) {
            (Some(cause), _) => format!("{}; ", cause.next),
            (None, ReasonKind::SignedOut) => "sign in by `caltrack-tui sign-in`; ".to_owned(),
            (None, _) => String::new(),
        };
        Self {
            kept: Some(kept),
            ..Self::new(cause.map_or(kind, |cause| cause.kind), format!("queued, not sent yet: {text}"))
                .advising(format!(
                    "{first}don't repeat the command: the next one sends what waits, and so do the screens (`outbox` lists it)"
                ))
        }
    }

    /// A change that the backend rejected.
    pub(super) fn rejected(rejection: &Rejection) -> Self {
        let kind = match rejection.kind {
            RejectionKind::BadRequest | RejectionKind::Stale => FailureKind::Rejected,
            RejectionKind::Unauthorized => FailureKind::Unauthorized,
            RejectionKind::NotFound | RejectionKind::Deleted => FailureKind::NotFound,
            RejectionKind::IdTaken => FailureKind::Conflict,
        };
        Self::new(kind, rejection.text.clone())
    }

    /// A change of an entry that was changed elsewhere, and is `stored` now.
    pub(super) fn changed_elsewhere(stored: &Activity) -> Self {
        let now = format!("{} on {}", summary(&stored.entry), stored.entry.date);
        Self::new(
            FailureKind::Conflict,
            format!("the entry was changed elsewhere meanwhile, and stays {now}"),
        )
        .advising("repeat the command if it is to be changed all the same")
    }

    /// An undo or a redo without a step.
    pub(super) fn nothing_to(word: &str) -> Self {
        Self::new(FailureKind::NotFound, format!("there is nothing to {word}"))
            .advising("changes that were made on this computer can be undone")
    }

    /// A step that can't be undone or redone any more.
    pub(super) fn not_undone(name: &str, reason: &str, word: &str) -> Self {
        Self::new(FailureKind::Conflict, format!("{name} stays as it is: {reason}"))
            .advising(format!("`{word}` again takes the step before it"))
    }

    /// A row of the outbox that doesn't exist.
    pub(super) fn unknown_row(number: u64) -> Self {
        Self::new(
            FailureKind::NotFound,
            format!("there is no change {number} in the outbox"),
        )
        .advising("`outbox` lists them")
    }

    /// A row of the outbox that may be done already.
    pub(super) fn not_dropped(number: u64) -> Self {
        Self::new(
            FailureKind::Conflict,
            format!("the change {number} was sent and not answered, so that it may be done; it stays"),
        )
        .advising("`sync` sends it again; then `undo` takes it back")
    }

    /// Members of the profile that were changed elsewhere, and stay as they are there.
    pub(super) fn profile_changed_elsewhere(names: &str) -> Self {
        Self::new(
            FailureKind::Conflict,
            format!("changed elsewhere meanwhile, and kept as it is there: {names}"),
        )
        .advising("read it by `profile`, and repeat the command if it is to be changed all the same")
    }

    /// Whether a command can go on with what this computer knows. The files of a box that are damaged are reported instead.
    pub(super) const fn is_away(&self) -> bool {
        matches!(
            self.kind,
            FailureKind::Unreachable | FailureKind::Busy | FailureKind::Internal
        )
    }

    /// The same failure of a step of which these entries are queued.
    pub(super) fn keeping(self, kept: Vec<Activity>) -> Self {
        Self {
            kept: (!kept.is_empty()).then_some(kept),
            ..self
        }
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

    /// The same failure on another profile than that of the command.
    pub(super) fn on_profile(self, profile: &BackendProfile) -> Self {
        let next = match self.kind {
            FailureKind::SignedOut => format!("sign in by {}", profile.command("sign-in USER")),
            _ => self.next.clone(),
        };
        let message = format!("profile {}: {}", profile.name, self.message);
        self.reporting(message).advising(next)
    }

    /// Whether the changes are in the outbox.
    pub(super) const fn is_queued(&self) -> bool {
        self.kept.is_some()
    }

    /// Whether no entry was found.
    pub(super) const fn is_not_found(&self) -> bool {
        matches!(self.kind, FailureKind::NotFound)
    }

    /// The exit code of the command.
    pub(super) const fn exit_code(&self) -> u8 {
        let is_queued = self.kept.is_some();
        match self.kind {
            FailureKind::Busy | FailureKind::Storage | FailureKind::Internal | FailureKind::SignedOut
                if is_queued =>
            {
                UNREACHABLE
            }
            FailureKind::Usage | FailureKind::Value | FailureKind::Ask => USAGE,
            FailureKind::SignedOut => 3,
            FailureKind::Unreachable => UNREACHABLE,
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
                "kept": self.kept.as_ref().map(|kept| kept.iter().map(json::pending).collect::<Vec<_>>()),
                "next": self.next,
            });
            json::text(&json!({ "error": error }))
        } else {
            let message = clean(&self.message.replace('\n', "; "));
            let kept = self.kept.iter().flatten();
            let kept = kept.map(|entry| format!("queued: {}  {}\n", summary(&entry.entry), clean(&entry.id)));
            let kept = kept.collect::<Vec<_>>().concat();
            format!(
                "error: {}\n{kept}next: {}",
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
            kept: None,
        }
    }
}

impl From<ApiError> for CommandError {
    fn from(error: ApiError) -> Self {
        Failure::from(error).into()
    }
}

impl From<OutboxError> for CommandError {
    fn from(error: OutboxError) -> Self {
        Self::storage(error.to_string()).advising(error.advice())
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
