//! `util` and its members.

use rstest::rstest;
use serde_json::json;

use super::{super::ME, *};

async fn worth(expression: &str) -> Value {
    let code = format!(
        "import {{ util }} from '@aws-appsync/utils';
        export const request = (ctx) => ({{ payload: {expression} }}); export const response = (ctx) => ctx.result;"
    );
    value(&code, json!({})).await
}

#[rstest]
#[case("util.urlEncode('a b&ü/*')", json!("a+b%26%C3%BC%2F*"))]
#[case("util.urlDecode('a+b%26%C3%BC')", json!("a b&ü"))]
#[case("[util.base64Encode('hällo'), util.base64Decode('aMOkbGxv')]", json!(["aMOkbGxv", "hällo"]))]
#[case("util.escapeJavaScript('it\\'s')", json!("it\\'s"))]
#[case("[util.autoId().length, util.autoUlid().length, util.autoKsuid().length]", json!([36, 26, 27]))]
#[case("util.authType()", json!("User Pool Authorization"))]
#[case("[util.matches('^a*b$', 'aaab'), util.matches('(?i)^LUNCH$', 'lunch'), util.matches('b', 'ac')]", json!([true, true, false]))]
#[case("util.str.normalize('e\\u0301', 'nfc')", json!("é"))]
#[case("[util.math.roundNum(2.5), util.math.minVal(1, 2), util.math.maxVal(1, 2)]", json!([3, 1, 2]))]
#[case("[util.math.randomDouble() < 1, util.math.randomWithinRange(5, 6)]", json!([true, 5]))]
#[tokio::test]
async fn small_helpers(#[case] expression: &str, #[case] wanted: Value) {
    assert_eq!(worth(expression).await, wanted, "{expression}");
}

#[rstest]
#[case("util.time.epochMilliSecondsToISO8601(1772870709123)", json!("2026-03-07T08:05:09.123Z"))]
#[case("util.time.epochMilliSecondsToSeconds(1772870709123)", json!(1_772_870_709))]
#[case("util.time.parseISO8601ToEpochMilliSeconds('2026-03-07T09:05:09.123+01:00')", json!(1_772_870_709_123_i64))]
#[case("util.time.epochMilliSecondsToFormatted(1772870709123, 'yyyy-MM-dd HH:mm')", json!("2026-03-07 08:05"))]
#[case("util.time.epochMilliSecondsToFormatted(1772870709123, 'HH:mm', 'Europe/Berlin')", json!("09:05"))]
#[case("util.time.parseFormattedToEpochMilliSeconds('2026-03-07 09:05', 'yyyy-MM-dd HH:mm', 'Europe/Berlin')", json!(1_772_870_700_000_i64))]
#[case("util.time.nowFormatted('yyyy').length", json!(4))]
#[case("util.time.nowEpochMilliSeconds() - util.time.nowEpochSeconds() * 1000 < 2000", json!(true))]
#[tokio::test]
async fn moments(#[case] expression: &str, #[case] wanted: Value) {
    assert_eq!(worth(expression).await, wanted, "{expression}");
}

#[rstest]
#[case("util.dynamodb.toDynamoDB({ a: [1, 'x', true, null] })", json!({ "M": { "a": { "L": [{ "N": 1 }, { "S": "x" }, { "BOOL": true }, { "NULL": null }] } } }))]
#[case("util.dynamodb.toMapValues({ a: 1 })", json!({ "a": { "N": 1 } }))]
#[case("util.dynamodb.toMap({ a: 1 })", json!({ "M": { "a": { "N": 1 } } }))]
#[case("[util.dynamodb.toStringSet(['a']), util.dynamodb.toNumberSet([1]), util.dynamodb.toBinarySet(['AA=='])]", json!([{ "SS": ["a"] }, { "NS": [1] }, { "BS": ["AA=="] }]))]
#[case("[util.dynamodb.toString('a'), util.dynamodb.toNumber(1), util.dynamodb.toBinary('AA=='), util.dynamodb.toBoolean(true), util.dynamodb.toNull()]", json!([{ "S": "a" }, { "N": 1 }, { "B": "AA==" }, { "BOOL": true }, { "NULL": null }]))]
#[case("util.dynamodb.fromS3ObjectJson(util.dynamodb.toS3Object('k', 'b', 'r').S)", json!({ "s3": { "key": "k", "bucket": "b", "region": "r" } }))]
#[tokio::test]
async fn typed_values_hold_numbers_and_nulls_unlike_dynamodbs_own(
    #[case] expression: &str,
    #[case] wanted: Value,
) {
    assert_eq!(worth(expression).await, wanted, "{expression}");
}

#[tokio::test]
async fn expressions_are_json_texts_that_have_to_be_parsed() {
    let filter = "{ and: [{ a: { eq: 1 } }, { or: [{ b: { beginsWith: 'x' } }, { not: { c: { contains: 'y' } } }] }], d: { between: [1, 2] }, e: { attributeExists: false }, f: { in: [1, 2] }, g: { size: { gt: 3 } } }";
    let text = worth(&format!("util.transform.toDynamoDBFilterExpression({filter})")).await;
    let read: Value = serde_json::from_str(text.as_str().expect("a text")).unwrap();
    assert_eq!(
        read["expression"],
        "((#a = :a_eq) AND ((begins_with(#b, :b_beginsWith)) OR (NOT (contains(#c, :c_contains))))) AND (#d BETWEEN :d_from AND :d_to) \
         AND (attribute_not_exists(#e)) AND (#f IN (:f_in, :f_in_1)) AND (size(#g) > :g_size_gt)"
    );
    assert_eq!(read["expressionValues"][":a_eq"], json!({ "N": 1 }));
    assert_eq!(read["expressionNames"]["#a"], "a");
    let condition =
        worth("util.transform.toDynamoDBConditionExpression({ id: { attributeExists: true } })").await;
    assert!(condition.is_string());
}

#[tokio::test]
async fn a_subscription_filter_is_written_out_into_groups() {
    let filter = "{ a: { eq: 1 }, or: [{ b: { gt: 2 } }, { c: { in: [3] } }], skipped: { eq: 4 } }";
    let groups = worth(&format!(
        "util.transform.toSubscriptionFilter({filter}, ['skipped'])"
    ))
    .await;
    let rule = |name: &str, operator: &str, value: Value| json!({ "fieldName": name, "operator": operator, "value": value });
    assert_eq!(
        groups,
        json!({ "filterGroup": [
            { "filters": [rule("a", "eq", json!(1)), rule("b", "gt", json!(2))] },
            { "filters": [rule("a", "eq", json!(1)), rule("c", "in", json!([3]))] },
        ] })
    );
}

#[tokio::test]
async fn xml_is_read() {
    assert_eq!(
        worth("util.xml.toMap('<a><b>1</b></a>')").await,
        json!({ "a": { "b": 1 } })
    );
    assert_eq!(
        worth("util.xml.toJsonString('<a>x</a>')").await,
        json!("{\"a\":\"x\"}")
    );
}

#[tokio::test]
async fn what_a_helper_cannot_read_ends_the_handler() {
    for expression in [
        "util.xml.toMap('<a>')",
        "util.time.parseISO8601ToEpochMilliSeconds('soon')",
        "util.time.parseFormattedToEpochMilliSeconds('2026-13-01', 'yyyy-MM-dd', 'UTC')",
        "util.time.epochMilliSecondsToFormatted(0, 'yyyy', 'Mars/Olympus')",
    ] {
        let code = format!(
            "// datasource: NoneSource\nimport {{ util }} from '@aws-appsync/utils';
            export const request = () => ({{ payload: {expression} }}); export const response = (ctx) => ctx.result;"
        );
        let refused = Api::with(&code).refused("Query.test", ME, json!({})).await;
        assert_eq!(refused.0, "Code", "{expression}");
    }
}
