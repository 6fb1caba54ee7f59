//! A backend on a socket file whose responses the test chooses.

use std::{
    collections::{HashMap, VecDeque},
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Request, State, WebSocketUpgrade, ws::WebSocket},
    http::{HeaderMap, StatusCode, header::DATE},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use caltrack_client::api::{ApiAuthorization, Client, Endpoints, IdentityPool, SessionFile};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{net::UnixListener, sync::mpsc, task::JoinHandle, time::timeout};

use crate::peer::Peer;

pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
pub(crate) const SUB: &str = "0f8b5d1e-6c1a-4f2e-9b0d-3a7c5e9d1b24";

/// Waits for what must come.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    timeout(PATIENCE, what).await.expect("in time")
}

pub(crate) struct Script {
    /// The only access token that is honoured.
    pub(crate) valid: String,
    /// What authorises requests to the API.
    pub(crate) proof: Proof,
    /// How many keys were given out. The id of the last one is `ASIA` and this number.
    pub(crate) keys_given: u32,
    /// How many signatures had another time than the server's.
    pub(crate) rejected_signatures: u32,
    /// Seconds by which the server's clock is ahead.
    pub(crate) clock_ahead: i64,
    /// Whether the API responds to pings.
    pub(crate) within_reach: bool,
    /// How requests fail to get a response.
    pub(crate) silence: Option<Silence>,
    /// Answers by an operation's name, however often it is asked. They come before those that have an order.
    pub(crate) by_name: HashMap<String, Value>,
    /// Answers to `POST /graphql`, in order.
    pub(crate) answers: VecDeque<(u16, Value)>,
    /// The GraphQL requests that had a valid token.
    pub(crate) asked: Vec<Value>,
    /// How many tokens were handed out.
    pub(crate) refreshes: u32,
    /// The refresh token that is honoured; it rotates.
    pub(crate) refresh: String,
    /// Whether tokens handed out are honoured afterwards.
    pub(crate) honours_new_tokens: bool,
    /// Answers of the pool's other operations, in order.
    pub(crate) pool_answers: VecDeque<(u16, Value)>,
    /// The requests of the user pool's operations.
    pub(crate) pool_asked: Vec<(String, Value)>,
    /// Refresh tokens that were revoked.
    pub(crate) revoked: Vec<String>,
}

/// What authorises requests to the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// The access token.
    Token,
    /// Signatures by the keys that were given out last.
    Keys,
    /// Signatures; but the identity pool refuses the ID token.
    NoKeys,
}

/// How a request fails to get a response.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Silence {
    /// Nothing is sent.
    Frozen,
    /// A byte a second is sent.
    Dripping,
}

#[derive(Clone)]
struct Shared {
    script: Arc<Mutex<Script>>,
    sockets: mpsc::Sender<(String, WebSocket)>,
}

pub(crate) struct Fake {
    pub(crate) dir: TempDir,
    script: Arc<Mutex<Script>>,
    sockets: mpsc::Receiver<(String, WebSocket)>,
    server: JoinHandle<()>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// A token in the pool's form; the number makes it unique.
pub(crate) fn token(number: u32) -> String {
    let claims = json!({"sub": SUB, "username": "ada", "jti": number});
    format!("e30.{}.sig", BASE64_URL_SAFE_NO_PAD.encode(claims.to_string()))
}

impl Fake {
    pub(crate) fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let script = Arc::new(Mutex::new(Script {
            valid: token(0),
            proof: Proof::Token,
            keys_given: 0,
            rejected_signatures: 0,
            clock_ahead: 0,
            within_reach: false,
            silence: None,
            by_name: HashMap::new(),
            answers: VecDeque::new(),
            asked: Vec::new(),
            refreshes: 0,
            refresh: "refresh-0".to_owned(),
            honours_new_tokens: true,
            pool_answers: VecDeque::new(),
            pool_asked: Vec::new(),
            revoked: Vec::new(),
        }));
        let (sender, sockets) = mpsc::channel(8);
        let shared = Shared {
            script: Arc::clone(&script),
            sockets: sender,
        };
        let router = Router::new()
            .route("/graphql", post(graphql))
            .route("/graphql/realtime", get(realtime))
            .route("/", post(cognito))
            .layer(from_fn_with_state(shared.clone(), dated))
            .with_state(shared);
        let listener = UnixListener::bind(dir.path().join("backend.sock")).unwrap();
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            dir,
            script,
            sockets,
            server,
        }
    }

    pub(crate) fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap()
    }

    pub(crate) fn will_answer(&self, status: u16, body: Value) {
        self.script().answers.push_back((status, body));
    }

    pub(crate) fn session_file(&self) -> SessionFile {
        SessionFile::new(self.dir.path().join("session-local.json"))
    }

    /// A session whose token the backend honours, and which this computer's clock gives so many seconds.
    pub(crate) fn signed_in_for(&self, seconds: i64) {
        let session = json!({"version": 1, "username": "ada", "sub": SUB, "access_token": token(0),
            "refresh_token": "refresh-0", "lifetime": 3600,
            "expires": jiff::Timestamp::now().as_second() + seconds});
        std::fs::write(self.session_file().path(), session.to_string()).unwrap();
    }

    pub(crate) fn client(&self) -> Client {
        let endpoints =
            Endpoints::on_socket(&self.dir.path().join("backend.sock"), "us-east-1_FAKE", "client");
        Client::new(endpoints, self.session_file()).unwrap()
    }

    /// A client that signs with keys of an identity pool.
    pub(crate) fn signing_client(&self) -> Client {
        let socket = self.dir.path().join("backend.sock");
        let endpoints = Endpoints {
            authorization: ApiAuthorization::IdentityPool(Box::new(IdentityPool {
                id: "us-east-1:pool".to_owned(),
                address: "http://localhost".to_owned(),
            })),
            ..Endpoints::on_socket(&socket, "us-east-1_FAKE", "client")
        };
        Client::new(endpoints, self.session_file()).unwrap()
    }

    /// A session of a profile that signs, with keys for so many seconds, or none.
    pub(crate) fn signed_in_with_keys(&self, seconds: Option<i64>) {
        let now = jiff::Timestamp::now().as_second();
        let mut session = json!({"version": 1, "username": "ada", "sub": SUB, "access_token": token(0),
            "id_token": "an-id-token", "refresh_token": "refresh-0", "lifetime": 3600, "expires": now + 3000});
        if let Some(seconds) = seconds {
            session["keys"] = json!({"identity_id": "us-east-1:ada", "access_key_id": "ASIA0", "secret_key": "s",
                "session_token": "t", "expires": now + seconds, "lifetime": 3600});
        }
        std::fs::write(self.session_file().path(), session.to_string()).unwrap();
        self.script().proof = Proof::Keys;
    }

    /// The next connection that a client opens, after its `connection_init`.
    pub(crate) async fn connection(&mut self) -> Peer {
        soon(self.next_connection()).await
    }

    /// Whether no client has opened another connection.
    pub(crate) fn has_no_connection(&mut self) -> bool {
        self.sockets.try_recv().is_err()
    }

    /// As [`Fake::connection`], on a clock that is paused: waits for as long as it takes.
    pub(crate) async fn next_connection(&mut self) -> Peer {
        let (protocols, socket) = self.sockets.recv().await.expect("a connection");
        let mut peer = Peer::new(protocols, socket);
        assert_eq!(peer.receive().await, json!({"type": "connection_init"}));
        peer
    }
}

async fn graphql(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let silence = shared.script.lock().unwrap().silence;
    match silence {
        None => {}
        Some(Silence::Frozen) => return std::future::pending().await,
        Some(Silence::Dripping) => {
            let bytes = futures_util::stream::unfold((), async |()| {
                tokio::time::sleep(Duration::from_secs(1)).await;
                Some((Ok::<_, Infallible>(Bytes::from_static(b" ")), ()))
            });
            return Body::from_stream(bytes).into_response();
        }
    }
    let mut script = shared.script.lock().unwrap();
    if script.proof != Proof::Token {
        if let Some(refusal) = refused_signature(&mut script, &headers) {
            return refusal;
        }
    } else if headers["authorization"] != script.valid.as_str() {
        let body =
            json!({"errors": [{"errorType": "UnauthorizedException", "message": "Token has expired."}]});
        return (StatusCode::UNAUTHORIZED, Json(body)).into_response();
    }
    let body: Value = serde_json::from_slice(&body).unwrap();
    if body["query"] == "query Reach { __typename }" {
        return if script.within_reach {
            Json(json!({"data": {"__typename": "Query"}})).into_response()
        } else {
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        };
    }
    let named = body["operationName"]
        .as_str()
        .and_then(|name| script.by_name.get(name));
    if let Some(mut answer) = named.cloned() {
        // A created entry is as it was requested.
        if let (Some(created), Some(input)) = (
            answer["createActivity"].as_object_mut(),
            body["variables"]["input"].as_object(),
        ) {
            created.extend(input.clone());
        }
        script.asked.push(body);
        return Json(json!({ "data": answer })).into_response();
    }
    script.asked.push(body);
    let (status, body) = script
        .answers
        .pop_front()
        .unwrap_or_else(|| panic!("no answer to {:?}", script.asked.last()));
    (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
}

/// Every response has the date of the server's clock.
async fn dated(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let ahead = shared.script.lock().unwrap().clock_ahead;
    let there = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(ahead);
    let date = jiff::fmt::rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&there)
        .unwrap();
    response.headers_mut().insert(DATE, date.parse().unwrap());
    response
}

/// The response to a signature by other keys than the last ones, or of another time.
fn refused_signature(script: &mut Script, headers: &HeaderMap) -> Option<Response> {
    let refuse = |kind: &str, message: &str| {
        let body = json!({"errors": [{"errorType": kind, "message": message}]});
        Some((StatusCode::FORBIDDEN, Json(body)).into_response())
    };
    let text = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap());
    let credential = format!("Credential=ASIA{}/", script.keys_given);
    if !text("authorization").contains(&credential) {
        return refuse(
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
        );
    }
    let signed = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", text("x-amz-date")).unwrap();
    let signed = signed
        .to_zoned(jiff::tz::TimeZone::UTC)
        .unwrap()
        .timestamp()
        .as_second();
    let there = jiff::Timestamp::now().as_second() + script.clock_ahead;
    if signed.abs_diff(there) > 300 {
        script.rejected_signatures += 1;
        return refuse("InvalidSignatureException", "Signature expired: it is now later.");
    }
    None
}

async fn cognito(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap();
    let mut script = shared.script.lock().unwrap();
    match headers["x-amz-target"].to_str().unwrap() {
        "AWSCognitoIdentityProviderService.GetTokensFromRefreshToken" => {
            if body["RefreshToken"] != script.refresh.as_str() {
                let body =
                    json!({"__type": "NotAuthorizedException", "message": "Refresh Token has been revoked"});
                return (StatusCode::BAD_REQUEST, Json(body)).into_response();
            }
            script.refreshes += 1;
            let access = token(script.refreshes);
            script.refresh = format!("refresh-{}", script.refreshes);
            if script.honours_new_tokens {
                script.valid.clone_from(&access);
            }
            Json(
                json!({"AuthenticationResult": {"AccessToken": access, "IdToken": "x", "ExpiresIn": 3600,
                "RefreshToken": script.refresh, "TokenType": "Bearer"}}),
            )
            .into_response()
        }
        "AWSCognitoIdentityService.GetId" => {
            assert_eq!(body["IdentityPoolId"], "us-east-1:pool");
            Json(json!({"IdentityId": "us-east-1:ada"})).into_response()
        }
        "AWSCognitoIdentityService.GetCredentialsForIdentity" => {
            assert_eq!(body["IdentityId"], "us-east-1:ada");
            assert!(
                body["Logins"]["cognito-idp.us-east-1.amazonaws.com/us-east-1_FAKE"].is_string(),
                "{body}"
            );
            if script.proof == Proof::NoKeys {
                let body = json!({"__type": "NotAuthorizedException", "message": "Invalid login token. Token was revoked."});
                return (StatusCode::BAD_REQUEST, Json(body)).into_response();
            }
            script.keys_given += 1;
            let expiration = jiff::Timestamp::now().as_second() + script.clock_ahead + 3600;
            let keys = json!({"AccessKeyId": format!("ASIA{}", script.keys_given), "SecretKey": "s",
                "SessionToken": "t", "Expiration": expiration});
            let answer = json!({"IdentityId": "us-east-1:ada", "Credentials": keys});
            Json(answer).into_response()
        }
        "AWSCognitoIdentityProviderService.RevokeToken" => {
            script.revoked.push(body["Token"].as_str().unwrap().to_owned());
            Json(json!({})).into_response()
        }
        other => {
            let operation = other.rsplit('.').next().unwrap().to_owned();
            script.pool_asked.push((operation, body));
            let (status, body) = script.pool_answers.pop_front().expect("an answer in the script");
            (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
        }
    }
}

async fn realtime(State(shared): State<Shared>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    let protocols = headers["sec-websocket-protocol"].to_str().unwrap().to_owned();
    upgrade
        .protocols(["graphql-ws"])
        .on_upgrade(async move |socket| shared.sockets.send((protocols, socket)).await.unwrap())
}
