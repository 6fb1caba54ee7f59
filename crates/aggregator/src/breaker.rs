//! A circuit breaker for the API: while publishing fails, it sends few requests and doesn't delay booking.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use async_trait::async_trait;

use crate::{PublishError, Publisher, UserAggregate};

/// Failures in a row that open the breaker.
pub const MAX_FAILURES: u32 = 3;
/// An open breaker lets one publish through after this time, the probe; its success closes the breaker.
pub const PROBE_AFTER: Duration = Duration::from_secs(5);

/// The wall clock. Lambda freezes a process between invocations, and a monotonic clock may stop meanwhile.
type Clock = Box<dyn Fn() -> SystemTime + Send + Sync>;

/// A publisher behind a circuit breaker. It belongs to the process and so outlives a batch: an API that failed in the last
/// batch is not tried again by the next one before [`PROBE_AFTER`].
///
/// [`PublishError::Throttled`], [`PublishError::Unavailable`] and a publish that is dropped before its answer count as failures.
/// [`PublishError::Refused`] is an answer to one total and closes the breaker, as a success does.
pub struct CircuitBreaker<P> {
    publisher: P,
    clock: Clock,
    state: Mutex<BreakerState>,
}

#[derive(Debug, Default)]
struct BreakerState {
    failures: u32,
    /// When it opened, or when the last probe began.
    opened: Option<SystemTime>,
}

impl<P> CircuitBreaker<P> {
    /// A closed breaker that uses the system's clock.
    pub fn new(publisher: P) -> Self {
        Self::with_clock(publisher, SystemTime::now)
    }

    /// A closed breaker with a clock of its own.
    pub fn with_clock(publisher: P, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self {
            publisher,
            clock: Box::new(clock),
            state: Mutex::default(),
        }
    }

    /// The publisher behind it.
    pub fn inner(&self) -> &P {
        &self.publisher
    }

    fn state(&self) -> MutexGuard<'_, BreakerState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the next probe is not due yet. If the clock was set back, it is due at once.
    fn waits_since(&self, opened: SystemTime) -> bool {
        (self.clock)()
            .duration_since(opened)
            .is_ok_and(|open| open < PROBE_AFTER)
    }

    /// Permits a publish, or returns `None`.
    fn admit(&self) -> Option<Attempt<'_, P>> {
        let mut state = self.state();
        if let Some(opened) = state.opened {
            if self.waits_since(opened) {
                return None;
            }
            // The probe: the others wait for its answer.
            state.opened = Some((self.clock)());
        }
        Some(Attempt {
            breaker: self,
            succeeded: false,
        })
    }
}

impl<P: fmt::Debug> fmt::Debug for CircuitBreaker<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CircuitBreaker")
            .field("publisher", &self.publisher)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// A permitted publish. Dropping it records its outcome, also where its future is dropped at a deadline.
struct Attempt<'a, P> {
    breaker: &'a CircuitBreaker<P>,
    succeeded: bool,
}

impl<P> Drop for Attempt<'_, P> {
    fn drop(&mut self) {
        let mut state = self.breaker.state();
        if self.succeeded {
            *state = BreakerState::default();
            return;
        }
        state.failures = state.failures.saturating_add(1);
        if state.failures >= MAX_FAILURES {
            state.opened = Some((self.breaker.clock)());
        }
    }
}

#[async_trait]
impl<P: Publisher> Publisher for CircuitBreaker<P> {
    async fn publish(&self, totals: &UserAggregate) -> Result<(), PublishError> {
        let mut attempt = self.admit().ok_or(PublishError::Suspended)?;
        let published = self.publisher.publish(totals).await;
        attempt.succeeded = matches!(published, Ok(()) | Err(PublishError::Refused(_)));
        published
    }

    fn is_suspended(&self) -> bool {
        self.state().opened.is_some_and(|opened| self.waits_since(opened))
    }
}
