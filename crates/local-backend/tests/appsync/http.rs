//! The headers and addresses of a request that resolvers see, and the headers of its response.

use std::{net::SocketAddr, sync::Arc};

use async_trait::async_trait;
use caltrack_local_appsync::realtime::SocketTimes;
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

/// Returns the request headers and the source addresses as JSON.
const ECHO: &str = "// datasource: NoneSource
    export const request = () => ({});
    export const response = (ctx) => ({ id: JSON.stringify(ctx.request.headers), username: JSON.stringify(ctx.identity.sourceIp) });";

/// Authenticates every request as the same user.
struct AcceptAll;

#[async_trait]
impl Authenticator for AcceptAll {
    async fn authenticate(&self, _: &Signed<'_>) -> Result<Identity, AuthError> {
        Ok(user(ME).identity)
    }
}

/// An API on a port that allows pages of one origin.
async fn served() -> (Stored<Api>, SocketAddr) {
    let api = api_with(&[("Query.getUser", ECHO)]);
    let server = ApiState {
        app: api.app.clone(),
        authenticator: Arc::new(AcceptAll),
        limits: SocketTimes::default(),
        callers: None,
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let origins = Origins::parse(["http://localhost:5173".to_owned()]).unwrap();
    let router = for_port(finish(api_routes(server)), Scheme::Http, origins);
    tokio::spawn(serve(listener, router, std::future::pending()));
    (api, address)
}

fn request_to(address: SocketAddr) -> reqwest::RequestBuilder {
    let query = json!({ "query": "{ getUser(id: \"1\") { id username } }" });
    // reqwest needs a provider even without TLS; the call fails where one is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    client
        .post(format!("http://{address}/graphql"))
        .timeout(std::time::Duration::from_mins(1))
        .header("content-type", "application/json")
        .body(query.to_string())
}

/// The headers and addresses that the resolver received.
async fn received(request: reqwest::RequestBuilder) -> (Value, Value) {
    let response: Value = serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap();
    let text = |name: &str| {
        response["data"]["getUser"][name]
            .as_str()
            .unwrap_or_else(|| panic!("{response}"))
    };
    (
        serde_json::from_str(text("id")).unwrap(),
        serde_json::from_str(text("username")).unwrap(),
    )
}

#[tokio::test]
async fn resolvers_see_a_repeated_header_as_a_list_and_neither_cookies_nor_credentials() {
    let (_api, address) = served().await;
    let request = request_to(address)
        .header("X-Once", "a")
        .header("X-Twice", "a")
        .header("x-twice", "b, c")
        .header("Cookie", "d")
        .header("Authorization", "e");
    let (headers, _) = received(request).await;
    assert_eq!(headers["x-once"], "a");
    assert_eq!(headers["x-twice"], json!(["a", "b, c"]));
    for hidden in ["cookie", "authorization", "X-Once", "X-Twice"] {
        assert_eq!(headers.get(hidden), None, "{headers}");
    }
}

#[tokio::test]
async fn source_ip_has_the_forwarded_addresses_and_the_peers() {
    let (_api, address) = served().await;
    let (_, alone) = received(request_to(address)).await;
    assert_eq!(alone, json!(["127.0.0.1"]));
    let request = request_to(address)
        .header("x-forwarded-for", "203.0.113.7, 198.51.100.2")
        .header("x-forwarded-for", "2001:db8::1,");
    let (_, forwarded) = received(request).await;
    assert_eq!(
        forwarded,
        json!(["203.0.113.7", "198.51.100.2", "2001:db8::1", "127.0.0.1"])
    );
    let (_, endless) = received(request_to(address).header("x-forwarded-for", "::1,".repeat(10_000))).await;
    assert_eq!(endless.as_array().unwrap().len(), 33);
}

#[tokio::test]
async fn a_response_has_its_consumed_tokens_and_the_headers_that_pages_can_read() {
    let (_api, address) = served().await;
    let response = request_to(address)
        .header("origin", "http://localhost:5173")
        .send()
        .await
        .unwrap();
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_ascii_lowercase();
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
