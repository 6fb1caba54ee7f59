//! The alarms. A metric or a dimension that doesn't exist is no error to CloudWatch: such an alarm never rings.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::cfn::{attribute, only_when, properties, read, reference, resources, template};

/// Namespace, metric and dimensions, as their services publish them.
///
/// Sources: Lambda guide, "Types of metrics for Lambda functions"; DynamoDB guide, "DynamoDB Metrics and dimensions"; AppSync guide,
/// "CloudWatch metrics"; SQS guide, "Available CloudWatch metrics".
type Metric = (&'static str, &'static str, Vec<(&'static str, Value)>);

fn of_function(metric: &'static str) -> Metric {
    let namespace = match metric {
        "Failures" | "PublishAbandoned" => "CalTrack/Aggregator",
        _ => "AWS/Lambda",
    };
    (namespace, metric, vec![("FunctionName", reference("Aggregator"))])
}

fn of_mapping(metric: &'static str) -> Metric {
    let mapping = ("EventSourceMappingUUID", reference("AggregatorStream"));
    ("AWS/Lambda", metric, vec![mapping])
}

fn of_table(metric: &'static str, table: &str) -> Metric {
    ("AWS/DynamoDB", metric, vec![("TableName", reference(table))])
}

/// Every table and index.
fn of_tables(metric: &'static str) -> Vec<Metric> {
    let index = |name: &str| {
        let (namespace, metric, mut dimensions) = of_table(metric, "ActivityTable");
        dimensions.push(("GlobalSecondaryIndexName", json!(name)));
        (namespace, metric, dimensions)
    };
    vec![
        of_table(metric, "UserTable"),
        of_table(metric, "ActivityTable"),
        index("userid-creationDateTime-index"),
        index("userid-date-index"),
        of_table(metric, "ActivityCategoryTable"),
        of_table(metric, "UserAggregateTable"),
    ]
}

/// An alarm's metrics, their statistic, and when it rings: above `threshold` in `ringing` of `periods` periods of `seconds`.
struct Expected {
    metrics: Vec<Metric>,
    statistic: &'static str,
    seconds: u32,
    ringing: u32,
    periods: u32,
    threshold: u32,
}

fn sum(metrics: Vec<Metric>, seconds: u32, ringing: u32, periods: u32) -> Expected {
    Expected {
        metrics,
        statistic: "Sum",
        seconds,
        ringing,
        periods,
        threshold: 0,
    }
}

fn expected(alarm: &str) -> Expected {
    match alarm {
        "IteratorAgeAlarm" => Expected {
            statistic: "Maximum",
            threshold: 60_000,
            ..sum(vec![of_function("IteratorAge")], 60, 5, 5)
        },
        "ErrorsAlarm" => sum(vec![of_function("Errors")], 300, 1, 1),
        "FailuresAlarm" => sum(vec![of_function("Failures")], 60, 3, 5),
        "PublishAbandonedAlarm" => sum(vec![of_function("PublishAbandoned")], 300, 1, 1),
        "ThrottlesAlarm" => sum(vec![of_function("Throttles")], 60, 3, 5),
        "FailedInvokesAlarm" => sum(vec![of_mapping("FailedInvokeEventCount")], 60, 3, 5),
        "DroppedEventsAlarm" => sum(vec![of_mapping("DroppedEventCount")], 300, 1, 1),
        "FailureQueueAlarm" => Expected {
            statistic: "Maximum",
            ..sum(
                vec![(
                    "AWS/SQS",
                    "ApproximateNumberOfMessagesVisible",
                    vec![("QueueName", attribute("AggregatorFailureQueue.QueueName"))],
                )],
                300,
                1,
                1,
            )
        },
        "WriteThrottlesAlarm" => sum(of_tables("WriteThrottleEvents"), 60, 3, 5),
        "ReadThrottlesAlarm" => sum(of_tables("ReadThrottleEvents"), 60, 3, 5),
        "HeartbeatAlarm" => sum(
            vec![
                of_table("ConsumedWriteCapacityUnits", "ActivityTable"),
                of_function("Invocations"),
            ],
            300,
            3,
            12,
        ),
        "ApiErrorsAlarm" => sum(
            vec![(
                "AWS/AppSync",
                "5XXError",
                vec![("GraphQLAPIId", attribute("Api.ApiId"))],
            )],
            300,
            2,
            3,
        ),
        other => panic!("{other} isn't expected"),
    }
}

/// A metric in a template's form.
fn to_json((namespace, metric, dimensions): &Metric) -> Value {
    let dimensions: Vec<Value> = dimensions
        .iter()
        .map(|(name, value)| json!({ "Name": name, "Value": value }))
        .collect();
    json!({ "Namespace": namespace, "MetricName": metric, "Dimensions": dimensions })
}

/// The metrics of an alarm with their period and statistic, and their ids in its expression.
fn watched(alarm: &Value) -> (Vec<Value>, Vec<String>) {
    let Some(queries) = alarm["Metrics"].as_array() else {
        let mut metric = json!({});
        for name in ["Namespace", "MetricName", "Dimensions"] {
            metric[name] = alarm[name].clone();
        }
        let seen = json!({ "Metric": metric, "Period": alarm["Period"], "Stat": alarm["Statistic"] });
        return (vec![seen], Vec::new());
    };
    let (result, metrics) = queries.split_first().unwrap();
    assert!(
        result["Expression"].is_string() && result.get("ReturnData").is_none(),
        "{result}"
    );
    assert!(metrics.len() <= 10, "CloudWatch takes ten metrics in an alarm");
    assert!(
        metrics.iter().all(|query| query["ReturnData"] == false),
        "{alarm}"
    );
    let ids = metrics
        .iter()
        .map(|query| query["Id"].as_str().unwrap().to_owned());
    let seen = metrics.iter().map(|query| query["MetricStat"].clone());
    (seen.collect(), ids.collect())
}

#[test]
fn every_alarm_watches_existing_metrics_and_notifies_the_topic_when_it_begins_and_ends() {
    let mut seen = BTreeSet::new();
    for name in ["dynamodb-lambda", "appsync-api", "caltrack"] {
        let template = template(name);
        for (alarm, found) in resources(&template, "AWS::CloudWatch::Alarm") {
            let of = format!("{alarm} of {name}");
            let expected = expected(&alarm);
            let metrics: Vec<Value> = expected
                .metrics
                .iter()
                .map(|metric| json!({ "Metric": to_json(metric), "Period": expected.seconds, "Stat": expected.statistic }))
                .collect();
            assert_eq!(watched(&found).0, metrics, "{of}");
            let ringing = found
                .get("DatapointsToAlarm")
                .unwrap_or(&found["EvaluationPeriods"]);
            assert_eq!(ringing, &json!(expected.ringing), "{of}");
            assert_eq!(found["EvaluationPeriods"], expected.periods, "{of}");
            assert!(expected.seconds * expected.periods <= 86_400, "{of}");
            assert_eq!(found["Threshold"], expected.threshold, "{of}");
            assert_eq!(found["ComparisonOperator"], "GreaterThanThreshold", "{of}");
            assert_eq!(found["TreatMissingData"], "notBreaching", "{of}");
            let topic = only_when("HasAlarmTopic", &json!([reference("AlarmTopicArn")]));
            assert_eq!(found["AlarmActions"], topic, "{of}");
            assert_eq!(found["OKActions"], topic, "{of}");
            seen.insert(alarm);
        }
        assert_eq!(
            template["Outputs"]["AlarmsNotify"]["Value"],
            json!({ "Fn::If": ["HasAlarmTopic", reference("AlarmTopicArn"), "none: set AlarmTopicArn"] }),
            "{name}"
        );
    }
    assert_eq!(seen.len(), 12, "{seen:?}");
    let joined = resources(&template("caltrack"), "AWS::CloudWatch::Alarm");
    assert_eq!(joined.len(), 12, "caltrack.yaml has all of them");
}

/// CloudWatch extracts the function's own metrics from its log.
#[test]
fn the_functions_own_metrics_are_logged_under_these_names() {
    let report = read("crates/aggregator/src/lambda/report.rs");
    for text in [
        "\"CalTrack/Aggregator\"",
        "(\"Failures\", ",
        "(\"PublishAbandoned\", ",
        "[[\"FunctionName\"]]",
    ] {
        assert!(report.contains(text), "{text}");
    }
}

/// DynamoDB publishes no throttles while there are none, and an alarm on its metrics keeps its state then: without `FILL` it never ends.
#[test]
fn missing_throttle_metrics_count_as_zero() {
    let template = template("dynamodb-lambda");
    for alarm in ["WriteThrottlesAlarm", "ReadThrottlesAlarm"] {
        let alarm = properties(&template, alarm);
        let (_, ids) = watched(&alarm);
        let filled: Vec<String> = ids.iter().map(|id| format!("FILL({id}, 0)")).collect();
        assert_eq!(alarm["Metrics"][0]["Expression"], filled.join(" + "));
    }
}

/// A disabled mapping, a role that can't be assumed and a deleted function have no metric of their own.
#[test]
fn the_heartbeat_alarm_rings_where_entries_are_written_and_nothing_runs() {
    let alarm = properties(&template("dynamodb-lambda"), "HeartbeatAlarm");
    assert_eq!(watched(&alarm).1, ["writes", "invocations"]);
    assert_eq!(
        alarm["Metrics"][0]["Expression"],
        "IF(FILL(writes, 0) > 0 AND FILL(invocations, 0) == 0, 1, 0)"
    );
}
