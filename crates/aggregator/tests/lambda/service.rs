//! A service on loopback: checks each request's signature, sends configured responses, and records requests.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode},
};
use caltrack_aggregator::aws::Aws;
use caltrack_sigv4::Keys;
use jiff::{Timestamp, fmt::strtime, tz::TimeZone};
use serde_json::{Value, json};

pub(crate) const REGION: &str = "eu-west-1";

pub(crate) fn credentials() -> Keys {
    Keys::new(
        "AKIDEXAMPLE",
        "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        Some("TOKENEXAMPLE"),
    )
}

pub(crate) fn aws() -> Aws {
    Aws::new(credentials(), REGION).unwrap()
}

/// What a service answers to one request.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    Json(u16, Value),
    /// It takes the request and never answers.
    Silence,
}

impl Reply {
    /// An exception of the JSON 1.0 protocol.
    pub(crate) fn exception(kind: &str) -> Self {
        let body = json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{kind}"), "message": "text for people" });
        Self::Json(400, body)
    }

    /// A cancelled transaction with these codes.
    pub(crate) fn cancelled(codes: &[&str]) -> Self {
        let reasons: Vec<Value> = codes.iter().map(|code| json!({ "Code": code })).collect();
        Self::Json(
            400,
            json!({
                "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
                "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons",
                "CancellationReasons": reasons,
            }),
        )
    }
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) target: String,
    pub(crate) body: Value,
}

#[derive(Default)]
struct State {
    replies: VecDeque<Reply>,
    then: Option<Reply>,
    requests: Vec<Request>,
}

/// One service.
#[derive(Clone)]
pub(crate) struct Service {
    pub(crate) url: String,
    state: Arc<Mutex<State>>,
}

impl Service {
    /// Listens; `name` is what requests must be signed for.
    pub(crate) async fn start(name: &'static str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/graphql", listener.local_addr().unwrap());
        let url = if name == "appsync" {
            url
        } else {
            url.replace("graphql", "")
        };
        let service = Self {
            url: url.clone(),
            state: Arc::default(),
        };
        let handler = service.clone();
        let app = Router::new().fallback(move |headers: HeaderMap, body: Bytes| async move {
            let signed = is_signed(name, &url, &headers, &body);
            handler.answer(signed, &headers, &body).await
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        service
    }

    /// The answers to the next requests, one after the other.
    pub(crate) fn reply(&self, replies: impl IntoIterator<Item = Reply>) {
        self.state.lock().unwrap().replies.extend(replies);
    }

    /// The answer to all further ones.
    pub(crate) fn then(&self, reply: Reply) {
        self.state.lock().unwrap().then = Some(reply);
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.state.lock().unwrap().requests.clone()
    }

    async fn answer(&self, signed: bool, headers: &HeaderMap, body: &Bytes) -> (StatusCode, String) {
        if !signed {
            let body =
                json!({ "__type": "InvalidSignatureException", "message": "signed for something else" });
            return (StatusCode::FORBIDDEN, body.to_string());
        }
        let reply = {
            let mut state = self.state.lock().unwrap();
            state.requests.push(Request {
                target: text(headers, "x-amz-target").to_owned(),
                body: serde_json::from_slice(body).unwrap(),
            });
            state.replies.pop_front().or_else(|| state.then.clone())
        };
        match reply.unwrap_or(Reply::Json(200, json!({}))) {
            Reply::Json(status, body) => (StatusCode::from_u16(status).unwrap(), body.to_string()),
            Reply::Silence => std::future::pending().await,
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

/// Signs what came once more, at the moment that it names: the signature must be the same.
fn is_signed(service: &str, url: &str, headers: &HeaderMap, body: &[u8]) -> bool {
    let authorization = text(headers, "authorization");
    let Some((_, rest)) = authorization.split_once("SignedHeaders=") else {
        return false;
    };
    let (names, signature) = rest.split_once(", Signature=").unwrap();
    let own = ["host", "x-amz-date", "x-amz-security-token"];
    let signed: Vec<(&str, &str)> = names
        .split(';')
        .filter(|name| !own.contains(name))
        .map(|name| (name, text(headers, name)))
        .collect();
    let all = ["content-type", "host", "x-amz-date", "x-amz-security-token"];
    assert!(
        all.iter()
            .all(|name| names.split(';').any(|signed| signed == *name)),
        "{names}"
    );
    assert_eq!(names.contains("x-amz-target"), service != "appsync", "{names}");

    let date = strtime::parse("%Y%m%dT%H%M%SZ", text(headers, "x-amz-date")).unwrap();
    let time = date
        .to_datetime()
        .unwrap()
        .to_zoned(TimeZone::UTC)
        .unwrap()
        .timestamp();
    assert!(
        (Timestamp::now().as_second() - time.as_second()).abs() < 300,
        "a stale signature"
    );
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(time.as_second().unsigned_abs());
    let keys = credentials();
    let token = keys.session_token().map(str::to_owned);
    let identity = Credentials::new(keys.id(), keys.secret(), token, None, "test").into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name(service)
        .time(time)
        .settings(SigningSettings::default())
        .build()
        .unwrap()
        .into();
    let request = SignableRequest::new("POST", url, signed.into_iter(), SignableBody::Bytes(body)).unwrap();
    let (_, expected) = sign(request, &params).unwrap().into_parts();
    expected == signature
}
