//! AppSync limits responses to 5 MB.

use std::fmt::Write as _;

use serde_json::json;

use super::*;

/// Returns a list of one item with a note of 1 MB.
const MEGABYTE: &str = "// datasource: NoneSource
    export const request = () => ({ payload: null });
    export function response() {
        let note = 'abcdefgh';
        for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]) note = note + note;
        return { items: [{ id: 'x', note }], nextToken: null };
    }";

/// `{ a0: <field> a1: <field> … }`
fn aliases(number: usize, field: &str) -> String {
    let mut query = "{".to_owned();
    for n in 0..number {
        write!(query, " a{n}: {field}").unwrap();
    }
    query + " }"
}

async fn respond(query: &str) -> Value {
    let api = api_with(&[("Query.listActivities", MEGABYTE)]);
    api.run(&user(ME), query, json!({})).await
}

fn assert_too_large(body: &Value) {
    let message = "The response is larger than 5 MB. Request fewer items or fewer fields.";
    let errors = json!([{ "path": null, "locations": null, "message": message, "errorType": "BadRequest" }]);
    assert_eq!(body["errors"], errors);
    assert_eq!(body["data"], Value::Null);
}

#[tokio::test]
async fn a_response_beyond_5_mb_is_an_error() {
    let large = "listActivities { items { note } }";
    let body = respond(&aliases(4, large)).await;
    assert_eq!(body.get("errors"), None, "4 MB");
    assert!(body.to_string().len() > 4 << 20);
    for number in [5, 7, 100] {
        assert_too_large(&respond(&aliases(number, large)).await);
    }
}

#[tokio::test]
async fn unselected_fields_do_not_count() {
    let body = respond(&aliases(
        100,
        "listActivities { items { id note @skip(if: true) } }",
    ))
    .await;
    assert_eq!(body.get("errors"), None);
    assert_eq!(body["data"]["a99"], json!({ "items": [{ "id": "x" }] }));
}

#[tokio::test]
async fn a_value_counts_once_per_alias() {
    let notes = aliases(6, "note");
    assert_too_large(&respond(&format!("{{ listActivities {{ items {notes} }} }}")).await);
    let notes = aliases(4, "note");
    let body = respond(&format!("{{ listActivities {{ items {notes} }} }}")).await;
    assert_eq!(body.get("errors"), None);
}

#[tokio::test]
async fn errors_beyond_5_mb_are_one_error() {
    // About 1,000 items with 30 errors each.
    let code = "// datasource: NoneSource
        export const request = () => ({ payload: null });
        export function response() {
            let items = [{ rev: 'none' }];
            for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) items = [...items, ...items];
            return { items };
        }";
    let api = api_with(&[("Query.listActivities", code)]);
    let body = api
        .run(
            &user(ME),
            &format!("{{ listActivities {{ items {} }} }}", aliases(30, "rev")),
            json!({}),
        )
        .await;
    assert_too_large(&body);
}

#[tokio::test]
async fn a_mutation_whose_response_is_too_large_has_run() {
    let code = "// datasource: NoneSource
        export const request = () => ({ payload: null });
        export function response(ctx) {
            let name = 'abcdefgh';
            for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]) name = name + name;
            util.http.addResponseHeader('x-ran', ctx.args.input.id);
            return { id: ctx.args.input.id, username: name };
        }";
    let code = code.replace(
        "// datasource: NoneSource",
        "// datasource: NoneSource\nimport { util } from '@aws-appsync/utils';",
    );
    let api = api_with(&[("Mutation.deleteUser", &code)]);
    let mut query = "mutation {".to_owned();
    for n in 0..12 {
        write!(
            query,
            " a{n}: deleteUser(input: {{ id: \"{n}\" }}) {{ id username }}"
        )
        .unwrap();
    }
    let request = GraphQlRequest {
        query: query + " }",
        ..GraphQlRequest::default()
    };
    let response = api.app.execute(&request, &user(ME)).await.unwrap();
    assert_too_large(&response.body);
    assert_eq!(
        response.headers.get("x-ran").map(String::as_str),
        Some("11"),
        "all fields were executed"
    );
}
