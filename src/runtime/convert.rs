//! Between what the API says and what the core understands.

use crate::{
    api::{self, ApiError, ConnectionState, RealtimeEvent},
    app::{Account, ChangeKind, Connection, Day, Failure, FailureKind, Message, Target},
    embedded::{AccountProblem, EmbeddedError},
};

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        let kind = match &error {
            ApiError::SignedOut(_) => FailureKind::SignedOut,
            ApiError::Unauthorized(_) => FailureKind::Unauthorized,
            ApiError::NotFound(_) | ApiError::Deleted(_) => FailureKind::NotFound,
            ApiError::Conflict(_) => FailureKind::Conflict,
            ApiError::Rejected(_) | ApiError::NotConfirmed | ApiError::Challenge(_) => FailureKind::Rejected,
            ApiError::Unreachable(_) | ApiError::Silent(_) => FailureKind::Unreachable,
            ApiError::Busy(_) => FailureKind::Busy,
            ApiError::Storage(_) => FailureKind::Storage,
            ApiError::Protocol(_) => FailureKind::Internal,
        };
        let next = match &error {
            ApiError::NotConfirmed => "confirm it by `confirm USER CODE`; without CODE, another one is sent",
            ApiError::Silent(silence) => &silence.next,
            _ => "",
        };
        Self {
            next: next.to_owned(),
            ..Self::new(kind, error.to_string())
        }
    }
}

impl From<Day> for api::Day {
    fn from(day: Day) -> Self {
        Self {
            activities: day.activities,
            totals: day.totals,
            notice: day.notice,
        }
    }
}

impl From<EmbeddedError> for Failure {
    fn from(error: EmbeddedError) -> Self {
        let text = error.to_string();
        let advice = match &error {
            EmbeddedError::Silent(host) => host.advice(),
            _ => String::new(),
        };
        let (message, next) = match &error {
            EmbeddedError::Directory(problem) => (text.as_str(), problem.advice()),
            // Its last sentence says what to do.
            EmbeddedError::Start(_) => text.rsplit_once(". ").unwrap_or((&text, "")),
            EmbeddedError::Socket { .. } => (
                text.as_str(),
                "check that its directory can be written, or choose another --data-dir",
            ),
            EmbeddedError::Port { .. } => (text.as_str(), "choose another --listen"),
            EmbeddedError::Held(_) => (text.as_str(), "end that program, then try again"),
            EmbeddedError::Silent(_) => (text.as_str(), advice.as_str()),
            EmbeddedError::Ended => (text.as_str(), "start it again"),
        };
        let kind = match &error {
            EmbeddedError::Silent(_) | EmbeddedError::Ended => FailureKind::Unreachable,
            EmbeddedError::Held(_) => FailureKind::Busy,
            EmbeddedError::Port { .. } => FailureKind::Storage,
            EmbeddedError::Directory(_) | EmbeddedError::Start(_) | EmbeddedError::Socket { .. } => {
                FailureKind::Storage
            }
        };
        Self {
            next: next.trim_end_matches('.').to_owned(),
            ..Self::new(kind, message)
        }
    }
}

impl From<AccountProblem> for Failure {
    fn from(problem: AccountProblem) -> Self {
        let (kind, next) = match &problem {
            AccountProblem::Api(_) => (None, ""),
            AccountProblem::File { .. } => (Some(FailureKind::Storage), "make it usable, then try again"),
            AccountProblem::PasswordLost(_) => (
                Some(FailureKind::Unauthorized),
                "restore that file from a backup, or sign in by name and password",
            ),
            AccountProblem::NoCode(_) => (Some(FailureKind::Storage), "make it readable, then try again"),
        };
        match (problem, kind) {
            (AccountProblem::Api(error), _) => error.into(),
            (problem, kind) => Self {
                next: next.to_owned(),
                ..Self::new(kind.unwrap_or(FailureKind::Internal), problem.to_string())
            },
        }
    }
}

impl From<api::Account> for Account {
    fn from(account: api::Account) -> Self {
        Self {
            username: account.username,
            sub: account.sub,
        }
    }
}

impl From<api::Day> for Day {
    fn from(day: api::Day) -> Self {
        Self {
            activities: day.activities,
            totals: day.totals,
            notice: day.notice,
        }
    }
}

/// What the budget follows from; the default where there is no profile yet.
pub(crate) fn target(profile: Option<&api::Profile>) -> Target {
    profile.map_or_else(Target::default, |profile| Target {
        kcal: profile.target,
        count_exercise: profile.count_exercise,
    })
}

/// What a live event means to the core.
pub(super) fn message(event: RealtimeEvent, sub: &str) -> Message {
    match event {
        RealtimeEvent::Connection(state) => Message::Connection(match state {
            ConnectionState::Connecting => Connection::Connecting,
            ConnectionState::Live => Connection::Live,
            ConnectionState::Polling => Connection::Polling,
            ConnectionState::Offline => Connection::Offline { reason: None },
        }),
        RealtimeEvent::Activity(kind, activity) => {
            let kind = match kind {
                api::ChangeKind::Created => ChangeKind::Created,
                api::ChangeKind::Updated => ChangeKind::Updated,
                api::ChangeKind::Deleted => ChangeKind::Deleted,
            };
            Message::LiveActivity(kind, activity)
        }
        RealtimeEvent::Totals(totals) => Message::LiveTotals {
            sub: sub.to_owned(),
            totals,
        },
        RealtimeEvent::Look => Message::Look,
        RealtimeEvent::Notice(text) => Message::Notice(text),
    }
}
