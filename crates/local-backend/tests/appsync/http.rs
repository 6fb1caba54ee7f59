//! What resolvers learn of a request, and what headers its answer has.

use std::{net::SocketAddr, sync::Arc};

use async_trait::async_trait;
use caltrack_local_appsync::realtime::Limits;
use caltrack_local_backend::{
    serve::serve,
    server::{ApiState, Origins, Scheme, api_routes, finish, for_port},
};
use caltrack_local_core::{
    authenticator::{AuthError, Authenticator, Signed},
    identity::Identity,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    Stored, api_with,
    support::{Api, ME, user},
};

/// Tells what its resolver was given.
const TELLS: &str = "// datasource: NoneSource
    export const request = () => ({});
    export const response = (ctx) => ({ id: JSON.stringify(ctx.request.headers), username: JSON.stringify(ctx.identity.sourceIp) });";

/// Everybody is one user.
struct Anyone;

#[async_trait]
impl Authenticator for Anyone {
    async fn authenticate(&self, _: &Signed<'_>) -> Result<Identity, AuthError> {
        Ok(user(ME).identity)
    }
}

/// An API on a port, for pages of one origin.
async fn served() -> (Stored<Api>, SocketAddr) {
    let api = api_with(&[("Query.getUser", TELLS)]);
    let server = ApiState {
        app: api.app.clone(),
        authenticator: Arc::new(Anyone),
        limits: Limits::default(),
        callers: None,
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let origins = Origins::parse(["http://localhost:5173".to_owned()]).unwrap();
    let router = for_port(finish(api_routes(server)), Scheme::Http, origins);
    tokio::spawn(serve(listener, router, std::future::pending()));
    (api, address)
}

fn question(address: SocketAddr) -> reqwest::RequestBuilder {
    let query = json!({ "query": "{ getUser(id: \"1\") { id username } }" });
    // The client wants one although nothing is encrypted here; an error says that there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    client
        .post(format!("http://{address}/graphql"))
        .timeout(std::time::Duration::from_mins(1))
        .header("content-type", "application/json")
        .body(query.to_string())
}

/// The headers and addresses that the resolver was given.
async fn told(request: reqwest::RequestBuilder) -> (Value, Value) {
    let answer: Value = serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap();
    let text = |name: &str| {
        answer["data"]["getUser"][name]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"))
    };
    (
        serde_json::from_str(text("id")).unwrap(),
        serde_json::from_str(text("username")).unwrap(),
    )
}

#[tokio::test]
async fn resolvers_see_a_repeated_header_as_a_list_and_neither_cookies_nor_credentials() {
    let (_api, address) = served().await;
    let request = question(address)
        .header("X-Once", "a")
        .header("X-Twice", "a")
        .header("x-twice", "b, c")
        .header("Cookie", "d")
        .header("Authorization", "e");
    let (headers, _) = told(request).await;
    assert_eq!(headers["x-once"], "a");
    assert_eq!(headers["x-twice"], json!(["a", "b, c"]));
    for hidden in ["cookie", "authorization", "X-Once", "X-Twice"] {
        assert_eq!(headers.get(hidden), None, "{headers}");
    }
}

#[tokio::test]
async fn a_users_addresses_are_those_that_proxies_named_and_the_peers() {
    let (_api, address) = served().await;
    let (_, alone) = told(question(address)).await;
    assert_eq!(alone, json!(["127.0.0.1"]));
    let request = question(address)
        .header("x-forwarded-for", "203.0.113.7, 198.51.100.2")
        .header("x-forwarded-for", "2001:db8::1,");
    let (_, forwarded) = told(request).await;
    assert_eq!(
        forwarded,
        json!(["203.0.113.7", "198.51.100.2", "2001:db8::1", "127.0.0.1"])
    );
    let (_, endless) = told(question(address).header("x-forwarded-for", "::1,".repeat(10_000))).await;
    assert_eq!(endless.as_array().unwrap().len(), 33);
}

#[tokio::test]
async fn an_answer_tells_the_tokens_it_cost_and_pages_what_they_may_read_of_it() {
    let (_api, address) = served().await;
    let answer = question(address)
        .header("origin", "http://localhost:5173")
        .send()
        .await
        .unwrap();
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_ascii_lowercase();
    assert_eq!(header("x-amzn-appsync-tokensconsumed"), "1");
    assert_eq!(header("content-type"), "application/json;charset=utf-8");
    let exposed = header("access-control-expose-headers");
    let mut exposed: Vec<&str> = exposed.split(',').collect();
    exposed.sort_unstable();
    assert_eq!(
        exposed,
        [
            "date",
            "x-amz-schema-version",
            "x-amz-user-agent",
            "x-amzn-errormessage",
            "x-amzn-errortype",
            "x-amzn-requestid"
        ]
    );
}
