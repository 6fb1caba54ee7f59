//! How often, how soon and for how long a request is retried.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};

use crate::error::ApiError;

/// Time limit of a request and its retries: long enough for one full attempt and a short one, short enough for a user
/// who waits.
const TOTAL_TIME: Duration = Duration::from_secs(45);

/// The retries of one kind of backend.
#[derive(Debug, Clone)]
pub(crate) struct RetryPolicy {
    delays: ExponentialBuilder,
    /// Limit of all attempts and the delays between them together.
    pub(crate) total: Duration,
}

impl RetryPolicy {
    /// For a backend on a socket file: another program takes over as its host within moments, and a retry costs nothing.
    pub(crate) fn for_socket() -> Self {
        Self {
            delays: exponential(Duration::from_millis(20), Duration::from_millis(250)).with_max_times(12),
            total: TOTAL_TIME,
        }
    }

    /// For a backend behind a network.
    pub(crate) fn for_network() -> Self {
        Self {
            delays: exponential(Duration::from_millis(200), Duration::from_secs(3)).with_max_times(3),
            total: TOTAL_TIME,
        }
    }

    /// For callers with a schedule of their own: one attempt.
    pub(crate) fn single() -> Self {
        Self {
            delays: ExponentialBuilder::new().with_max_times(0),
            total: TOTAL_TIME,
        }
    }

    /// The delay before each retry; ends where no more retries are allowed.
    pub(crate) fn delays(&self) -> impl Iterator<Item = Duration> + Send + use<> {
        self.delays.build()
    }

    /// The error of a call whose attempts together took longer than [`RetryPolicy::total`].
    pub(crate) fn timed_out(&self) -> ApiError {
        ApiError::Unreachable(format!("no response within {} s", self.total.as_secs()))
    }
}

/// Delays that never end: the first one is at most `first`, later ones at most `highest`.
pub(crate) fn delays_for_ever(first: Duration, highest: Duration) -> impl Iterator<Item = Duration> + Send {
    exponential(first, highest).without_max_times().build()
}

/// Delays that double, each drawn between half and all of the present limit, so that many clients of one recovering
/// backend don't return at once.
///
/// Source: "Exponential Backoff And Jitter", AWS Architecture Blog ("equal jitter").
fn exponential(first: Duration, highest: Duration) -> ExponentialBuilder {
    // The library adds up to the delay itself.
    ExponentialBuilder::new()
        .with_min_delay(first / 2)
        .with_max_delay(highest / 2)
        .with_jitter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_stay_under_a_limit_that_doubles_up_to_the_highest() {
        let (first, highest) = (Duration::from_millis(10), Duration::from_millis(50));
        let limits = [10, 20, 40, 50, 50].map(Duration::from_millis);
        for (delay, limit) in delays_for_ever(first, highest).zip(limits) {
            assert!(limit / 2 <= delay && delay <= limit, "{delay:?} of {limit:?}");
        }
    }

    #[test]
    fn retries_are_counted() {
        assert_eq!(RetryPolicy::for_network().delays().count(), 3);
        assert_eq!(RetryPolicy::for_socket().delays().count(), 12);
        assert_eq!(RetryPolicy::single().delays().count(), 0);
    }
}
