//! Variables and the values of resolvers are coerced as in graphql-java 9 to 15.

use rstest::rstest;
use serde_json::json;

use super::*;

/// Returns its input as a JSON string.
const ECHO: &str = "// datasource: NoneSource
    export const request = (ctx) => ({ payload: { id: 'x', username: JSON.stringify(ctx.args.input) } });
    export const response = (ctx) => ctx.result;";

const UPDATE: &str = "mutation($i: UpdateUserInput!) { updateUser(input: $i) { username } }";

/// A member of the input as the resolver receives it.
async fn received(member: &str, value: Value) -> Value {
    let api = api_with(&[("Mutation.updateUser", ECHO)]);
    let variables = json!({ "i": { "id": "x", member: value } });
    let body = api.run(&user(ME), UPDATE, variables).await;
    let text = body["data"]["updateUser"]["username"]
        .as_str()
        .unwrap_or_else(|| panic!("{body}"));
    serde_json::from_str::<Value>(text).unwrap()[member].clone()
}

#[rstest]
#[case("expectedRev", json!(650.0), json!(650))]
#[case("expectedRev", json!("650"), json!(650))]
#[case("height", json!("170.5"), json!(170.5))]
#[case("height", json!(170), json!(170))]
#[case("username", json!(5), json!("5"))]
#[case("username", json!(true), json!("true"))]
#[case("countExercise", json!("false"), json!(false))]
#[case("countExercise", json!(1), json!(true))]
#[case("library", json!("{\"a\":[1]}"), json!({ "a": [1] }))]
#[case("library", json!("5"), json!(5))]
#[case("library", json!(null), json!(null))]
#[tokio::test]
async fn variables_are_coerced_to_their_types(
    #[case] member: &str,
    #[case] given: Value,
    #[case] expected: Value,
) {
    assert_eq!(received(member, given).await, expected);
}

#[tokio::test]
async fn an_undefined_input_field_is_reported_without_name_and_location() {
    let body = api()
        .run(&user(ME), UPDATE, json!({ "i": { "id": "x", "more": 1 } }))
        .await;
    let message =
        "The variables input contains a field that is not defined for input object type 'UpdateUserInput' ";
    let errors = json!([{ "path": null, "locations": null, "message": message }]);
    assert_eq!(body, json!({ "data": null, "errors": errors }));
}

#[tokio::test]
async fn a_null_variable_is_rejected_with_appsyncs_wording_and_without_a_type() {
    let api = api();
    let query = "query($id: String!) { getUser(id: $id) { id } }";
    for variables in [json!({}), json!({ "id": null })] {
        let body = api.run(&user(ME), query, variables).await;
        let errors = json!([{ "path": null, "locations": [{ "line": 1, "column": 7, "sourceName": null }],
            "message": "Variable 'id' has coerced Null value for NonNull type 'String!'" }]);
        assert_eq!(body, json!({ "data": null, "errors": errors }), "{query}");
    }
}

/// The GraphQL specification keeps the null.
#[tokio::test]
async fn null_for_a_variable_with_a_default_becomes_the_default() {
    let query = "query($id: String! = \"x\") { getActivity(id: $id) { id } }";
    for variables in [json!({}), json!({ "id": null })] {
        let body = api().run(&user(ME), query, variables).await;
        assert_eq!(body, json!({ "data": { "getActivity": null } }));
    }
}

#[tokio::test]
async fn an_empty_operation_name_counts_as_absent() {
    let api = api();
    let run = async |query: &str, name: &str| {
        let request = GraphQlRequest {
            query: query.to_owned(),
            operation_name: Some(name.to_owned()),
            ..GraphQlRequest::default()
        };
        api.app.execute(&request, &user(ME)).await.unwrap().body
    };
    let data = json!({ "data": { "__typename": "Query" } });
    assert_eq!(run("query A { __typename }", "").await, data);
    assert_eq!(
        run("query A { __typename } query B { a: __typename }", "A").await,
        data
    );
    for (name, message) in [
        (
            "",
            "Must provide operation name if query contains multiple operations.",
        ),
        ("C", "Unknown operation named 'C'."),
    ] {
        let body = run("query A { __typename } query B { __typename }", name).await;
        let errors = json!([{ "path": null, "locations": null, "message": message }]);
        assert_eq!(body, json!({ "data": null, "errors": errors }));
    }
}

/// The response to a query of `selected`, where the resolvers return `returned`.
async fn response_of(returned: &Value, selected: &str) -> Value {
    let code = format!(
        "// datasource: NoneSource
        export const request = () => ({{ payload: {returned} }});
        export const response = (ctx) => ctx.result;"
    );
    let api = api_with(&[("Query.getUser", &code), ("Query.listActivities", &code)]);
    api.run(&user(ME), &format!("{{ {selected} }}"), json!({})).await
}

#[rstest]
#[case("caloriesConsumed", json!("12"), json!(12))]
#[case("caloriesConsumed", json!(12.0), json!(12))]
#[case("weight", json!("65.5"), json!(65.5))]
#[case("username", json!(true), json!("true"))]
#[case("username", json!(12), json!("12"))]
#[case("username", json!({ "a": [1, null] }), json!("{a=[1, null]}"))]
#[case("countExercise", json!("false"), json!(false))]
#[case("countExercise", json!("TRUE"), json!(true))]
#[case("countExercise", json!(0), json!(false))]
#[case("library", json!({ "a": 1 }), json!("{\"a\":1}"))]
#[case("library", json!("text"), json!("\"text\""))]
#[tokio::test]
async fn stored_values_are_coerced_to_their_types(
    #[case] field: &str,
    #[case] stored: Value,
    #[case] expected: Value,
) {
    let body = response_of(
        &json!({ field: stored }),
        &format!("getUser(id: \"x\") {{ {field} }}"),
    )
    .await;
    assert_eq!(body, json!({ "data": { "getUser": { field: expected } } }));
}

#[tokio::test]
async fn unserializable_values_become_null_with_appsyncs_error() {
    let returned =
        json!({ "items": [{ "quantity": "two", "rev": true, "id": "1" }, "x"], "nextToken": null });
    let query = "list: listActivities { items { quantity rev id } }";
    let body = response_of(&returned, query).await;
    let error = |path: Value, message: &str| json!({ "path": path, "locations": null, "message": message });
    assert_eq!(
        body,
        json!({
            "data": { "list": { "items": [{ "quantity": null, "rev": null, "id": "1" }, null] } },
            "errors": [
                error(json!(["list", "items", 0, "quantity"]),
                    "Can't serialize value (/list/items[0]/quantity) : Expected type 'Float' but was 'String'."),
                error(json!(["list", "items", 0, "rev"]),
                    "Can't serialize value (/list/items[0]/rev) : Expected type 'Int' but was 'Boolean'."),
                error(json!(["list", "items", 1]),
                    "Can't resolve value (/list/items[1]) : type mismatch error, expected type OBJECT"),
            ],
        })
    );
    let body = response_of(&json!({ "items": { "a": 1 } }), query).await;
    let message = "Can't resolve value (/list/items) : type mismatch error, expected type LIST";
    assert_eq!(body["data"], json!({ "list": { "items": null } }));
    assert_eq!(body["errors"], json!([error(json!(["list", "items"]), message)]));
}

#[tokio::test]
async fn null_in_a_non_null_field_has_appsyncs_error() {
    let returned = json!({ "items": [{ "id": "1" }, { "id": "2", "type": "Lunch" }] });
    let body = response_of(&returned, "listActivities { items { id type } }").await;
    assert_eq!(
        body,
        json!({
            "data": { "listActivities": { "items": [null, { "id": "2", "type": "Lunch" }] } },
            "errors": [{ "path": ["listActivities", "items", 0, "type"], "locations": null,
                "message": "Cannot return null for non-nullable type: 'String' within parent 'Activity' (/listActivities/items[0]/type)" }],
        })
    );
    // One error per path: an unserializable value is not also reported as null.
    let returned = json!({ "items": [{ "caloriesConsumed": "many" }] });
    let body = response_of(&returned, "listActivities { items { caloriesConsumed } }").await;
    assert_eq!(body["data"], json!({ "listActivities": { "items": [null] } }));
    assert_eq!(body["errors"].as_array().unwrap().len(), 1, "{body}");
}
