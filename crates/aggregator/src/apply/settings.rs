//! Limits of retries, time and concurrency.

use std::time::Duration;

use tokio::time::Instant;

use crate::AGGREGATE_TABLE;

/// Limits of retries, time and concurrency.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The table of totals and markers.
    pub table: String,
    /// Attempts at one transaction or read after conflicts, throttling or no response.
    pub attempts: u32,
    /// The first pause is up to this long, and each further one up to twice the last (full jitter).
    pub first_pause: Duration,
    /// Upper limit of a pause.
    pub longest_pause: Duration,
    /// A publish that may succeed later fails its records only while they are younger than this.
    pub publish_grace: Duration,
    /// Publishing takes at most this long for each hundred days of a batch, including publishes under way, so that a
    /// slow or unresponsive API doesn't delay the next batch. The remaining days stay unpublished.
    pub publish_time: Duration,
    /// Days of users that are processed concurrently.
    pub concurrency: usize,
    /// Deadline: work that isn't finished fails, which leaves time to report it.
    pub until: Option<Instant>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            table: AGGREGATE_TABLE.to_owned(),
            attempts: 8,
            first_pause: Duration::from_millis(25),
            longest_pause: Duration::from_secs(1),
            publish_grace: Duration::from_mins(1),
            publish_time: Duration::from_secs(5),
            concurrency: 8,
            until: None,
        }
    }
}
