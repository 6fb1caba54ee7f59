//! Test doubles: DynamoDB, the publisher, and the stream.

mod announcements;
mod dynamodb;
mod records;
mod request;

use std::time::Duration;

use caltrack_aggregator::{
    Amounts, BatchOutcome, Settings, UserAggregate, process_batch, record::SequenceNumber,
};
use serde_json::Value;

pub(crate) use announcements::{Announcements, unavailable};
pub(crate) use dynamodb::{Dynamo, Fault, Refusal};
pub(crate) use records::{
    DAY, EVE, ME, NOW, Stream, YOU, event_id, meal, sequence, tombstone, with, with_text, without,
};
pub(crate) use request::Key;

/// The aggregator with its surroundings.
pub(crate) struct Bench {
    pub(crate) store: Dynamo,
    pub(crate) publisher: Announcements,
    settings: Settings,
}

impl Bench {
    /// Pauses last no time, and three tries must do.
    pub(crate) fn new() -> Self {
        Self {
            store: Dynamo::default(),
            publisher: Announcements::default(),
            settings: Settings {
                attempts: 3,
                first_pause: Duration::ZERO,
                longest_pause: Duration::ZERO,
                ..Settings::default()
            },
        }
    }

    /// Gives a batch to the aggregator.
    pub(crate) async fn give(&self, records: &[Value]) -> BatchOutcome {
        let outcome = process_batch(records, &self.store, Some(&self.publisher), &self.settings, NOW).await;
        assert_eq!(outcome.records, records.len());
        assert!(
            outcome.failures.is_sorted_by(|left, right| left < right),
            "ascending, each once"
        );
        outcome
    }

    /// Gives a batch with which nothing must go wrong.
    pub(crate) async fn give_well(&self, records: &[Value]) -> BatchOutcome {
        let outcome = self.give(records).await;
        assert_eq!(
            (&outcome.failures, &outcome.poison, &outcome.errors),
            (&vec![], &vec![], &vec![])
        );
        outcome
    }
}

/// The lowest sequence number that a batch reports.
pub(crate) fn lowest(outcome: &BatchOutcome) -> Option<&str> {
    outcome.lowest_failure().map(SequenceNumber::as_str)
}

/// The totals of a row that has them all.
pub(crate) fn amounts(day: &UserAggregate) -> Amounts {
    Amounts {
        consumed: day.calories_consumed,
        burned: day.calories_burned,
        entries: day.entries.unwrap(),
        digest: day.digest.unwrap(),
        protein: day.protein.unwrap(),
        fat: day.fat.unwrap(),
        carbohydrate: day.carbohydrate.unwrap(),
    }
}
