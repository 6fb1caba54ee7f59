//! Between the API's types and the core's, failures included.

use crate::{
    app::{Connection, CopyState, DayChange, DayCopy, Failure, FailureKind, Message, Progress},
    embedded::{AccountProblem, EmbeddedError},
};
use caltrack_client::{
    api::{ApiError, ConnectionState},
    outbox::OutboxError,
    replica,
    sync::{self, Report},
};

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self {
            next: error.advice().unwrap_or_default().to_owned(),
            ..Self::new(error.kind(), error.to_string())
        }
    }
}

impl From<OutboxError> for Failure {
    fn from(error: OutboxError) -> Self {
        Self {
            next: error.advice().to_owned(),
            ..Self::new(FailureKind::Storage, error.to_string())
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

/// A report of sync as a message of the core.
pub(super) fn message(report: Report) -> Message {
    match report {
        Report::Day { sub, day } => Message::Day {
            sub,
            day: day_copy(day),
        },
        Report::Changed { sub, date, change } => Message::DayChanged {
            sub,
            date,
            change: match change {
                sync::DayChange::Put(activity) => DayChange::Put(activity),
                sync::DayChange::Removed(id) => DayChange::Removed(id),
                sync::DayChange::Standing { totals, state } => DayChange::Standing {
                    totals,
                    state: copy_state(state),
                },
            },
        },
        Report::AllTotals { sub, days } => Message::AllTotals { sub, days },
        Report::Totals { sub, totals } => Message::Totals { sub, totals },
        Report::Answered { sub, date } => Message::DayAnswered { sub, date },
        Report::DayFailed { sub, date, error } => Message::DayFailed {
            sub,
            date,
            failure: error.into(),
        },
        Report::User { rev } => Message::UserChanged { rev },
        Report::Connection(state, reason) => Message::Connection(match state {
            ConnectionState::Connecting => Connection::Connecting,
            ConnectionState::Live => Connection::Live,
            ConnectionState::Polling => Connection::Polling,
            ConnectionState::Offline => Connection::Offline { reason },
        }),
        Report::Progress(progress) => Message::SyncProgress(progress.map(|progress| Progress {
            done: progress.done,
            total: progress.total,
        })),
        Report::Notice(text) => Message::Notice(text),
        Report::SignedOut(error) => Message::SignedOut {
            reason: Some(error.into()),
        },
    }
}

/// A day of the replica as the core knows it.
pub(super) fn day_copy(day: replica::DayCopy) -> DayCopy {
    DayCopy {
        date: day.date,
        entries: day.entries,
        totals: day.totals,
        state: copy_state(day.state),
    }
}

const fn copy_state(state: replica::CopyState) -> CopyState {
    match state {
        replica::CopyState::Absent => CopyState::Absent,
        // A backend without digests can't prove more.
        replica::CopyState::Complete | replica::CopyState::Unproven => CopyState::Complete,
        replica::CopyState::Differs => CopyState::Differs,
        replica::CopyState::Unverified => CopyState::Unverified,
    }
}
