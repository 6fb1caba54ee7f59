//! How far the function is behind its stream, by CloudWatch.
//!
//! Source: CloudWatch API, `GetMetricStatistics`, in its JSON 1.0 protocol; Lambda guide, metric `IteratorAge`.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::aws::{Aws, AwsRequest};

const ANSWER_TIME: Duration = Duration::from_secs(10);
/// Limit of the iterator age for repairs: such a backlog is processed between two readings. Normal are some hundred ms.
pub const MOST: Duration = Duration::from_mins(1);
/// A record that is in flight at both readings looks like a drift, so the readings are further apart than the function may be
/// behind: [`MOST`], and a minute for CloudWatch's delay.
pub const LEAST_WAIT: Duration = Duration::from_mins(2);

/// Whether `wait` seconds are enough for all records in flight at one reading to be booked before the next.
pub fn is_long_enough(wait: i64) -> bool {
    u64::try_from(wait).is_ok_and(|wait| wait >= LEAST_WAIT.as_secs())
}

/// The iterator age of the last minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Age of the oldest record that the function received.
    Behind(Duration),
    /// The function received no record: nothing was written, or its mapping is disabled.
    Unknown,
}

/// The greatest iterator age of `function` over the `minutes` before `now`.
///
/// # Errors
///
/// A text if CloudWatch can't be reached or rejects the request.
pub async fn ask(
    aws: &Aws,
    endpoint: &str,
    function: &str,
    minutes: u32,
    now: Timestamp,
) -> Result<Age, String> {
    let url = format!("{}/", endpoint.trim_end_matches('/'));
    let headers = [
        ("content-type", "application/x-amz-json-1.0"),
        (
            "x-amz-target",
            "GraniteServiceVersion20100801.GetMetricStatistics",
        ),
    ];
    let call = AwsRequest {
        service: "monitoring",
        url: &url,
        headers: &headers,
        time: ANSWER_TIME,
    };
    let end = now.as_second();
    let request = json!({
        "Namespace": "AWS/Lambda",
        "MetricName": "IteratorAge",
        "Dimensions": [{ "Name": "FunctionName", "Value": function }],
        "StartTime": end - i64::from(minutes) * 60,
        "EndTime": end,
        "Period": 60,
        "Statistics": ["Maximum"],
    });
    let answer = aws
        .post(call, request.to_string().into_bytes())
        .await
        .map_err(|error| error.to_string())?;
    if answer.status != 200 {
        return Err(format!(
            "HTTP {} {}: {}",
            answer.status,
            answer.kind(),
            answer.message()
        ));
    }
    Ok(greatest_age(&answer.body))
}

fn greatest_age(body: &Value) -> Age {
    let points = body.get("Datapoints").and_then(Value::as_array);
    let ages = points
        .into_iter()
        .flatten()
        .filter_map(|point| point.get("Maximum")?.as_f64());
    ages.reduce(f64::max).map_or(Age::Unknown, |milliseconds| {
        Age::Behind(Duration::from_secs_f64((milliseconds / 1000.0).clamp(0.0, 1e9)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_readings_are_further_apart_than_the_function_may_be_behind() {
        let behind = i64::try_from(MOST.as_secs()).unwrap();
        for wait in [-1, 0, behind, behind + 59] {
            assert!(!is_long_enough(wait), "{wait} s");
        }
        assert!(is_long_enough(2 * behind) && is_long_enough(600));
    }

    #[test]
    fn the_oldest_of_all_minutes_counts_and_silence_is_not_zero() {
        let points =
            json!({ "Datapoints": [{ "Maximum": 120.0 }, { "Maximum": 65_000.0 }, { "Maximum": 3.5 }] });
        assert_eq!(greatest_age(&points), Age::Behind(Duration::from_secs(65)));
        assert_eq!(greatest_age(&json!({ "Datapoints": [] })), Age::Unknown);
        assert_eq!(greatest_age(&json!({})), Age::Unknown);
    }
}
