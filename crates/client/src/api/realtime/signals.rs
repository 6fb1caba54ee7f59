//! Reasons to doubt that an open connection works, from outside.

use std::future::pending;

use tokio::sync::watch;

/// What makes a connection doubtful.
#[derive(Debug)]
pub(super) struct Signals {
    /// The computer or its network came back.
    pub(super) wakes: watch::Receiver<u64>,
    /// A request has had no response in time.
    pub(super) overdue: watch::Receiver<u64>,
}

impl Signals {
    /// Forgets what was signalled before.
    pub(super) fn clear(&mut self) {
        self.wakes.mark_unchanged();
        self.overdue.mark_unchanged();
    }

    /// Completes at the next signal.
    pub(super) async fn next(&mut self) {
        tokio::select! {
            Ok(()) = self.wakes.changed() => {}
            Ok(()) = self.overdue.changed() => {}
            // Nothing signals any more.
            else => pending().await,
        }
    }
}
