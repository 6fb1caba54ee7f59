//! The log of an invocation: one line of figures, and a line for each kind of failure.
//!
//! Nothing here is of a person: event ids, sequence numbers, counts, and errors' kinds.

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::failure_queue::place_of;
use crate::{BatchOutcome, Poison};

/// Where CloudWatch files the metrics.
const NAMESPACE: &str = "CalTrack/Aggregator";
/// CloudWatch takes at most this many values of one metric in a line.
const MAX_VALUES: usize = 100;

/// The figures in CloudWatch's Embedded Metric Format. More latencies than one line takes go into further lines.
///
/// Source: CloudWatch guide, "Specification: Embedded metric format".
pub(super) fn metrics(
    function: &str,
    outcome: &BatchOutcome,
    kept: usize,
    latencies: &[Duration],
    took: Duration,
    now: Timestamp,
) -> Vec<Value> {
    let counts = [
        ("Records", outcome.records),
        ("Folded", outcome.days),
        ("Applied", outcome.applied),
        ("Duplicates", outcome.duplicates),
        ("Failures", outcome.failures.len() + kept),
        ("Poison", outcome.poison.len()),
        ("Published", outcome.published),
        ("PublishAbandoned", outcome.publish_abandoned),
    ];
    let mut units: Vec<(&str, &str)> = counts.iter().map(|(name, _)| (*name, "Count")).collect();
    units.push(("Duration", "Milliseconds"));
    let mut values: Map<String, Value> = counts
        .iter()
        .map(|(name, count)| ((*name).to_owned(), json!(count)))
        .collect();
    values.insert("Duration".to_owned(), milliseconds(took));
    let mut lines = Vec::new();
    for chunk in std::iter::once(latencies.get(..MAX_VALUES).unwrap_or(latencies))
        .chain(latencies.get(MAX_VALUES..).unwrap_or_default().chunks(MAX_VALUES))
    {
        if !chunk.is_empty() {
            units.push(("PublishLatency", "Milliseconds"));
            let chunk = chunk.iter().copied().map(milliseconds).collect();
            values.insert("PublishLatency".to_owned(), chunk);
        }
        lines.push(line(
            function,
            &std::mem::take(&mut units),
            std::mem::take(&mut values),
            now,
        ));
    }
    lines
}

fn line(function: &str, units: &[(&str, &str)], mut values: Map<String, Value>, now: Timestamp) -> Value {
    let definitions: Vec<Value> = units
        .iter()
        .map(|(name, unit)| json!({ "Name": name, "Unit": unit }))
        .collect();
    values.insert("FunctionName".to_owned(), json!(function));
    values.insert("level".to_owned(), json!("INFO"));
    values.insert(
        "_aws".to_owned(),
        json!({
            "Timestamp": now.as_millisecond(),
            "CloudWatchMetrics": [{
                "Namespace": NAMESPACE,
                "Dimensions": [["FunctionName"]],
                "Metrics": definitions,
            }],
        }),
    );
    Value::Object(values)
}

/// Milliseconds with three decimals.
#[expect(clippy::cast_precision_loss, reason = "no call takes 285 years")]
fn milliseconds(duration: Duration) -> Value {
    json!(duration.as_micros() as f64 / 1000.0)
}

/// A line per kind of error, and one per record that was `due` for the failure queue, sent or not (`kept`).
pub(super) fn troubles(outcome: &BatchOutcome, due: &[&Poison], kept: &[(&Poison, String)]) -> Vec<Value> {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for error in &outcome.errors {
        *kinds.entry(error).or_default() += 1;
    }
    let mut lines: Vec<Value> = kinds
        .into_iter()
        .map(|(error, days)| {
            let level = if outcome.denied.is_some() { "ERROR" } else { "WARN" };
            json!({ "level": level, "message": error, "days": days })
        })
        .collect();
    if let Some(lowest) = outcome.lowest_failure() {
        lines.push(json!({
            "level": "WARN",
            "message": "records must be redelivered",
            "records": outcome.failures.len(),
            "lowest": lowest.as_str(),
        }));
    }
    for poison in due {
        let place = place_of(&poison.record);
        lines.push(match kept.iter().find(|(other, _)| std::ptr::eq(*other, *poison)) {
            None => json!({ "level": "ERROR", "message": "a record can't be booked and went to the failure queue", "record": place }),
            Some((_, why)) => json!({
                "level": "ERROR",
                "message": "a record can't be booked, nor sent to the failure queue",
                "record": place,
                "reason": why,
            }),
        });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome() -> BatchOutcome {
        BatchOutcome {
            records: 5,
            days: 2,
            applied: 3,
            duplicates: 1,
            published: 2,
            ..BatchOutcome::default()
        }
    }

    #[test]
    fn every_metric_that_is_declared_has_a_value_in_its_line() {
        let latencies = vec![Duration::from_micros(1500); 250];
        let lines = metrics(
            "f",
            &outcome(),
            0,
            &latencies,
            Duration::from_millis(9),
            Timestamp::UNIX_EPOCH,
        );
        assert_eq!(lines.len(), 3, "100, 100 and 50 latencies");
        let mut values = 0;
        for line in &lines {
            let declared = line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
                .as_array()
                .unwrap();
            assert!(!declared.is_empty());
            for metric in declared {
                assert!(
                    !line[metric["Name"].as_str().unwrap()].is_null(),
                    "{metric} in {line}"
                );
            }
            assert_eq!(line["FunctionName"], "f", "the dimension");
            let latencies = line["PublishLatency"].as_array().unwrap();
            assert!(latencies.len() <= 100);
            assert_eq!(latencies[0], 1.5);
            values += latencies.len();
        }
        assert_eq!(values, 250);
        assert_eq!(
            (&lines[0]["Records"], &lines[0]["Folded"]),
            (&json!(5), &json!(2))
        );
        assert!(lines[1]["Records"].is_null(), "counted once");
    }

    #[test]
    fn without_publishes_there_is_no_latency() {
        let lines = metrics("f", &outcome(), 0, &[], Duration::ZERO, Timestamp::UNIX_EPOCH);
        assert_eq!(lines.len(), 1);
        assert!(lines[0]["PublishLatency"].is_null());
        assert!(!lines[0]["_aws"].to_string().contains("PublishLatency"));
    }

    #[test]
    fn one_kind_of_error_is_one_line_however_many_days_it_met() {
        let outcome = BatchOutcome {
            errors: vec!["throttled".into(), "throttled".into(), "refused".into()],
            ..BatchOutcome::default()
        };
        let lines = troubles(&outcome, &[], &[]);
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert_eq!(
            (&lines[1]["message"], &lines[1]["days"]),
            (&json!("throttled"), &json!(2))
        );
    }
}
