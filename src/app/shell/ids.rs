//! Ids of new entries: UUIDs of version 7, made from the time and a seed, so that the core stays a function of its input.

use jiff::Timestamp;
use rand::{RngCore, SeedableRng, rngs::StdRng};

/// Mints ids. Two programs never share a seed, so their ids never meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ids(StdRng);

impl Ids {
    /// Starts from fresh random bytes.
    pub(super) fn new(seed: [u8; 32]) -> Self {
        Self(StdRng::from_seed(seed))
    }

    pub(super) fn mint(&mut self, now: Timestamp) -> String {
        let mut random = [0; 10];
        self.0.fill_bytes(&mut random);
        let millis = u64::try_from(now.as_millisecond()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random)
            .into_uuid()
            .to_string()
    }
}
