//! The function, its mapping and its queue.

use serde_json::json;

use crate::cfn::{BACKEND, attribute, only_when, properties, reference, template, when};

#[test]
fn the_mapping_drops_records_by_age_alone_and_accepts_partial_failures() {
    for name in BACKEND {
        assert_eq!(
            properties(&template(name), "AggregatorStream"),
            json!({
                "FunctionName": reference("Aggregator"),
                "EventSourceArn": attribute("ActivityTable.StreamArn"),
                "StartingPosition": "TRIM_HORIZON",
                "BatchSize": 100,
                "ParallelizationFactor": reference("ParallelizationFactor"),
                "FunctionResponseTypes": ["ReportBatchItemFailures"],
                "BisectBatchOnFunctionError": true,
                "MaximumRetryAttempts": -1,
                "MaximumRecordAgeInSeconds": 23 * 3600,
                "MetricsConfig": { "Metrics": ["EventCount"] },
                "DestinationConfig": { "OnFailure": { "Destination": attribute("AggregatorFailureQueue.Arn") } },
            }),
            "{name}"
        );
    }
}

#[test]
fn the_functions_environment_names_its_table_its_queue_and_its_api() {
    for (name, endpoint) in [
        (
            "dynamodb-lambda",
            when("Publishes", &reference("GraphQLEndpoint"), &json!("")),
        ),
        ("caltrack", attribute("Api.GraphQLUrl")),
    ] {
        let function = properties(&template(name), "Aggregator");
        assert_eq!(
            function["Environment"]["Variables"],
            json!({
                "USER_AGGREGATE_TABLE": reference("UserAggregateTable"),
                "FAILURE_QUEUE_URL": reference("AggregatorFailureQueue"),
                "GRAPHQL_ENDPOINT": endpoint,
            }),
            "{name}"
        );
        assert_eq!(function["Role"], attribute("AggregatorRole.Arn"), "{name}");
        assert_eq!(
            function["LoggingConfig"],
            json!({ "LogFormat": "JSON", "LogGroup": reference("AggregatorLogGroup") }),
            "{name}"
        );
        assert_eq!(
            function["ReservedConcurrentExecutions"],
            only_when("ReservesConcurrency", &reference("ReservedConcurrency")),
            "{name}"
        );
    }
}

#[test]
fn the_failure_queue_keeps_its_messages_as_long_as_sqs_does() {
    for name in BACKEND {
        let template = template(name);
        let queue = &template["Resources"]["AggregatorFailureQueue"];
        assert_eq!(queue["DeletionPolicy"], "RetainExceptOnCreate", "{name}");
        assert_eq!(
            queue["Properties"],
            json!({ "MessageRetentionPeriod": 14 * 86_400, "SqsManagedSseEnabled": true }),
            "{name}"
        );
    }
}

#[test]
fn a_budget_without_an_address_is_refused_before_anything_is_made() {
    let none = |parameter: &str, nothing: &str| json!({ "Fn::Not": [{ "Fn::Equals": [reference(parameter), nothing] }] });
    for name in BACKEND {
        let template = template(name);
        let rule = &template["Rules"]["BudgetHasReader"];
        assert_eq!(rule["RuleCondition"], none("BudgetLimit", "0"), "{name}");
        assert_eq!(rule["Assertions"][0]["Assert"], none("BudgetMail", ""), "{name}");
        assert_eq!(
            template["Resources"]["Budget"]["Condition"], "HasBudget",
            "{name}"
        );
        assert_eq!(
            template["Conditions"]["HasBudget"],
            none("BudgetLimit", "0"),
            "{name}"
        );
        let budget = properties(&template, "Budget");
        let limit = json!({ "Amount": reference("BudgetLimit"), "Unit": "USD" });
        assert_eq!(budget["Budget"]["BudgetLimit"], limit, "{name}");
        for notification in budget["NotificationsWithSubscribers"].as_array().unwrap() {
            let subscribers = json!([{ "SubscriptionType": "EMAIL", "Address": reference("BudgetMail") }]);
            assert_eq!(notification["Subscribers"], subscribers, "{name}");
        }
    }
}
