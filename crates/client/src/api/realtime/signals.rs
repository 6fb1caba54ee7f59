//! Reasons to doubt that an open connection works, from outside.

use std::future::pending;

use tokio::sync::watch;

use crate::http::Overdue;

/// What makes a connection doubtful.
#[derive(Debug)]
pub(super) struct Signals {
    /// The computer or its network came back.
    pub(super) wakes: watch::Receiver<u64>,
    /// A request has had no response in time, or such a request has ended.
    pub(super) overdue: watch::Receiver<Overdue>,
    /// The overdue requests that were signalled.
    pub(super) known: u64,
}

/// What was signalled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// The computer or its network came back.
    Woken,
    /// A request has had no response in time.
    Overdue,
    /// An overdue request has ended.
    Ended,
}

impl Signals {
    /// Forgets what was signalled before.
    pub(super) fn clear(&mut self) {
        self.wakes.mark_unchanged();
        self.known = self.overdue.borrow_and_update().total;
    }

    /// Whether a request waits for its response for too long.
    pub(super) fn is_unanswered(&self) -> bool {
        self.overdue.borrow().unanswered > 0
    }

    /// The next signal.
    pub(super) async fn next(&mut self) -> Signal {
        tokio::select! {
            Ok(()) = self.wakes.changed() => Signal::Woken,
            Ok(()) = self.overdue.changed() => {
                let total = self.overdue.borrow_and_update().total;
                if std::mem::replace(&mut self.known, total) < total {
                    Signal::Overdue
                } else {
                    Signal::Ended
                }
            }
            // Nothing signals any more.
            else => pending().await,
        }
    }
}
