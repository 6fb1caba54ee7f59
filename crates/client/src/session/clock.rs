//! The server's clock, by which signatures are dated.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime},
};

use reqwest::header::HeaderMap;

use crate::http::clock_skew;

/// Smaller differences in seconds are not corrected: AWS accepts signatures that are five minutes off, and the dates of
/// responses have full seconds.
const MIN_CORRECTION: u64 = 30;

/// The correction of this computer's clock, measured by the dates of responses. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct ServerClock {
    /// Seconds by which the server's clock is ahead; 0 if they agree.
    ahead: Arc<AtomicI64>,
}

impl ServerClock {
    /// Measures the server's clock by a response; returns whether that changed the correction.
    pub(crate) fn observe(&self, headers: &HeaderMap) -> bool {
        clock_skew(headers).is_some_and(|skew| self.correct(skew))
    }

    pub(crate) fn correct(&self, skew: i64) -> bool {
        let correction = if skew.unsigned_abs() < MIN_CORRECTION {
            0
        } else {
            skew
        };
        let before = self.ahead.swap(correction, Ordering::Relaxed);
        before.abs_diff(correction) >= MIN_CORRECTION
    }

    /// Seconds that are added to this computer's clock.
    pub(crate) fn correction(&self) -> i64 {
        self.ahead.load(Ordering::Relaxed)
    }

    /// The server's time.
    pub(crate) fn now(&self) -> SystemTime {
        let here = SystemTime::now();
        let correction = self.correction();
        let distance = Duration::from_secs(correction.unsigned_abs());
        let there = if correction < 0 {
            here.checked_sub(distance)
        } else {
            here.checked_add(distance)
        };
        there.unwrap_or(here)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_far_off_is_corrected_and_a_small_difference_is_not() {
        let clock = ServerClock::default();
        assert!(!clock.correct(5) && clock.correction() == 0);
        assert!(clock.correct(-3_600));
        assert!(!clock.correct(-3_601), "the same correction");
        let behind = SystemTime::now().duration_since(clock.now()).unwrap();
        assert!(behind.as_secs().abs_diff(3_601) < 60, "{behind:?}");
        assert!(clock.correct(0) && clock.correction() == 0, "the clock was set");
    }
}
