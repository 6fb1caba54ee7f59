//! The owner of an IAM identity: the user whose sign-in at the API's own user pool its keys were given for.

use caltrack_local_core::identity::{IamIdentity, Identity};
use caltrack_resolvers::Files;
use serde_json::{Value, json};

use crate::{
    Stored, deployed,
    support::{ME, Runtime, YOU},
};

const POOL: &str = "cognito-idp.us-east-1.amazonaws.com/us-east-1_CALTRACK0";

/// Arguments with which a field of any type names ME.
fn arguments() -> Value {
    json!({
        "id": ME, "userid": ME, "date": "2026-11-23", "from": "2026-11-23", "to": "2026-11-23", "category": "Food",
        "input": { "id": ME, "userid": ME, "date": "2026-11-23", "category": "Food", "type": "Lunch", "username": "ann",
            "caloriesTargetPerDay": 1900 },
    })
}

/// An identity as an identity pool's keys give it.
fn identity(kind: &str, provider: Value) -> Value {
    let mut identity = keys_of(ME);
    identity["cognitoIdentityAuthType"] = json!(kind);
    identity["cognitoIdentityAuthProvider"] = provider;
    identity
}

fn keys_of(sub: &str) -> Value {
    Identity::Iam(IamIdentity::user(sub, "us-east-1:1")).to_context()
}

/// The fields of users: all but those of administrators and of the aggregator.
fn user_fields() -> Vec<String> {
    let fields: Vec<String> = Files::embedded()
        .resolvers
        .iter()
        .map(|resolver| format!("{}.{}", resolver.type_name, resolver.field))
        .filter(|field| {
            let is_for_admins = field.starts_with("Mutation.") && field.ends_with("ActivityCategory");
            !is_for_admins && field != "Mutation.publishUserAggregate"
        })
        .collect();
    assert!(fields.len() >= 30, "{fields:?}");
    fields
}

#[tokio::test]
async fn every_field_of_users_rejects_identities_that_are_no_sign_in_at_the_own_pool() {
    let api = deployed();
    let sign_in = format!("\"{POOL}\",\"{POOL}:CognitoSignIn:{ME}\"");
    let other = POOL.replace("CALTRACK0", "CALTRACK1");
    let mut strangers = vec![
        ("a guest", identity("unauthenticated", Value::Null)),
        (
            "a guest with a user's provider",
            identity("unauthenticated", json!(sign_in)),
        ),
        ("no provider", identity("authenticated", Value::Null)),
        ("an empty provider", identity("authenticated", json!(""))),
        (
            "the aggregator",
            Identity::Iam(IamIdentity::aggregator()).to_context(),
        ),
    ];
    for (what, provider) in [
        (
            "another pool",
            format!("\"{other}\",\"{other}:CognitoSignIn:{ME}\""),
        ),
        (
            "another pool that is said to sign in at this one",
            format!("\"{other}\",\"{POOL}:CognitoSignIn:{ME}\""),
        ),
        (
            "another pool beside this one",
            format!("\"{POOL}\",\"{other}:CognitoSignIn:{ME}\""),
        ),
        (
            "another region's pool",
            sign_in.replace("us-east-1.amazonaws", "eu-west-1.amazonaws"),
        ),
        (
            "a provider that ends in the sign-in",
            format!("\"evil.example\",\"evil.example:x\",{sign_in}"),
        ),
        (
            "a provider after the sign-in",
            format!("{sign_in},\"evil.example\",\"evil.example:{ME}\""),
        ),
        (
            "a provider whose user is named like a sign-in",
            format!("\"evil.example\",\"evil.example:{POOL}:CognitoSignIn:{ME}\""),
        ),
        (
            "a pool whose name begins like this one",
            format!("\"{POOL}X\",\"{POOL}X:CognitoSignIn:{ME}\""),
        ),
        (
            "another kind of sign-in",
            sign_in.replace("CognitoSignIn", "OtherSignIn"),
        ),
        ("no quotes", format!("{POOL},{POOL}:CognitoSignIn:{ME}")),
        (
            "a longer id",
            format!("\"{POOL}\",\"{POOL}:CognitoSignIn:x{ME}\""),
        ),
        ("the id alone", ME.to_owned()),
    ] {
        strangers.push((what, identity("authenticated", json!(provider))));
    }
    for field in user_fields() {
        for (what, stranger) in &strangers {
            let error = api
                .full_as(&field, stranger.clone(), arguments())
                .await
                .expect_err(&format!("{what} at {field}"));
            assert_eq!(
                error.error_type.as_deref(),
                Some("Unauthorized"),
                "{what} at {field}: {error}"
            );
            assert_eq!(
                (&error.data, &error.info),
                (&Value::Null, &Value::Null),
                "{field}"
            );
        }
    }
}

/// The control: the same requests are no error of authorisation for the owner, and the keys of another user are one
/// wherever a request names the owner.
#[tokio::test]
async fn every_field_of_users_accepts_the_owners_keys() {
    for field in user_fields() {
        let api = deployed();
        let is_unauthorized = async |sub: &str| {
            let result = api.full_as(&field, keys_of(sub), arguments()).await;
            result.is_err_and(|error| error.error_type.as_deref() == Some("Unauthorized"))
        };
        assert!(!is_unauthorized(ME).await, "{field}");
    }
    let api = deployed();
    for field in [
        "Mutation.createActivity",
        "Query.getUserAggregate",
        "Subscription.onCreateActivity",
    ] {
        let error = api
            .full_as(field, keys_of(YOU), arguments())
            .await
            .expect_err(field);
        assert_eq!(
            error.error_type.as_deref(),
            Some("Unauthorized"),
            "{field}: {error}"
        );
    }
}

#[tokio::test]
async fn what_a_user_writes_by_keys_is_read_by_tokens_and_the_other_way_round() {
    let api = deployed();
    let lunch = json!({ "input": { "userid": ME, "category": "Food", "type": "Lunch", "caloriesConsumed": 650,
        "date": "2026-11-23" } });
    let created = api
        .full_as("Mutation.createActivity", keys_of(ME), lunch.clone())
        .await
        .unwrap()
        .value;
    api.ok("Mutation.createActivity", ME, lunch).await;
    let day = json!({ "date": "2026-11-23" });
    let by_token = api.ok("Query.listActivitiesByDate", ME, day.clone()).await;
    let by_keys = api
        .full_as("Query.listActivitiesByDate", keys_of(ME), day)
        .await
        .unwrap()
        .value;
    assert_eq!(by_token["items"], by_keys["items"]);
    assert_eq!(by_keys["items"].as_array().unwrap().len(), 2);
    let one = json!({ "id": created["id"] });
    assert_eq!(api.ok("Query.getActivity", ME, one.clone()).await["userid"], ME);
    let others = api.full_as("Query.getActivity", keys_of(YOU), one).await;
    assert_eq!(others.unwrap().value, Value::Null);
}

/// Without `SIGN_IN`, an API takes no keys of identity pools.
#[tokio::test]
async fn an_api_without_an_identity_pool_rejects_every_sign_in() {
    let api = Stored::new(|tables| Runtime::of(Files::embedded(), tables).with_environment(json!({})));
    let refused = api
        .full_as("Query.getUser", keys_of(ME), arguments())
        .await
        .unwrap_err();
    assert_eq!(refused.error_type.as_deref(), Some("Unauthorized"));
    assert_eq!(api.ok("Query.getUser", ME, arguments()).await, Value::Null);
}
