//! A clock that only the test advances.

use std::time::Duration;

use caltrack_client::sync::Clock;
use futures_util::{FutureExt as _, future::BoxFuture};
use jiff::Timestamp;
use tokio::sync::watch;

/// Noon of the log's last day, at first.
#[derive(Debug)]
pub(crate) struct ManualClock(watch::Sender<Timestamp>);

impl ManualClock {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new("2026-11-23T12:00:00Z".parse().unwrap()))
    }

    /// Wakes every sleeper whose time has come.
    pub(crate) fn advance(&self, time: Duration) {
        self.0.send_modify(|now| *now += time);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'static, ()> {
        let mut now = self.0.subscribe();
        let end = *now.borrow() + time;
        async move {
            // An error means that the test has ended.
            let _ = now.wait_for(|now| *now >= end).await;
        }
        .boxed()
    }
}
