//! How long to wait before trying again.

use std::time::Duration;

use rand::Rng;

/// Full-jitter exponential back-off: each wait is drawn between nothing and a ceiling that doubles, so that many clients of one
/// recovering backend don't come back at once.
#[derive(Debug, Clone)]
pub(crate) struct Backoff {
    first: Duration,
    highest: Duration,
    ceiling: Duration,
}

impl Backoff {
    /// A back-off whose ceiling starts at `first` and grows to `highest`.
    pub(crate) const fn new(first: Duration, highest: Duration) -> Self {
        Self {
            first,
            highest,
            ceiling: first,
        }
    }

    /// The next wait.
    pub(crate) fn next_wait(&mut self) -> Duration {
        let ceiling = self.ceiling;
        self.ceiling = ceiling.saturating_mul(2).min(self.highest);
        rand::rng().random_range(Duration::ZERO..=ceiling)
    }

    /// Starts over, after something worked.
    pub(crate) const fn reset(&mut self) {
        self.ceiling = self.first;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_stay_under_a_ceiling_that_doubles_up_to_its_limit() {
        let (first, highest) = (Duration::from_millis(10), Duration::from_millis(50));
        let mut backoff = Backoff::new(first, highest);
        for ceiling in [10, 20, 40, 50, 50] {
            assert_eq!(backoff.ceiling, Duration::from_millis(ceiling));
            assert!(backoff.next_wait() <= Duration::from_millis(ceiling));
        }
        backoff.reset();
        assert_eq!(backoff.ceiling, first);
    }
}
