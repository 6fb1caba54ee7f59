//! `util` and its members.

use rstest::rstest;
use serde_json::json;

use super::*;

async fn evaluate(expression: &str) -> Value {
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
#[case("[util.autoId(), util.autoUlid(), util.autoKsuid()].map((id) => id.length)", json!([36, 26, 27]))]
#[case("util.matches('^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\\\\z', util.autoId())", json!(true))]
#[case("[util.autoId() === util.autoId(), util.autoUlid() === util.autoUlid(), util.autoKsuid() === util.autoKsuid()]", json!([false, false, false]))]
#[case("util.authType()", json!("User Pool Authorization"))]
#[case("[util.str.normalize('e\\u0301', 'nfc'), util.str.normalize('é', 'nfd').length]", json!(["é", 2]))]
#[case("[util.str.normalize('ﬁ', 'nfkc'), util.str.normalize('ﬁé', 'nfkd').length]", json!(["fi", 4]))]
#[case("[util.math.roundNum(2.5), util.math.minVal(1, 2), util.math.maxVal(1, 2)]", json!([3, 1, 2]))]
#[case("[util.math.randomDouble() < 1, util.math.randomWithinRange(5, 6)]", json!([true, 5]))]
#[tokio::test]
async fn utilities_return_appsyncs_values(#[case] expression: &str, #[case] expected: Value) {
    assert_eq!(evaluate(expression).await, expected, "{expression}");
}

#[rstest]
#[case("util.time.epochMilliSecondsToISO8601(1772870709123)", json!("2026-03-07T08:05:09.123Z"))]
#[case("util.time.epochMilliSecondsToSeconds(1772870709123)", json!(1_772_870_709))]
#[case("util.time.parseISO8601ToEpochMilliSeconds('2026-03-07T09:05:09.123+01:00')", json!(1_772_870_709_123_i64))]
#[case("util.time.epochMilliSecondsToFormatted(1772870709123, 'yyyy-MM-dd HH:mm')", json!("2026-03-07 08:05"))]
#[case("util.time.epochMilliSecondsToFormatted(1772870709123, 'HH:mm', 'Europe/Berlin')", json!("09:05"))]
#[case("util.time.parseFormattedToEpochMilliSeconds('2026-03-07 09:05', 'yyyy-MM-dd HH:mm', 'Europe/Berlin')", json!(1_772_870_700_000_i64))]
#[case("util.time.nowFormatted('yyyy-MM-dd') === util.time.nowISO8601().slice(0, 10) || util.time.nowFormatted('HH') === '00'", json!(true))]
#[case("util.matches('^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[.][0-9]{3}Z\\\\z', util.time.nowISO8601())", json!(true))]
#[case("util.time.parseISO8601ToEpochMilliSeconds(util.time.nowISO8601()) - util.time.nowEpochMilliSeconds() < 1", json!(true))]
#[case("util.time.nowEpochMilliSeconds() - util.time.nowEpochSeconds() * 1000 < 2000", json!(true))]
#[tokio::test]
async fn times_are_formatted_and_parsed(#[case] expression: &str, #[case] expected: Value) {
    assert_eq!(evaluate(expression).await, expected, "{expression}");
}

#[rstest]
#[case("util.dynamodb.toDynamoDB({ a: [1, 'x', true, null] })", json!({ "M": { "a": { "L": [{ "N": 1 }, { "S": "x" }, { "BOOL": true }, { "NULL": null }] } } }))]
#[case("util.dynamodb.toMapValues({ a: 1 })", json!({ "a": { "N": 1 } }))]
#[case("util.dynamodb.toList([1, 'a', [null]])", json!({ "L": [{ "N": 1 }, { "S": "a" }, { "L": [{ "NULL": null }] }] }))]
#[case("util.dynamodb.toMap({ a: 1 })", json!({ "M": { "a": { "N": 1 } } }))]
#[case("[util.dynamodb.toStringSet(['a']), util.dynamodb.toNumberSet([1]), util.dynamodb.toBinarySet(['AA=='])]", json!([{ "SS": ["a"] }, { "NS": [1] }, { "BS": ["AA=="] }]))]
#[case("[util.dynamodb.toString('a'), util.dynamodb.toNumber(1), util.dynamodb.toBinary('AA=='), util.dynamodb.toBoolean(true), util.dynamodb.toNull()]", json!([{ "S": "a" }, { "N": 1 }, { "B": "AA==" }, { "BOOL": true }, { "NULL": null }]))]
#[case("util.dynamodb.fromS3ObjectJson(util.dynamodb.toS3Object('k', 'b', 'r').S)", json!({ "s3": { "key": "k", "bucket": "b", "region": "r" } }))]
#[tokio::test]
async fn typed_values_hold_numbers_and_nulls_unlike_those_of_dynamodb(
    #[case] expression: &str,
    #[case] expected: Value,
) {
    assert_eq!(evaluate(expression).await, expected, "{expression}");
}

#[tokio::test]
async fn xml_is_parsed() {
    assert_eq!(
        evaluate("util.xml.toMap('<a><b>1</b></a>')").await,
        json!({ "a": { "b": 1 } })
    );
    assert_eq!(
        evaluate("util.xml.toJsonString('<a>x</a>')").await,
        json!("{\"a\":\"x\"}")
    );
}

#[tokio::test]
async fn an_argument_that_cannot_be_parsed_ends_the_handler() {
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
        let error = runtime_with(&code).error_of("Query.test", ME, json!({})).await;
        assert_eq!(error.0, "Code", "{expression}");
    }
}
