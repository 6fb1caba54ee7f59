//! When a connection that sends nothing is probed by a ping, and when it is dead.

use std::time::Duration;

use tokio::time::Instant;

/// The interval of keep-alives of AppSync and of the box.
///
/// Source: AWS AppSync developer guide, "Building a real-time WebSocket client" (`ka`).
const KEEP_ALIVE: Duration = Duration::from_mins(1);
/// A working server answers a ping within this time.
const PONG_TIME: Duration = Duration::from_secs(10);
/// Most servers answer a ping within this time: after that, the connection isn't called live.
const PROMPT_PONG: Duration = Duration::from_secs(2);
/// A silence that is probed: with the time for the answer, two keep-alives.
const DOUBTFUL: Duration = KEEP_ALIVE.saturating_mul(2).saturating_sub(PONG_TIME);

/// The next step for a connection that keeps silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A ping is due.
    Probe,
    /// The ping was not answered promptly.
    Report,
    /// The connection is dead.
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Probe {
    None,
    Sent(Instant),
    Reported(Instant),
}

/// What is known of a connection by the frames that arrive. Any frame answers a ping.
#[derive(Debug)]
pub(super) struct Liveness {
    /// The server's limit of a silence.
    silence: Duration,
    heard: Instant,
    probe: Probe,
}

impl Liveness {
    pub(super) fn new(silence: Duration) -> Self {
        Self {
            silence,
            heard: Instant::now(),
            probe: Probe::None,
        }
    }

    /// The next step, and when it is due.
    pub(super) fn next(&self) -> (Step, Instant) {
        let (step, due) = match self.probe {
            Probe::None => (Step::Probe, self.heard + DOUBTFUL),
            Probe::Sent(at) => (Step::Report, at + PROMPT_PONG),
            Probe::Reported(at) => (Step::End, at + PONG_TIME),
        };
        let end = self.heard + self.silence;
        if end < due { (Step::End, end) } else { (step, due) }
    }

    /// Notes a frame. Returns whether a doubt that was reported is over.
    pub(super) fn heard(&mut self) -> bool {
        self.heard = Instant::now();
        matches!(
            std::mem::replace(&mut self.probe, Probe::None),
            Probe::Reported(_)
        )
    }

    /// Whether no doubt was reported.
    pub(super) fn is_trusted(&self) -> bool {
        !matches!(self.probe, Probe::Reported(_))
    }

    /// Notes a doubt. Returns whether a ping is to be sent: there may be one already.
    pub(super) fn doubt(&mut self) -> bool {
        let is_new = self.probe == Probe::None;
        if is_new {
            self.probe = Probe::Sent(Instant::now());
        }
        is_new
    }

    pub(super) fn reported(&mut self) {
        if let Probe::Sent(at) = self.probe {
            self.probe = Probe::Reported(at);
        }
    }
}
