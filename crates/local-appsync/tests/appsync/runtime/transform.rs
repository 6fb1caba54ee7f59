//! `util.transform`.

use serde_json::json;

use super::*;

async fn evaluate(expression: &str) -> Value {
    let code = format!(
        "import {{ util }} from '@aws-appsync/utils';
        export const request = (ctx) => ({{ payload: {expression} }}); export const response = (ctx) => ctx.result;"
    );
    value(&code, json!({})).await
}

fn rule(name: &str, operator: &str, value: impl Into<Value>) -> Value {
    let value = value.into();
    json!({ "fieldName": name, "operator": operator, "value": value })
}

/// A subscription filter of these groups.
fn groups(all: &[&[Value]]) -> Value {
    let all: Vec<Value> = all.iter().map(|filters| json!({ "filters": filters })).collect();
    json!({ "filterGroup": all })
}

#[tokio::test]
async fn a_filter_expression_is_a_json_string() {
    let filter = "{ and: [{ a: { eq: 1 } }, { or: [{ b: { beginsWith: 'x' } }, { not: { c: { contains: 'y' } } }] }], d: { between: [1, 2] }, e: { attributeExists: false }, f: { in: [1, 2] }, g: { size: { gt: 3 } } }";
    let text = evaluate(&format!("util.transform.toDynamoDBFilterExpression({filter})")).await;
    let parsed: Value = serde_json::from_str(text.as_str().expect("a string")).unwrap();
    assert_eq!(
        parsed["expression"],
        "((#a = :a_eq) AND ((begins_with(#b, :b_beginsWith)) OR (NOT (contains(#c, :c_contains))))) AND (#d BETWEEN :d_from AND :d_to) \
         AND (attribute_not_exists(#e)) AND (#f IN (:f_in, :f_in_1)) AND (size(#g) > :g_size_gt)"
    );
    assert_eq!(parsed["expressionValues"][":a_eq"], json!({ "N": 1 }));
    assert_eq!(parsed["expressionNames"]["#a"], "a");
}

#[tokio::test]
async fn a_condition_expression_is_a_json_string() {
    let condition = "{ a: { attributeExists: true, attributeType: 'S', notContains: 'x' }, b: { size: { between: [1, 2] }, le: 3 } }";
    let text = evaluate(&format!(
        "util.transform.toDynamoDBConditionExpression({condition})"
    ))
    .await;
    let parsed: Value = serde_json::from_str(text.as_str().expect("a string")).unwrap();
    assert_eq!(
        parsed["expression"],
        "(attribute_exists(#a)) AND (attribute_type(#a, :a_attributeType)) AND (NOT contains(#a, :a_notContains)) \
         AND (size(#b) BETWEEN :b_size_from AND :b_size_to) AND (#b <= :b_le)"
    );
}

/// AppSync guide, "Transformation helpers in util.transform", the example with all three arguments.
#[tokio::test]
async fn a_subscription_filter_expands_into_groups() {
    let filter =
        "{ percentageUp: { lte: 50, gte: 20 }, and: [{ title: { ne: 'Book1' } }, { downvotes: { gt: 20 } }],
        or: [{ author: { eq: 'Admin' } }, { isPublished: { eq: false } }] }";
    let title = || rule("title", "ne", json!("Book1"));
    let down = || rule("downvotes", "gt", json!(20));
    let author = || rule("author", "eq", json!("Admin"));
    let hidden = || rule("isPublished", "eq", json!(false));
    let up = |operator: &str, value: i64| rule("percentageUp", operator, json!(value));
    assert_eq!(
        evaluate(&format!("util.transform.toSubscriptionFilter({filter})")).await,
        groups(&[
            &[up("lte", 50), title(), down(), author()],
            &[up("lte", 50), title(), down(), hidden()],
            &[up("gte", 20), title(), down(), author()],
            &[up("gte", 20), title(), down(), hidden()],
        ]),
        "operators on one field are alternatives"
    );
    let ignored = "['percentageUp', 'author']";
    assert_eq!(
        evaluate(&format!(
            "util.transform.toSubscriptionFilter({filter}, {ignored})"
        ))
        .await,
        groups(&[&[title(), down(), hidden()]])
    );
    let rules = "{ upvotes: { gte: 250 }, author: { eq: 'Person1' } }";
    assert_eq!(
        evaluate(&format!(
            "util.transform.toSubscriptionFilter({filter}, {ignored}, {rules})"
        ))
        .await,
        groups(&[
            &[title(), down(), hidden(), rule("upvotes", "gte", json!(250))],
            &[title(), down(), hidden(), rule("author", "eq", json!("Person1"))],
        ]),
        "each rule makes a group"
    );
}

#[tokio::test]
async fn nested_subscription_filters_expand_into_groups() {
    let filter = "{ or: [{ and: [{ a: { eq: 1 } }, { or: [{ b: { in: [2] } }, { c: { eq: 3 } }] }] }, { d: { eq: 4 } }] }";
    let (a, d) = (rule("a", "eq", json!(1)), rule("d", "eq", json!(4)));
    assert_eq!(
        evaluate(&format!("util.transform.toSubscriptionFilter({filter})")).await,
        groups(&[
            &[a.clone(), rule("b", "in", json!([2]))],
            &[a, rule("c", "eq", json!(3))],
            &[d],
        ])
    );
}

#[tokio::test]
async fn a_subscription_filter_without_alternatives_is_an_error() {
    let code = "// datasource: NoneSource
        export const request = () => ({ payload: util.transform.toSubscriptionFilter({ or: [] }) });
        export const response = (ctx) => ctx.result;";
    let error = runtime_with(code).error_of("Query.test", ME, json!({})).await;
    assert_eq!(error.0, "Code");
}

/// The first case is the example of the AppSync guide.
#[tokio::test]
async fn an_opensearch_query_is_a_json_string() {
    for (filter, expected) in [
        (
            "{ upvotes: { ne: 15, range: [10, 20] }, title: { eq: 'hihihi', wildcard: 'h*i' } }",
            json!({ "bool": { "must": [
                { "bool": { "must": [{ "bool": { "must_not": { "term": { "upvotes": 15 } } } },
                    { "range": { "upvotes": { "gte": 10, "lte": 20 } } }] } },
                { "bool": { "must": [{ "term": { "title": "hihihi" } }, { "wildcard": { "title": "h*i" } }] } },
            ] } }),
        ),
        (
            "{ or: [{ a: { gt: 1 } }, { b: { matchPhrase: 'x y' } }], not: { c: { exists: true } } }",
            json!({ "bool": { "must": [
                { "bool": { "should": [{ "range": { "a": { "gt": 1 } } }, { "match_phrase": { "b": "x y" } }] } },
                { "bool": { "must_not": { "exists": { "field": "c" } } } },
            ] } }),
        ),
    ] {
        let text = evaluate(&format!("util.transform.toElasticsearchQueryDSL({filter})")).await;
        let parsed: Value = serde_json::from_str(text.as_str().expect("a string")).unwrap();
        assert_eq!(parsed, expected, "{filter}");
    }
}
