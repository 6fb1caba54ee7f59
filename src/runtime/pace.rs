//! When the next frame may be painted.

use std::time::Duration;

use tokio::time::Instant;

/// The time between frames of an endless series of changes.
const INTERVAL: Duration = Duration::from_millis(4);
/// So many frames may follow each other at once after a rest: an entry of another program takes several.
const BURST: u32 = 4;
/// How long a key has effects: the line closes, the entry is queued, acknowledged and counted.
const ECHO: Duration = Duration::from_millis(100);

/// Limits the rate of frames, except of those that a key may have caused. A frame costs an interval, up to a burst of which
/// may be owed.
#[derive(Debug)]
pub(super) struct Pace {
    /// When everything that was painted is paid for.
    paid: Instant,
    /// Until when frames may be effects of a key.
    echoes: Instant,
}

impl Pace {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            paid: now,
            echoes: now,
        }
    }

    /// A key was pressed: it takes effect at once.
    pub(super) fn hurry(&mut self, now: Instant) {
        self.echoes = now + ECHO;
    }

    /// A frame was painted.
    pub(super) fn painted(&mut self, now: Instant) {
        if now >= self.echoes {
            self.paid = self.paid.max(now) + INTERVAL;
        }
    }

    /// When the next frame may be painted; `None` for now.
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        (now >= self.echoes).then(|| self.paid.checked_sub(INTERVAL * (BURST - 1)))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How long the next frame has to wait.
    fn wait(pace: &Pace, now: Instant) -> Duration {
        pace.due(now)
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
    fn what_a_key_causes_is_never_delayed_and_delays_no_other_frame() {
        let mut now = Instant::now();
        let mut pace = Pace::new(now);
        for _ in 0..BURST {
            pace.painted(now);
        }
        pace.hurry(now);
        for _ in 0..100 {
            assert_eq!(wait(&pace, now), Duration::ZERO);
            pace.painted(now);
        }
        now += ECHO;
        for _ in 0..BURST {
            assert_eq!(wait(&pace, now), Duration::ZERO);
            pace.painted(now);
        }
        assert_eq!(wait(&pace, now), INTERVAL);
    }
}
