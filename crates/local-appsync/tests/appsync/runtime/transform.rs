//! `util.transform`.

use serde_json::json;

use super::*;

async fn worth(expression: &str) -> Value {
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

/// The groups of a subscription filter.
fn groups(all: &[&[Value]]) -> Value {
    let all: Vec<Value> = all.iter().map(|filters| json!({ "filters": filters })).collect();
    json!({ "filterGroup": all })
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
}

#[tokio::test]
async fn a_condition_is_written_like_a_filter() {
    let condition = "{ a: { attributeExists: true, attributeType: 'S', notContains: 'x' }, b: { size: { between: [1, 2] }, le: 3 } }";
    let text = worth(&format!(
        "util.transform.toDynamoDBConditionExpression({condition})"
    ))
    .await;
    let read: Value = serde_json::from_str(text.as_str().expect("a text")).unwrap();
    assert_eq!(
        read["expression"],
        "(attribute_exists(#a)) AND (attribute_type(#a, :a_attributeType)) AND (NOT contains(#a, :a_notContains)) \
         AND (size(#b) BETWEEN :b_size_from AND :b_size_to) AND (#b <= :b_le)"
    );
}

/// AppSync guide, "Transformation helpers in util.transform", the example with all three arguments.
#[tokio::test]
async fn a_subscription_filter_is_written_out_into_groups() {
    let filter =
        "{ percentageUp: { lte: 50, gte: 20 }, and: [{ title: { ne: 'Book1' } }, { downvotes: { gt: 20 } }],
        or: [{ author: { eq: 'Admin' } }, { isPublished: { eq: false } }] }";
    let title = || rule("title", "ne", json!("Book1"));
    let down = || rule("downvotes", "gt", json!(20));
    let author = || rule("author", "eq", json!("Admin"));
    let hidden = || rule("isPublished", "eq", json!(false));
    let up = |operator: &str, value: i64| rule("percentageUp", operator, json!(value));
    assert_eq!(
        worth(&format!("util.transform.toSubscriptionFilter({filter})")).await,
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
        worth(&format!(
            "util.transform.toSubscriptionFilter({filter}, {ignored})"
        ))
        .await,
        groups(&[&[title(), down(), hidden()]])
    );
    let rules = "{ upvotes: { gte: 250 }, author: { eq: 'Person1' } }";
    assert_eq!(
        worth(&format!(
            "util.transform.toSubscriptionFilter({filter}, {ignored}, {rules})"
        ))
        .await,
        groups(&[
            &[title(), down(), hidden(), rule("upvotes", "gte", json!(250))],
            &[title(), down(), hidden(), rule("author", "eq", json!("Person1"))],
        ]),
        "one of the rules must hold"
    );
}

#[tokio::test]
async fn a_subscription_filter_nests() {
    let filter = "{ or: [{ and: [{ a: { eq: 1 } }, { or: [{ b: { in: [2] } }, { c: { eq: 3 } }] }] }, { d: { eq: 4 } }] }";
    let (a, d) = (rule("a", "eq", json!(1)), rule("d", "eq", json!(4)));
    assert_eq!(
        worth(&format!("util.transform.toSubscriptionFilter({filter})")).await,
        groups(&[
            &[a.clone(), rule("b", "in", json!([2]))],
            &[a, rule("c", "eq", json!(3))],
            &[d],
        ])
    );
}

#[tokio::test]
async fn no_alternative_at_all_is_refused_and_not_taken_for_everything() {
    let code = "// datasource: NoneSource
        export const request = () => ({ payload: util.transform.toSubscriptionFilter({ or: [] }) });
        export const response = (ctx) => ctx.result;";
    let refused = runtime_with(code).refused("Query.test", ME, json!({})).await;
    assert_eq!(refused.0, "Code");
}

/// The first is the guide's own example.
#[tokio::test]
async fn an_opensearch_query_is_a_json_text() {
    for (filter, wanted) in [
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
        let text = worth(&format!("util.transform.toElasticsearchQueryDSL({filter})")).await;
        let read: Value = serde_json::from_str(text.as_str().expect("a text")).unwrap();
        assert_eq!(read, wanted, "{filter}");
    }
}
