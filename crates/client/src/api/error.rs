//! What can go wrong between this program and its backend, in words for the person at the screen.

use super::Silence;

/// A failed call to the backend.
///
/// Texts that come from a server have lost their control characters and are cut to a readable length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// No session, or one the user pool no longer honours: signing in again helps.
    #[error("not signed in{}", suffix(.0))]
    SignedOut(String),
    /// The backend knows the caller and refuses this call; or the password is wrong.
    #[error("not allowed: {0}")]
    Unauthorized(String),
    /// There is no such row, or it is not the caller's.
    #[error("{0}")]
    NotFound(String),
    /// The row was edited since it was read. Holds the backend's message, which is not shown.
    #[error("changed elsewhere meanwhile")]
    Conflict(String),
    /// The id of a new entry is another account's.
    #[error("this id is taken")]
    IdTaken,
    /// The entry was deleted; its id can't be used again. Holds the backend's words, which say the same and are not shown.
    #[error("this entry was deleted")]
    Deleted(String),
    /// The backend refused the values.
    #[error("{0}")]
    Rejected(String),
    /// The user exists but hasn't been confirmed by its code yet.
    #[error("the account waits for its confirmation code")]
    NotConfirmed,
    /// The user pool asks for a step of signing in that this program can't take.
    #[error("signing in needs `{0}`, which is not supported yet")]
    Challenge(String),
    /// No answer: the request may or may not have arrived. Repeating it by the same id is safe.
    #[error("the backend can't be reached: {0}")]
    Unreachable(String),
    /// The backend's process accepts requests and doesn't respond, for example because it was stopped. It may execute
    /// them once it continues.
    #[error("{}", .0.message)]
    Silent(Silence),
    /// The backend is overloaded or failing; trying later helps.
    #[error("the backend is busy: {0}")]
    Busy(String),
    /// The disk is full, the backend's or that of the session file. Nothing of the request was written, and a repeat fails until
    /// there is room.
    #[error("the disk is full; nothing was written")]
    DiskFull,
    /// The backend can't read or write its files: a damaged database, a failing disk.
    #[error("the backend can't use its files ({0})")]
    Files(String),
    /// The backend understood the request and failed to execute it; a retry would fail as well.
    #[error("the backend failed: {0}")]
    Failed(String),
    /// Too many wrong passwords were tried for this name: even the right one is refused for some seconds, at most a quarter of
    /// an hour.
    #[error("too many wrong passwords were tried for this account, and it has to wait")]
    Locked,
    /// Signing in failed while the clocks differ by too much; the backend's is ahead by so many seconds.
    #[error("this computer's clock is {} the backend's, too far for signing in", offset(*.0))]
    Clock(i64),
    /// The backend answered something that isn't its protocol.
    #[error("the backend's answer makes no sense: {0}")]
    Protocol(String),
    /// The session file can't be read or written.
    #[error("the session can't be kept: {0}")]
    Storage(String),
}

impl ApiError {
    /// The kind as scripts see it (`error.kind` of `--json`).
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::SignedOut(_) => "signed_out",
            Self::Unauthorized(_) => "unauthorized",
            Self::NotFound(_) | Self::Deleted(_) => "not_found",
            Self::Conflict(_) | Self::IdTaken => "conflict",
            Self::Rejected(_) | Self::NotConfirmed | Self::Challenge(_) | Self::Clock(_) => "rejected",
            Self::Unreachable(_) | Self::Silent(_) => "unreachable",
            Self::Busy(_) | Self::Locked => "busy",
            Self::Storage(_) | Self::DiskFull | Self::Files(_) => "storage",
            Self::Protocol(_) | Self::Failed(_) => "internal",
        }
    }

    /// What a failure of the box's disk or files means, by the box's words. AWS has no such failures.
    pub(crate) fn of_disk(text: &str) -> Option<Self> {
        /// `SQLite`'s words (`sqlite3ErrStr`) for `SQLITE_CORRUPT`, `SQLITE_NOTADB`, `SQLITE_IOERR` and `SQLITE_READONLY`.
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

    /// Whether the same call can succeed later without anybody doing anything.
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

/// In whole units, from the seconds that the other clock is ahead.
fn offset(ahead: i64) -> String {
    let seconds = ahead.unsigned_abs();
    let side = if ahead > 0 { "behind" } else { "ahead of" };
    match seconds {
        ..7_200 => format!("{} minutes {side}", seconds / 60),
        7_200..172_800 => format!("{} hours {side}", seconds / 3_600),
        172_800.. => format!("{} days {side}", seconds / 86_400),
    }
}

/// The longest text of a server's that is shown, in characters.
const MAX_SHOWN: usize = 300;

/// A server's text that is safe to show: one line of limited length, without invisible characters.
pub(crate) fn shown(text: &str) -> String {
    caltrack_domain::clean(text).chars().take(MAX_SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_escape_sequences_never_reach_the_screen() {
        assert_eq!(shown("a\u{1b}[31mb\nc\u{202e}d"), "a[31mb cd");
    }

    #[test]
    fn every_error_has_one_of_the_contracts_kinds() {
        assert_eq!(ApiError::SignedOut(String::new()).kind(), "signed_out");
        assert_eq!(ApiError::SignedOut(String::new()).to_string(), "not signed in");
        assert!(ApiError::Busy(String::new()).is_transient());
        assert!(!ApiError::Conflict(String::new()).is_transient());
    }

    #[test]
    fn the_boxs_disk_is_told_from_everything_else() {
        let of = ApiError::of_disk;
        assert_eq!(
            of("The disk is full. Nothing of this was written. Make room, then try again."),
            Some(ApiError::DiskFull)
        );
        assert_eq!(of("backend: database or disk is full"), Some(ApiError::DiskFull));
        for words in ["database disk image is malformed", "disk I/O error"] {
            let error = of(&format!("Internal error: {words}")).unwrap();
            assert_eq!(error.kind(), "storage");
            assert!(
                error.to_string().to_lowercase().contains(&words.to_lowercase()),
                "{error}"
            );
        }
        assert_eq!(of("The conditional request failed"), None);
    }

    /// The backend's message says the same as ours.
    #[test]
    fn a_message_says_a_thing_once() {
        let conflict =
            ApiError::Conflict("This entry was changed meanwhile; fetch it and try again.".to_owned());
        assert_eq!(conflict.to_string(), "changed elsewhere meanwhile");
        let deleted = ApiError::Deleted("This entry was deleted; its id can not be used again.".to_owned());
        assert_eq!(deleted.to_string(), "this entry was deleted");
    }
}
