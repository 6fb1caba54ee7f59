//! Between what the API says and what the core understands.

use crate::{
    app::{Account, ChangeKind, Connection, Day, Failure, FailureKind, Message, Target},
    embedded::{AccountProblem, EmbeddedError},
};
use caltrack_client::api::{self, ApiError, ConnectionState, RealtimeEvent};

/// What to do where the disk is full.
const MAKE_ROOM: &str = "make room, then try again";

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        let kind = match &error {
            ApiError::SignedOut(_) => FailureKind::SignedOut,
            ApiError::Unauthorized(_) => FailureKind::Unauthorized,
            ApiError::NotFound(_) | ApiError::Deleted(_) => FailureKind::NotFound,
            ApiError::Conflict(_) | ApiError::IdTaken => FailureKind::Conflict,
            ApiError::Rejected(_) | ApiError::NotConfirmed | ApiError::Challenge(_) | ApiError::Clock(_) => {
                FailureKind::Rejected
            }
            ApiError::Unreachable(_) | ApiError::Silent(_) => FailureKind::Unreachable,
            ApiError::Busy(_) | ApiError::Locked => FailureKind::Busy,
            ApiError::Storage(_) | ApiError::DiskFull | ApiError::Files(_) => FailureKind::Storage,
            ApiError::Protocol(_) | ApiError::Failed(_) => FailureKind::Internal,
        };
        let next = match &error {
            ApiError::NotConfirmed => "confirm it by `confirm USER CODE`; without CODE, another one is sent",
            ApiError::Silent(silence) => &silence.next,
            ApiError::Locked => "wait, a quarter of an hour at most, then try again",
            ApiError::Clock(_) => "set this computer's clock, or have it set (NTP), then sign in again",
            ApiError::DiskFull => MAKE_ROOM,
            ApiError::Files(_) => {
                "restore the data directory's `backend` from a backup where it is damaged, or look at the disk"
            }
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
            EmbeddedError::DiskFull(_) => (text.as_str(), MAKE_ROOM),
            EmbeddedError::Start { advice, .. } => (text.as_str(), advice.as_str()),
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
            EmbeddedError::Held(_) | EmbeddedError::Port { .. } => FailureKind::Busy,
            EmbeddedError::Directory(_)
            | EmbeddedError::DiskFull(_)
            | EmbeddedError::Start { .. }
            | EmbeddedError::Socket { .. } => FailureKind::Storage,
        };
        Self {
            next: next.trim_end_matches('.').to_owned(),
            ..Self::new(kind, message)
        }
    }
}

impl From<AccountProblem> for Failure {
    fn from(problem: AccountProblem) -> Self {
        let kind = match problem {
            AccountProblem::Api(ApiError::Locked) => FailureKind::Busy,
            AccountProblem::Api(error) => return error.into(),
            AccountProblem::PasswordLost(_) => FailureKind::Unauthorized,
            AccountProblem::File { .. } | AccountProblem::Damaged(_) | AccountProblem::NoCode(_) => {
                FailureKind::Storage
            }
        };
        Self {
            next: problem.advice(),
            ..Self::new(kind, problem.to_string())
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
