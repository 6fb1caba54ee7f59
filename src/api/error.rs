//! What can go wrong between this program and its backend, in words for the person at the screen.

use super::Silence;

/// A failed call to the backend.
///
/// Texts that come from a server have lost their control characters and are cut to a readable length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
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
    /// Somebody edited the row since it was read.
    #[error("changed elsewhere meanwhile: {0}")]
    Conflict(String),
    /// The entry was deleted; its id can't be used again.
    #[error("this entry has been deleted{}", suffix(.0))]
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
    /// The process that is the backend takes requests and answers none, such as one that was stopped. What was sent may be done
    /// once it continues.
    #[error("{}", .0.message)]
    Silent(Silence),
    /// The backend is overloaded or failing; trying later helps.
    #[error("the backend is busy: {0}")]
    Busy(String),
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
            Self::Conflict(_) => "conflict",
            Self::Rejected(_) | Self::NotConfirmed | Self::Challenge(_) => "rejected",
            Self::Unreachable(_) | Self::Silent(_) => "unreachable",
            Self::Busy(_) => "busy",
            Self::Storage(_) => "storage",
            Self::Protocol(_) => "internal",
        }
    }

    /// Whether the same call can succeed later without anybody doing anything.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::Silent(_) | Self::Busy(_))
    }
}

fn suffix(detail: &str) -> String {
    if detail.is_empty() {
        String::new()
    } else {
        format!(": {detail}")
    }
}

/// The longest text of a server's that is shown, in characters.
const MAX_SHOWN: usize = 300;

/// A server's text as it may be shown: one line, no control or bidirectional-override characters, not endless.
pub(crate) fn shown(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .take(MAX_SHOWN)
        .collect()
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
}
