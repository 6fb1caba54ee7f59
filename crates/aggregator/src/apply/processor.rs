//! The store, the limits and the retries that booking and publishing of a batch share.

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use tokio::{sync::OnceCell, time::Instant};

use super::settings::Settings;
use crate::{Store, StoreError, fold::Part};

/// Processes the days of one batch.
pub(super) struct BatchProcessor<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) settings: &'a Settings,
    pub(super) now: i64,
    /// Whether the table has the keys of a table of totals; checked once, and only after it refused a transaction.
    pub(super) table: OnceCell<bool>,
}

impl BatchProcessor<'_> {
    /// A call to the store that is abandoned at the deadline.
    pub(super) async fn in_time<T>(
        deadline: Option<Instant>,
        call: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        match deadline {
            None => call.await,
            Some(deadline) => tokio::time::timeout_at(deadline, call).await.unwrap_or_else(|_| {
                Err(StoreError::Unavailable(
                    "no response in the time that was left".to_owned(),
                ))
            }),
        }
    }

    /// The longest pauses between the attempts at one transaction or read.
    pub(super) fn pauses(&self) -> ExponentialBackoff {
        let Settings {
            attempts,
            first_pause,
            longest_pause,
            ..
        } = self.settings;
        ExponentialBuilder::new()
            .with_min_delay(*first_pause)
            .with_max_delay(*longest_pause)
            .with_max_times(attempts.saturating_sub(1) as usize)
            .build()
    }

    /// Waits before the next attempt. Returns `false` if there is none: all attempts were made, or the deadline would
    /// pass.
    ///
    /// Full jitter: a random pause between zero and the longest, so that concurrent writers don't collide again. Source:
    /// AWS Architecture Blog, "Exponential Backoff And Jitter".
    pub(super) async fn pause(pauses: &mut ExponentialBackoff, deadline: Option<Instant>) -> bool {
        let Some(longest) = pauses.next() else {
            return false;
        };
        let end = Instant::now() + longest.mul_f64(rand::random());
        if deadline.is_some_and(|deadline| end >= deadline) {
            return false;
        }
        tokio::time::sleep_until(end).await;
        true
    }

    /// Parts of records that are younger than the grace of a failed publish.
    pub(super) fn young(&self, parts: &[Part]) -> Vec<Part> {
        let grace = i64::try_from(self.settings.publish_grace.as_secs()).unwrap_or(i64::MAX);
        let is_young = |part: &&Part| {
            part.created
                .is_some_and(|created| self.now.saturating_sub(created) < grace)
        };
        parts.iter().filter(is_young).cloned().collect()
    }
}
