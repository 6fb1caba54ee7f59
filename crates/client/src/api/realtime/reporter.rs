//! Reports of the live connection to its receiver.

use std::time::Duration;

use tokio::{
    sync::mpsc::Sender,
    time::{Instant, sleep_until},
};

use crate::api::model::{ConnectionState, RealtimeEvent};

/// Time between two poll ticks while there is no connection; each tick costs one query.
const POLL_INTERVAL: Duration = Duration::from_secs(15);

/// The receiver of the events is gone.
#[derive(Debug)]
pub(super) struct ReceiverGone;

/// Sends events to the receiver, without repeating a state or a notice.
pub(super) struct Reporter<'a> {
    events: &'a Sender<RealtimeEvent>,
    state: Option<ConnectionState>,
    last_poll: Instant,
    last_notice: Option<String>,
}

impl<'a> Reporter<'a> {
    pub(super) fn new(events: &'a Sender<RealtimeEvent>) -> Self {
        Self {
            events,
            state: None,
            last_poll: Instant::now(),
            last_notice: None,
        }
    }

    /// Reports the first attempt to connect; further attempts after a failure would make the badge flicker.
    pub(super) async fn connecting(&mut self) -> Result<(), ReceiverGone> {
        match self.state {
            Some(ConnectionState::Offline | ConnectionState::Polling | ConnectionState::Connecting) => Ok(()),
            Some(ConnectionState::Live) | None => self.state(ConnectionState::Connecting).await,
        }
    }

    pub(super) async fn state(&mut self, state: ConnectionState) -> Result<(), ReceiverGone> {
        if self.state == Some(state) {
            return Ok(());
        }
        self.state = Some(state);
        self.last_poll = Instant::now();
        self.send(RealtimeEvent::Connection(state)).await
    }

    /// Waits, and sends a poll tick whenever one is due. The change to the state `Polling` counts as a tick.
    pub(super) async fn poll_for(&mut self, wait: Duration) -> Result<(), ReceiverGone> {
        let end = Instant::now() + wait;
        loop {
            let due = self.last_poll + POLL_INTERVAL;
            if due <= Instant::now() {
                self.last_poll = Instant::now();
                self.send(RealtimeEvent::PollTick).await?;
            }
            if end <= Instant::now() {
                return Ok(());
            }
            sleep_until(end.min(due.max(Instant::now()))).await;
        }
    }

    pub(super) async fn event(&mut self, event: RealtimeEvent) -> Result<(), ReceiverGone> {
        if let RealtimeEvent::Notice(text) = &event {
            if self.last_notice.as_ref() == Some(text) {
                return Ok(());
            }
            self.last_notice = Some(text.clone());
        }
        self.send(event).await
    }

    async fn send(&self, event: RealtimeEvent) -> Result<(), ReceiverGone> {
        self.events.send(event).await.map_err(|_| ReceiverGone)
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    /// Attempts to connect take their time and follow each other at any pace.
    #[tokio::test(start_paused = true)]
    async fn poll_ticks_come_every_15_seconds_whatever_the_pace_of_attempts() {
        let (sender, mut events) = mpsc::channel(64);
        let mut reporter = Reporter::new(&sender);
        reporter.state(ConnectionState::Polling).await.unwrap();
        let begun = Instant::now();
        for wait in [1, 2, 4, 8, 16, 60] {
            reporter.poll_for(Duration::from_secs(wait)).await.unwrap();
            // A failed attempt.
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        let passed = begun.elapsed().as_secs();
        let mut ticks = 0;
        while let Ok(event) = events.try_recv() {
            ticks += u64::from(event == RealtimeEvent::PollTick);
        }
        assert!(
            (passed / 16..=passed / 15).contains(&ticks),
            "{ticks} in {passed} s"
        );
    }
}
