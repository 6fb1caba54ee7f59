//! When the next frame may be painted.

use std::time::Duration;

use tokio::time::Instant;

/// The time between frames of an endless series of changes: what an eye can follow.
const INTERVAL: Duration = Duration::from_millis(16);
/// So many frames may follow each other at once after a rest. What a key causes takes several: the line closes, the
/// entry is queued, acknowledged, counted.
const BURST: u32 = 4;

/// Limits the rate of frames, except of those that follow a key. A frame costs an interval, up to a burst of which may be
/// owed.
#[derive(Debug)]
pub(super) struct Pace {
    /// When everything that was painted is paid for.
    paid: Instant,
    /// A key was pressed since the last frame.
    hurried: bool,
}

impl Pace {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            paid: now,
            hurried: false,
        }
    }

    /// Keys take effect at once: the next frame is due now.
    pub(super) fn hurry(&mut self) {
        self.hurried = true;
    }

    /// A frame was painted.
    pub(super) fn painted(&mut self, now: Instant) {
        if !std::mem::take(&mut self.hurried) {
            self.paid = self.paid.max(now) + INTERVAL;
        }
    }

    /// When the next frame may be painted; `None` for now.
    pub(super) fn due(&self) -> Option<Instant> {
        (!self.hurried).then(|| self.paid.checked_sub(INTERVAL * (BURST - 1)))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How long the next frame has to wait.
    fn wait(pace: &Pace, now: Instant) -> Duration {
        pace.due()
            .map_or(Duration::ZERO, |due| due.saturating_duration_since(now))
    }

    #[test]
    fn a_burst_is_painted_at_once_and_an_endless_series_at_the_interval() {
        let mut now = Instant::now();
        let mut pace = Pace::new(now);
        for _ in 0..BURST {
            assert_eq!(wait(&pace, now), Duration::ZERO);
            pace.painted(now);
        }
        for _ in 0..3 {
            assert_eq!(wait(&pace, now), INTERVAL);
            now += INTERVAL;
            pace.painted(now);
        }
        now += INTERVAL * BURST;
        assert_eq!(wait(&pace, now), Duration::ZERO, "after a rest");
    }

    #[test]
    fn a_key_is_never_delayed_and_delays_no_other_frame() {
        let now = Instant::now();
        let mut pace = Pace::new(now);
        for _ in 0..BURST {
            pace.painted(now);
        }
        for _ in 0..100 {
            pace.hurry();
            assert_eq!(wait(&pace, now), Duration::ZERO);
            pace.painted(now);
        }
        assert_eq!(wait(&pace, now), INTERVAL);
        let mut pace = Pace::new(now);
        pace.hurry();
        pace.painted(now);
        for _ in 0..BURST {
            assert_eq!(wait(&pace, now), Duration::ZERO);
            pace.painted(now);
        }
    }
}
