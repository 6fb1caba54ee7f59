//! `ctx.identity` and `util.authType()` for both authorization modes.

use serde_json::json;

use super::*;

/// Returns `util.authType()` and `ctx.identity` as JSON.
const IDENTITY: &str = "// datasource: NoneSource
    export const request = () => ({});
    export const response = (ctx) => ({ id: 'x', username: JSON.stringify([util.authType(), ctx.identity]), userid: JSON.stringify([util.authType(), ctx.identity]) });";

fn parse(text: &Value) -> Value {
    serde_json::from_str(text.as_str().expect("a string")).unwrap()
}

#[tokio::test]
async fn a_resolver_sees_a_user_of_the_pool() {
    let api = api_with(&[("Query.getUser", IDENTITY)]);
    let mut caller = user(ME);
    if let Identity::Cognito(identity) = &mut caller.identity {
        identity.groups = Some(vec!["admin".to_owned()]);
        identity.claims.insert("token_use".to_owned(), json!("access"));
        identity.source_ip = vec!["127.0.0.1".to_owned()];
    }
    let query = format!("{{ getUser(id: \"{ME}\") {{ username }} }}");
    let body = api.run(&caller, &query, json!({})).await;
    assert_eq!(
        parse(&body["data"]["getUser"]["username"]),
        json!(["User Pool Authorization", {
            "sub": ME, "username": "someone", "issuer": "http://localhost/pool", "claims": { "token_use": "access" },
            "groups": ["admin"], "sourceIp": ["127.0.0.1"], "defaultAuthStrategy": "ALLOW",
        }])
    );
    let body = api.run(&user(ME), &query, json!({})).await;
    assert_eq!(
        parse(&body["data"]["getUser"]["username"])[1]["groups"],
        Value::Null,
        "the user is in no group"
    );
}

#[tokio::test]
async fn a_resolver_sees_an_iam_principal() {
    let api = api_with(&[("Mutation.publishUserAggregate", IDENTITY)]);
    let input = json!({ "input": { "userid": ME, "date": "2026-11-23" } });
    let query =
        "mutation P($input: PublishUserAggregateInput!) { publishUserAggregate(input: $input) { userid } }";
    let body = api.run(&aggregator(), query, input).await;
    assert_eq!(
        parse(&body["data"]["publishUserAggregate"]["userid"]),
        json!(["IAM Authorization", {
            "accountId": "000000000000", "cognitoIdentityPoolId": null, "cognitoIdentityId": null, "sourceIp": [],
            "username": "AROABOX:aggregator", "userArn": "arn:aws:sts::000000000000:assumed-role/aggregator/box",
            "cognitoIdentityAuthType": null, "cognitoIdentityAuthProvider": null,
        }])
    );
}
