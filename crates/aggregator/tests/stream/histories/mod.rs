//! Random histories of entries, delivered as a stream may deliver them, through a store and a publisher that fail: what
//! is booked in the end equals the table, and is published.

mod delivery;
mod writes;

use std::collections::BTreeMap;

use caltrack_aggregator::{StoreError, recount};
use futures_util::future;
use proptest::{collection::vec, prelude::*};
use serde_json::Value;

use crate::support::{Bench, Key, amounts, event_id, lowest, sequence, unavailable};
use delivery::{Delivery, delivery};
use writes::{StoredTotals, Totals, Write, Written, live, not_zero, sum, write};

/// Gives a batch until nothing in it fails, each time from the lowest failure on. Returns how many publishes were abandoned.
async fn deliver(bench: &Bench, mut batch: Vec<Written>, refused: Option<&str>, most_tries: usize) -> usize {
    let mut abandoned = 0;
    for _ in 0..=most_tries {
        let records: Vec<Value> = batch.iter().map(|written| written.record.clone()).collect();
        let outcome = bench.give(&records).await;
        abandoned += outcome.publish_abandoned;
        let not_refused = |record: &Value| refused != Some(event_id(record));
        let unreadable = batch
            .iter()
            .filter(|written| not_refused(&written.record) && written.unreadable);
        let handed_over = outcome.poison.iter().filter(|poison| not_refused(&poison.record));
        assert_eq!(
            handed_over.count(),
            unreadable.count(),
            "what can't be read is handed over, each once"
        );
        let number = |text: &str| text.parse::<u128>().unwrap();
        let Some(lowest) = lowest(&outcome).map(number) else {
            return abandoned;
        };
        batch.retain(|written| number(sequence(&written.record)) >= lowest);
        assert!(!batch.is_empty(), "a failure that is not of this batch");
    }
    panic!("a batch fails for ever");
}

async fn check(writes: &[(usize, Write)], delivery: &Delivery) {
    let (records, table) = live(writes);
    let bench = Bench::new();
    bench.store.fail(delivery.faults.clone());
    bench.store.fail_reads(
        delivery
            .reads
            .iter()
            .map(|fails| fails.then(|| StoreError::Unavailable("no answer".into()))),
    );
    let publications = delivery.publications.iter();
    bench
        .publisher
        .fail(publications.map(|fails| fails.then(unavailable)));
    let refused = delivery
        .refused
        .filter(|_| !records.is_empty())
        .map(|(which, refusal)| (which.index(records.len()), refusal))
        .map(|(which, refusal)| (event_id(&records[which].record), refusal));
    if let Some((event, refusal)) = refused {
        bench.store.refuse(event, refusal);
    }
    let refused = refused.map(|(event, _)| event);

    let mut abandoned = 0;
    let at_once = if delivery.in_parallel { 2 } else { 1 };
    for batches in delivery.batches(&records).chunks(at_once) {
        let workers = batches
            .iter()
            .map(|batch| deliver(&bench, batch.clone(), refused, delivery.most_faults()));
        abandoned += future::join_all(workers).await.into_iter().sum::<usize>();
    }

    let there = sum(table.iter().filter_map(StoredTotals::adds));
    assert_eq!(
        recount(table.iter().map(|stored| &stored.item)),
        there,
        "the recount itself"
    );
    let booked: Vec<&Totals> = records
        .iter()
        .filter(|written| refused != Some(event_id(&written.record)))
        .map(|written| &written.effects)
        .collect();
    let expected = sum(booked
        .iter()
        .copied()
        .flatten()
        .map(|(key, effect)| (key.clone(), *effect)));
    if refused.is_none() {
        assert_eq!(
            not_zero(expected.clone()),
            there,
            "the stream has the whole history"
        );
    }
    let days = bench.store.days();
    let totals: Totals = days
        .iter()
        .map(|(key, day)| (key.clone(), amounts(day)))
        .collect();
    assert_eq!(totals, expected, "each effect once");

    let effects = booked.iter().map(|effects| effects.len()).sum::<usize>();
    assert_eq!(
        bench.store.markers().len(),
        effects,
        "a marker for each event and day"
    );
    let versions: BTreeMap<Key, i64> = days.iter().map(|(key, day)| (key.clone(), day.version)).collect();
    assert_eq!(versions, bench.store.commits(), "a version for each commit");
    let picture = bench.publisher.picture();
    let outdated = days.iter().filter(|(key, day)| picture.get(*key) != Some(day));
    assert!(outdated.count() <= abandoned, "what isn't published is counted");
    if !delivery.publishing_fails() {
        assert_eq!(picture, days, "every total is published");
    }
    if delivery.in_parallel {
        bench.publisher.assert_one_truth_per_version();
    } else {
        bench.publisher.assert_versions_never_fall();
    }
}

proptest! {
    #[test]
    fn whatever_is_written_and_however_it_is_delivered_each_effect_is_booked_once(
        writes in vec((0_usize..4, write()), 0..24),
        delivery in delivery(),
    ) {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap()
            .block_on(check(&writes, &delivery));
    }
}
