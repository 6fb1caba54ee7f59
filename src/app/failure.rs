//! Failures, in words for the user.

pub use caltrack_domain::FailureKind;

/// A failed effect, without what was kept: the core adds that when it shows the failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The kind of failure.
    pub kind: FailureKind,
    /// What happened, one sentence without its full stop.
    pub message: String,
    /// What to do next; empty where the kind's own advice applies.
    pub next: String,
}

impl Failure {
    /// A failure with its kind's own advice. A full stop at the message's end is removed, since more text follows it.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        let mut message = message.into();
        message.truncate(message.trim_end_matches('.').len());
        Self {
            kind,
            message,
            next: String::new(),
        }
    }

    /// What to do next where typed text failed and is still there.
    /// `confirm` is the key that sends it again.
    pub fn advice_on_typed(&self, confirm: &str) -> String {
        if !self.next.is_empty() {
            return self.next.clone();
        }
        match self.kind {
            FailureKind::Value | FailureKind::Ask | FailureKind::Rejected => {
                format!("change it and press {confirm}")
            }
            FailureKind::Conflict => format!("check its values, then press {confirm}"),
            FailureKind::Usage
            | FailureKind::NotFound
            | FailureKind::Unauthorized
            | FailureKind::SignedOut
            | FailureKind::Unreachable
            | FailureKind::Busy
            | FailureKind::Storage
            | FailureKind::Internal => self.advice().to_owned(),
        }
    }

    /// What to do next where nothing was typed. It names no key, which would do something else by now.
    pub fn advice(&self) -> &str {
        if !self.next.is_empty() {
            return &self.next;
        }
        match self.kind {
            FailureKind::Usage | FailureKind::Value | FailureKind::Ask | FailureKind::Rejected => {
                "run `caltrack-tui doctor` to check the setup"
            }
            FailureKind::NotFound => "check the list; it may have been deleted elsewhere",
            FailureKind::Unauthorized => "check the user name and the password",
            FailureKind::SignedOut => "sign in again",
            FailureKind::Unreachable | FailureKind::Busy => "try again in a moment",
            FailureKind::Conflict => "check its values, then try again",
            FailureKind::Storage => "run `caltrack-tui doctor`",
            FailureKind::Internal => "try again; the log file has details",
        }
    }
}
