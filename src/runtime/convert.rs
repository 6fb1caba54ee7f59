//! Between the API's types and the core's, failures included.

use crate::{
    app::{Connection, Failure, Message, Target},
    embedded::{AccountProblem, EmbeddedError},
};
use caltrack_client::api::{ApiError, ConnectionState, RealtimeEvent};
use caltrack_domain::Profile;

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self {
            next: error.advice().unwrap_or_default().to_owned(),
            ..Self::new(error.kind(), error.to_string())
        }
    }
}

impl From<EmbeddedError> for Failure {
    fn from(error: EmbeddedError) -> Self {
        Self {
            next: error.advice(),
            ..Self::new(error.kind(), error.to_string())
        }
    }
}

impl From<AccountProblem> for Failure {
    fn from(problem: AccountProblem) -> Self {
        Self {
            next: problem.advice(),
            ..Self::new(problem.kind(), problem.to_string())
        }
    }
}

/// What the budget follows from; the default if there is no profile yet.
pub(crate) fn target(profile: Option<&Profile>) -> Target {
    profile.map_or_else(Target::default, |profile| Target {
        kcal: profile.target,
        count_exercise: profile.count_exercise,
    })
}

/// A live event as a message of the core; `sub` is the subscriber's.
pub(super) fn message(event: RealtimeEvent, sub: &str) -> Message {
    match event {
        RealtimeEvent::Connection(state) => Message::Connection(match state {
            ConnectionState::Connecting => Connection::Connecting,
            ConnectionState::Live => Connection::Live,
            ConnectionState::Polling => Connection::Polling,
            ConnectionState::Offline => Connection::Offline { reason: None },
        }),
        RealtimeEvent::Activity(kind, activity) => Message::LiveActivity(kind, activity),
        RealtimeEvent::Totals(totals) => Message::LiveTotals {
            sub: sub.to_owned(),
            totals,
        },
        RealtimeEvent::PollTick => Message::PollTick,
        RealtimeEvent::Notice(text) => Message::Notice(text),
    }
}
