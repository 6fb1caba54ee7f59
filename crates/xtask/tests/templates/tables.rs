//! The four tables: `.ci/check-deploy` checks their keys, these tests check what ministack drops.

use caltrack_aggregator::{
    fold::{RowFormat, fold, transaction},
    record::decode,
};
use serde_json::{Value, json};

use crate::cfn::{BACKEND, only_when, read, reference, resources, template};

/// The attribute after which a marker expires, as the function writes it.
fn marker_expiry() -> String {
    let record = decode(&json!({
        "eventID": "e",
        "eventName": "INSERT",
        "dynamodb": {
            "SequenceNumber": "1",
            "StreamViewType": "NEW_AND_OLD_IMAGES",
            "Keys": { "id": { "S": "1" } },
            "NewImage": {
                "id": { "S": "1" },
                "userid": { "S": "u" },
                "category": { "S": "Food" },
                "type": { "S": "Lunch" },
                "caloriesConsumed": { "N": "650" },
                "creationDateTime": { "S": "2026-11-23T12:00:00.000Z" },
                "date": { "S": "2026-11-23" },
            },
        },
    }))
    .unwrap();
    let days = fold([(0, &record)]);
    let [day] = &days[..] else {
        panic!("one record of one day: {days:?}")
    };
    let request = transaction("t", &day.userid, &day.date, &day.parts, RowFormat::Full, 0);
    let marker = request["TransactItems"][0]["Put"]["Item"].as_object().unwrap();
    let mut rest = marker.keys().filter(|name| *name != "userid" && *name != "date");
    let name = rest.next().unwrap().clone();
    assert_eq!(rest.next(), None, "a marker has its key and its expiry");
    name
}

#[test]
fn items_expire_by_the_attribute_that_the_code_writes() {
    let expiry = marker_expiry();
    let deletion = read("graphql/resolvers/Mutation.deleteActivity.js");
    assert!(
        deletion.contains(&format!(", {expiry} = :at")),
        "deleted entries and markers expire by one name"
    );
    for name in BACKEND {
        for (table, found) in resources(&template(name), "AWS::DynamoDB::Table") {
            let expected = match table.as_str() {
                "ActivityTable" | "UserAggregateTable" => json!({ "AttributeName": expiry, "Enabled": true }),
                _ => Value::Null,
            };
            assert_eq!(found["TimeToLiveSpecification"], expected, "{table} of {name}");
        }
    }
}

#[test]
fn tables_are_kept_recoverable_and_encrypted() {
    for name in BACKEND {
        let template = template(name);
        let tables = resources(&template, "AWS::DynamoDB::Table");
        assert_eq!(tables.len(), 4, "{name}");
        for (table, found) in tables {
            let of = format!("{table} of {name}");
            let resource = &template["Resources"][&table];
            assert_eq!(resource["DeletionPolicy"], "RetainExceptOnCreate", "{of}");
            assert_eq!(resource["UpdateReplacePolicy"], "Retain", "{of}");
            assert_eq!(
                found["PointInTimeRecoverySpecification"],
                json!({ "PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": reference("RecoveryPeriodInDays") }),
                "{of}"
            );
            assert_eq!(found["SSESpecification"], json!({ "SSEEnabled": true }), "{of}");
            assert_eq!(
                found["DeletionProtectionEnabled"],
                reference("DeletionProtection"),
                "{of}"
            );
        }
        assert_eq!(
            template["Parameters"]["RecoveryPeriodInDays"]["Default"], 35,
            "{name}"
        );
    }
}

#[test]
fn tables_and_indexes_have_one_ceiling_and_none_by_default() {
    let ceiling = only_when(
        "HasCeiling",
        &json!({
            "MaxReadRequestUnits": only_when("HasMaxReads", &reference("MaxReadRequestUnits")),
            "MaxWriteRequestUnits": only_when("HasMaxWrites", &reference("MaxWriteRequestUnits")),
        }),
    );
    for name in BACKEND {
        let template = template(name);
        let mut indexes = 0;
        for (table, found) in resources(&template, "AWS::DynamoDB::Table") {
            assert_eq!(found["BillingMode"], "PAY_PER_REQUEST", "{table} of {name}");
            assert_eq!(found["OnDemandThroughput"], ceiling, "{table} of {name}");
            for index in found["GlobalSecondaryIndexes"].as_array().into_iter().flatten() {
                assert_eq!(index["OnDemandThroughput"], ceiling, "{index}");
                indexes += 1;
            }
        }
        assert_eq!(indexes, 2, "{name}");
        let conditions = &template["Conditions"];
        for (condition, parameter) in [
            ("HasMaxReads", "MaxReadRequestUnits"),
            ("HasMaxWrites", "MaxWriteRequestUnits"),
        ] {
            assert_eq!(template["Parameters"][parameter]["Default"], 0, "{name}");
            assert_eq!(
                conditions[condition],
                json!({ "Fn::Not": [{ "Fn::Equals": [reference(parameter), "0"] }] }),
                "{name}"
            );
        }
        assert_eq!(
            conditions["HasCeiling"],
            json!({ "Fn::Or": [{ "Condition": "HasMaxReads" }, { "Condition": "HasMaxWrites" }] }),
            "{name}"
        );
    }
}

#[test]
fn the_activity_tables_stream_alone_carries_both_images() {
    for name in BACKEND {
        for (table, found) in resources(&template(name), "AWS::DynamoDB::Table") {
            let expected = match table.as_str() {
                "ActivityTable" => json!({ "StreamViewType": "NEW_AND_OLD_IMAGES" }),
                _ => Value::Null,
            };
            assert_eq!(found["StreamSpecification"], expected, "{table} of {name}");
        }
    }
}
