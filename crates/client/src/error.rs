//! Failures between this program and its backend, worded for its user.

use caltrack_domain::{FailureKind, clean, shortened};

use crate::http::Silence;

/// A failed call to the backend.
///
/// Texts from a server are without control characters and cut to a readable length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// No session, or one that the user pool no longer accepts: signing in again helps.
    #[error("not signed in{}", suffix(.0))]
    SignedOut(String),
    /// The backend denies this user the call; or the password is wrong.
    #[error("not allowed: {0}")]
    Unauthorized(String),
    /// There is no such row, or it belongs to another user.
    #[error("{0}")]
    NotFound(String),
    /// The row was edited since it was read. Contains the backend's message, which is not shown.
    #[error("changed elsewhere meanwhile")]
    Conflict(String),
    /// The id of a new entry belongs to another account.
    #[error("this id is taken")]
    IdTaken,
    /// The entry was deleted; its id can't be used again. Contains the backend's message, which is not shown.
    #[error("this entry was deleted")]
    Deleted(String),
    /// The backend rejected the values.
    #[error("{0}")]
    Rejected(String),
    /// The user hasn't been confirmed by the code yet.
    #[error("the account isn't confirmed yet")]
    NotConfirmed,
    /// The user pool requires a challenge that this program doesn't support.
    #[error("signing in needs `{0}`, which is not supported yet")]
    Challenge(String),
    /// No response: the request may or may not have arrived. Retrying it with the same id is safe.
    #[error("the backend can't be reached: {0}")]
    Unreachable(String),
    /// The backend's process accepts requests and doesn't respond, for example because it was stopped. It may execute
    /// them once it continues.
    #[error("{}", .0.message)]
    Silent(Silence),
    /// The backend is overloaded or failing; retrying later helps.
    #[error("the backend is busy: {0}")]
    Busy(String),
    /// The disk of the backend or of the session file is full. Nothing of the request was written, and retries fail
    /// until there is room.
    #[error("the disk is full; nothing was written")]
    DiskFull,
    /// The backend can't read or write its files: a damaged database, a failing disk.
    #[error("the backend can't use its files ({0})")]
    Files(String),
    /// The backend accepted the request and failed to execute it; a retry would fail as well.
    #[error("the backend failed: {0}")]
    Failed(String),
    /// Too many wrong passwords for this user: even the right one is rejected for some seconds, at most 15 minutes.
    #[error("too many wrong passwords for this account; it is locked for a while")]
    Locked,
    /// Signing in failed because the clocks differ by too much; the backend's is ahead by this many seconds.
    #[error("this computer's clock is {} the backend's, too far for signing in", offset(*.0))]
    Clock(i64),
    /// The response isn't of the backend's protocol.
    #[error("the backend's response is invalid: {0}")]
    Protocol(String),
    /// The session file can't be read or written.
    #[error("the session can't be stored: {0}")]
    Storage(String),
}

impl ApiError {
    /// The kind of failure.
    pub const fn kind(&self) -> FailureKind {
        match self {
            Self::SignedOut(_) => FailureKind::SignedOut,
            Self::Unauthorized(_) => FailureKind::Unauthorized,
            Self::NotFound(_) | Self::Deleted(_) => FailureKind::NotFound,
            Self::Conflict(_) | Self::IdTaken => FailureKind::Conflict,
            Self::Rejected(_) | Self::NotConfirmed | Self::Challenge(_) | Self::Clock(_) => {
                FailureKind::Rejected
            }
            Self::Unreachable(_) | Self::Silent(_) => FailureKind::Unreachable,
            Self::Busy(_) | Self::Locked => FailureKind::Busy,
            Self::Storage(_) | Self::DiskFull | Self::Files(_) => FailureKind::Storage,
            Self::Protocol(_) | Self::Failed(_) => FailureKind::Internal,
        }
    }

    /// What to do next, where there is better advice than that of the kind.
    pub fn advice(&self) -> Option<&str> {
        match self {
            Self::NotConfirmed => Some("confirm it by `confirm USER CODE`; without CODE, a new code is sent"),
            Self::Silent(silence) => Some(&silence.next),
            Self::Locked => Some("wait, at most 15 minutes, then try again"),
            Self::Clock(_) => Some("set this computer's clock, or let NTP set it, then sign in again"),
            Self::DiskFull => Some(MAKE_ROOM),
            Self::Files(_) => Some(
                "restore the data directory's `backend` from a backup if it is damaged, or check the disk",
            ),
            _ => None,
        }
    }

    /// The failure of the box's disk or files that a message reports, if it does. AWS has no such failures.
    pub(crate) fn disk_failure(text: &str) -> Option<Self> {
        /// `SQLite`'s messages (`sqlite3ErrStr`) of `SQLITE_CORRUPT`, `SQLITE_NOTADB`, `SQLITE_IOERR` and `SQLITE_READONLY`.
        const BROKEN: [&str; 4] = [
            "database disk image is malformed",
            "file is not a database",
            "disk i/o error",
            "attempt to write a readonly database",
        ];
        let lower = text.to_ascii_lowercase();
        if ["disk is full", "no space left on device", "quota exceeded"]
            .iter()
            .any(|words| lower.contains(words))
        {
            return Some(Self::DiskFull);
        }
        let words = BROKEN.iter().find(|words| lower.contains(**words))?;
        Some(Self::Files((*words).to_owned()))
    }

    /// Whether the same call may succeed later by itself.
    pub const fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Unreachable(_) | Self::Silent(_) | Self::Busy(_) | Self::Locked
        )
    }
}

fn suffix(detail: &str) -> String {
    if detail.is_empty() {
        String::new()
    } else {
        format!(": {detail}")
    }
}

/// The advice where a disk is full.
pub const MAKE_ROOM: &str = "make room, then try again";

/// `2 hours behind`, from the seconds by which the other clock is ahead.
fn offset(ahead: i64) -> String {
    let seconds = ahead.unsigned_abs();
    let side = if ahead > 0 { "behind" } else { "ahead of" };
    match seconds {
        ..7_200 => format!("{} minutes {side}", seconds / 60),
        7_200..172_800 => format!("{} hours {side}", seconds / 3_600),
        172_800.. => format!("{} days {side}", seconds / 86_400),
    }
}

/// Characters of a server's text that are shown.
const MAX_SHOWN: usize = 300;

/// A server's text that is safe to show: one line of limited length, without invisible characters.
pub(crate) fn shown(text: &str) -> String {
    shortened(&clean(text), MAX_SHOWN)
}

/// Asserts what [`shown`] promises of a text that may contain a server's, or a few of them.
#[cfg(test)]
pub(crate) fn assert_is_shown(text: &str) {
    assert_eq!(clean(text), text, "{}", text.escape_debug());
    assert!(text.chars().count() <= 3 * MAX_SHOWN, "{} characters", text.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_of_a_server_are_removed() {
        assert_eq!(shown("a\u{1b}[31mb\nc\u{202e}d"), "a[31mb cd");
    }

    #[test]
    fn an_error_without_detail_ends_without_a_colon() {
        assert_eq!(ApiError::SignedOut(String::new()).to_string(), "not signed in");
        assert!(ApiError::Busy(String::new()).is_transient());
        assert!(!ApiError::Conflict(String::new()).is_transient());
    }

    #[test]
    fn failures_of_the_boxs_disk_are_recognised() {
        let of = ApiError::disk_failure;
        assert_eq!(
            of("The disk is full. Nothing of this was written. Make room, then try again."),
            Some(ApiError::DiskFull)
        );
        assert_eq!(of("backend: database or disk is full"), Some(ApiError::DiskFull));
        for words in ["database disk image is malformed", "disk I/O error"] {
            let error = of(&format!("Internal error: {words}")).unwrap();
            assert_eq!(error.kind(), FailureKind::Storage);
            assert!(
                error.to_string().to_lowercase().contains(&words.to_lowercase()),
                "{error}"
            );
        }
        assert_eq!(of("The conditional request failed"), None);
    }

    #[test]
    fn the_backends_message_is_not_shown_beside_an_equal_one_of_the_client() {
        let conflict =
            ApiError::Conflict("This entry was changed meanwhile; fetch it and try again.".to_owned());
        assert_eq!(conflict.to_string(), "changed elsewhere meanwhile");
        let deleted = ApiError::Deleted("This entry was deleted; its id can not be used again.".to_owned());
        assert_eq!(deleted.to_string(), "this entry was deleted");
    }
}
