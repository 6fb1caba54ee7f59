//! Validation errors have AppSync's wording, which is graphql-java's. The messages of common cases are
//! recorded from AWS.

use rstest::rstest;
use serde_json::json;

use super::*;

/// The errors of an invalid query. Panics if the response has data.
async fn errors(query: &str) -> Vec<Value> {
    let body = api().run(&user(ME), query, json!({})).await;
    assert_eq!(body["data"], Value::Null, "{body}");
    body["errors"].as_array().unwrap().clone()
}

/// The error's location is the last occurrence of `at`.
#[rstest]
#[case(
    "{ badfield }",
    "badfield",
    "FieldUndefined: Field 'badfield' in type 'Query' is undefined @ 'badfield'"
)]
#[case(
    "{ getActivity(id: \"1\") { a: badfield } }",
    "a: bad",
    "FieldUndefined: Field 'badfield' in type 'Activity' is undefined @ 'getActivity/badfield'"
)]
#[case(
    "{ getUser(id: \"1\") { ...F } } fragment F on User { nothing }",
    "nothing",
    "FieldUndefined: Field 'nothing' in type 'User' is undefined @ 'F/nothing'"
)]
#[case(
    "{ getUser { id } }",
    "getUser",
    "MissingFieldArgument: Missing field argument id @ 'getUser'"
)]
#[case(
    "{ getUser(id: \"1\", sku: 1) { id } }",
    "sku",
    "UnknownArgument: Unknown field argument sku @ 'getUser'"
)]
#[case(
    "{ getUser(id: \"1\") }",
    "getUser",
    "SubSelectionRequired: Sub selection required for type User of field getUser @ 'getUser'"
)]
#[case(
    "{ getUser(id: \"1\") { id { x } } }",
    "id {",
    "SubSelectionNotAllowed: Sub selection not allowed on leaf type String! of field id @ 'getUser/id'"
)]
#[case(
    "query($x: Nothing) { getUser(id: $x) { id } }",
    "Nothing",
    "UnknownType: Unknown type Nothing"
)]
#[case("query($x: Int) { __typename }", "$x", "UnusedVariable: Unused variable x")]
#[case(
    "{ getUser(id: $x) { id } }",
    "$x",
    "UndefinedVariable: Undefined variable x @ 'getUser'"
)]
#[case(
    "query($x: Int) { getUser(id: $x) { id } }",
    "$x",
    "VariableTypeMismatch: Variable type 'Int' doesn't match expected type 'String!' @ 'getUser'"
)]
#[case(
    "query($x: String = \"a\") { listUsers(limit: $x) { nextToken } }",
    "$x",
    "VariableTypeMismatch: Variable type 'String!' doesn't match expected type 'Int' @ 'listUsers'"
)]
#[case(
    "query($x: String) { ...Q } fragment Q on Query { listUsers(filter: { weight: { eq: $x } }) { nextToken } }",
    "$x",
    "VariableTypeMismatch: Variable type 'String' doesn't match expected type 'Float' @ 'Q/listUsers'"
)]
#[case(
    "query($x: Int = \"a\") { listUsers(limit: $x) { nextToken } }",
    "$x: ",
    "BadValueForDefaultArg: Bad default value StringValue{value='a'} for type Int"
)]
#[case(
    "query($x: User) { __typename @include(if: $x) }",
    "$x: ",
    "NonInputTypeOnVariable: Wrong type for a variable"
)]
#[case("{ ...F }", "...F", "UndefinedFragment: Undefined fragment F")]
#[case(
    "{ __typename } fragment F on User { id }",
    "fragment",
    "UnusedFragment: Unused fragment F"
)]
#[case(
    "{ getUser(id: \"1\") { ...F } } fragment F on Activity { id }",
    "...F",
    "InvalidFragmentType: Fragment F cannot be spread here as objects of type User can never be of type Activity @ 'getUser'"
)]
#[case(
    "query A { __typename } { __typename }",
    "{ __typename }",
    "LoneAnonymousOperationViolation: Anonymous operation with other operations."
)]
#[case(
    "query A { __typename } query A { __typename }",
    "query A",
    "DuplicateOperationName: There can be only one operation named 'A'"
)]
#[case(
    "{ __typename @nothing }",
    "@nothing",
    "UnknownDirective: Unknown directive nothing @ '__typename'"
)]
#[tokio::test]
async fn validation_errors_use_appsyncs_wording(
    #[case] query: &str,
    #[case] at: &str,
    #[case] message: &str,
) {
    let column = query.rfind(at).unwrap() + 1;
    let locations = json!([{ "line": 1, "column": column, "sourceName": null }]);
    let error = errors(query).await.swap_remove(0);
    // The error has no further members such as `errorType`.
    let message = format!("Validation error of type {message}");
    assert_eq!(
        error,
        json!({ "path": null, "locations": locations, "message": message })
    );
}

#[rstest]
#[case(
    "getUser(id: 1) { id }",
    "argument 'id' with value 'IntValue{value=1}' is not a valid 'String' @ 'getUser'"
)]
#[case(
    "getUser(id: null) { id }",
    "argument 'id' with value 'NullValue{}' must not be null @ 'getUser'"
)]
#[case(
    "listUsers(limit: 3000000000) { nextToken }",
    "argument 'limit' with value 'IntValue{value=3000000000}' is not a valid 'Int' @ 'listUsers'"
)]
#[case(
    "listUsers(filter: [1]) { nextToken }",
    "argument 'filter' with value 'ArrayValue{values=[IntValue{value=1}]}' must be an object type @ 'listUsers'"
)]
#[case(
    "listActivities(filter: { caloriesConsumed: { between: [1, \"x\"] } }) { nextToken }",
    "argument 'filter.caloriesConsumed.between[1]' with value 'StringValue{value='x'}' is not a valid 'Int' @ 'listActivities'"
)]
#[case(
    "listUsers(filter: { name: { eq: true } }) { nextToken }",
    "argument 'filter' with value 'ObjectValue{objectFields=[ObjectField{name='name', value=ObjectValue{objectFields=[ObjectField{name='eq', value=BooleanValue{value=true}}]}}]}' contains a field not in 'TableUserFilterInput': 'name' @ 'listUsers'"
)]
#[case(
    "listUsers(filter: { weight: { eq: [1.5, null, A] } }) { nextToken }",
    "argument 'filter.weight.eq' with value 'ArrayValue{values=[FloatValue{value=1.5}, NullValue{}, EnumValue{name='A'}]}' is not a valid 'Float' @ 'listUsers'"
)]
#[tokio::test]
async fn invalid_literals_are_quoted_as_in_graphql_java(#[case] field: &str, #[case] message: &str) {
    let error = errors(&format!("{{ {field} }}")).await.swap_remove(0);
    assert_eq!(
        error["message"],
        format!("Validation error of type WrongType: {message}")
    );
}

#[tokio::test]
async fn columns_count_characters() {
    let found = errors("{ getUser(id: \"é😀\") { bad } }").await;
    assert_eq!(found[0]["locations"][0]["column"], 23);
    let query = "mutation { a: deleteUser(input: { id: \"é😀\" }) { id } b: deleteUser(input: { id: \"x\" }) { id } }";
    let body = api().run(&user(ME), query, json!({})).await;
    assert_eq!(body["errors"][1]["locations"][0]["column"], 54, "{body}");
}

#[tokio::test]
async fn all_missing_members_are_named() {
    let query = "mutation { createActivity(input: { category: \"Food\" }) { id } }";
    let error = errors(query).await.swap_remove(0);
    assert_eq!(
        error["message"],
        "Validation error of type WrongType: argument 'input' with value 'ObjectValue{objectFields=[ObjectField{name='category', \
         value=StringValue{value='Food'}}]}' is missing required fields '[type, userid]' @ 'createActivity'"
    );
    assert_eq!(error["locations"][0]["column"], 27);
}

#[tokio::test]
async fn errors_follow_the_order_of_the_document() {
    let errors = errors("{ getUser(sku: 1) { nothing { less } } listNothing { id } }").await;
    let kinds: Vec<&str> = errors
        .iter()
        .map(|error| {
            let message = error["message"].as_str().unwrap();
            message
                .strip_prefix("Validation error of type ")
                .unwrap()
                .split(':')
                .next()
                .unwrap()
        })
        .collect();
    // The selection of an undefined field is not validated.
    assert_eq!(
        kinds,
        [
            "MissingFieldArgument",
            "UnknownArgument",
            "FieldUndefined",
            "FieldUndefined"
        ]
    );
}

/// apollo-compiler compares only the innermost types here.
#[rstest]
#[case(
    "mutation($x: String) { createActivity(input: { category: $x, type: \"Lunch\", userid: \"me\" }) { id } }",
    "Variable type 'String' doesn't match expected type 'String!' @ 'createActivity'"
)]
#[case(
    "query($x: Int) { listActivities(filter: { caloriesConsumed: { between: $x } }) { nextToken } }",
    "Variable type 'Int' doesn't match expected type '[Int]' @ 'listActivities'"
)]
#[case(
    "query($x: [Int]) { listActivities(filter: { caloriesConsumed: { between: [$x] } }) { nextToken } }",
    "Variable type '[Int]' doesn't match expected type 'Int' @ 'listActivities'"
)]
#[case(
    "query($x: [Int]) { ...Q } fragment Q on Query { listActivities(filter: { caloriesConsumed: { eq: $x } }) { nextToken } }",
    "Variable type '[Int]' doesn't match expected type 'Int' @ 'Q/listActivities'"
)]
#[tokio::test]
async fn a_nested_variable_of_another_type_than_its_position_is_an_error(
    #[case] query: &str,
    #[case] message: &str,
) {
    let errors = errors(query).await;
    let column = query.rfind("$x").unwrap() + 1;
    assert_eq!(
        errors,
        [
            json!({ "path": null, "locations": [{ "line": 1, "column": column, "sourceName": null }],
            "message": format!("Validation error of type VariableTypeMismatch: {message}") })
        ]
    );
}

/// An error for which the box has no wording has apollo-compiler's message.
#[tokio::test]
async fn conflicting_fields_are_reported() {
    let error = errors("{ getUser(id: \"1\") { a: id a: username } }")
        .await
        .swap_remove(0);
    let message = error["message"].as_str().unwrap();
    assert!(
        message.starts_with("Validation error of type FieldsConflict: "),
        "{message}"
    );
    assert_eq!(
        error.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["path", "locations", "message"]
    );
}

#[tokio::test]
async fn variable_defaults_are_validated_like_literals() {
    let query = "mutation($l: AWSJSON = { a: 1 }) { updateUser(input: { id: \"1\", library: $l }) { id } }";
    let error = errors(query).await.swap_remove(0);
    assert_eq!(
        error["message"],
        "Validation error of type BadValueForDefaultArg: Bad default value \
         ObjectValue{objectFields=[ObjectField{name='a', value=IntValue{value=1}}]} for type AWSJSON"
    );
}
