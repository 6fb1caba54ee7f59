//! `serve --tls-cert --tls-key`: https, HTTP/2 and wss on one port; and files that can't be used.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "aws/signer.rs"]
#[expect(dead_code, reason = "one request is signed here")]
mod signer;

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use caltrack_local_backend::{Backend, BackendOptions, TcpOptions, sigv4::KeyPair, tls};
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use serde_json::{Value, json};
use signer::Request;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};
use tokio_rustls::TlsConnector;
use tokio_tungstenite::{
    client_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

const POOL: &str = "us-east-1_CALTRACK0";
const CLIENT: &str = "caltrack0local0client00000";
const PASSWORD: &str = "Correct-Horse-7!";

async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_mins(1), future)
        .await
        .expect("finished within a minute")
}

/// A self-signed certificate for loopback's names, and its key.
struct Files {
    directory: tempfile::TempDir,
    der: rustls::pki_types::CertificateDer<'static>,
}

impl Files {
    fn new() -> Self {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).unwrap();
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("cert.pem"), made.cert.pem()).unwrap();
        fs::write(directory.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
        Self {
            der: made.cert.der().clone(),
            directory,
        }
    }

    fn certificate(&self) -> PathBuf {
        self.directory.path().join("cert.pem")
    }

    fn key(&self) -> PathBuf {
        self.directory.path().join("key.pem")
    }

    /// A client that trusts only this certificate.
    fn client(&self) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        roots.add(self.der.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth()
    }

    fn https(&self) -> reqwest::Client {
        let mut config = self.client();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        reqwest::Client::builder()
            .tls_backend_preconfigured(config)
            .no_proxy()
            .timeout(Duration::from_mins(1))
            .build()
            .unwrap()
    }
}

struct World {
    address: SocketAddr,
    exposed: KeyPair,
    files: Files,
    directory: tempfile::TempDir,
    stop: watch::Sender<()>,
    serving: JoinHandle<()>,
}

impl World {
    async fn new() -> Self {
        let files = Files::new();
        let directory = tempfile::tempdir().unwrap();
        let backend = Backend::start(&directory.path().join("backend"), BackendOptions::default())
            .await
            .unwrap();
        let (_, exposed) = backend.credentials().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let options = TcpOptions {
            tls: Some(tls::config(&files.certificate(), &files.key()).unwrap()),
            exposed: Some(exposed.clone()),
            ..TcpOptions::default()
        };
        let (stop, mut stopped) = watch::channel(());
        let serving = tokio::spawn(async move {
            let end = async move {
                let _ = stopped.changed().await;
            };
            backend.serve_tcp(listener, options, end).await.unwrap();
            backend.shutdown().await;
        });
        Self {
            address,
            exposed,
            files,
            directory,
            stop,
            serving,
        }
    }

    /// Calls an operation of the user pool over HTTP/2.
    async fn users(&self, client: &reqwest::Client, operation: &str, body: Value) -> Value {
        let response = client
            .post(format!("https://localhost:{}", self.address.port()))
            .header(
                "x-amz-target",
                format!("AWSCognitoIdentityProviderService.{operation}"),
            )
            .header("content-type", "application/x-amz-json-1.1")
            .body(body.to_string())
            .send()
            .await
            .unwrap();
        assert_eq!(response.version(), reqwest::Version::HTTP_2);
        let (status, body) = (response.status(), response.text().await.unwrap());
        assert_eq!(status, 200, "{operation}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    async fn end(self) {
        self.stop.send(()).unwrap();
        soon(self.serving).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn https_is_served_over_http_2_and_is_in_the_issuer_of_tokens() {
    let world = World::new().await;
    let base = format!("https://localhost:{}", world.address.port());
    let client = world.files.https();
    let response = client
        .post(format!("{base}/graphql"))
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(
        (response.version(), response.status()),
        (reqwest::Version::HTTP_2, 401.try_into().unwrap())
    );

    // In HTTP/2 the host is a pseudo-header; the signature covers it.
    let mut request = Request::new(world.address, "/", json!({}).to_string())
        .with("content-type", "application/x-amz-json-1.0")
        .with("x-amz-target", "DynamoDB_20120810.ListTables");
    request.set("host", &format!("localhost:{}", world.address.port()));
    request.headers.rotate_right(1);
    let request = request.signed(&world.exposed, "dynamodb");
    let mut signed = client.post(&base).body(request.body.clone());
    for (name, value) in request.headers.iter().filter(|(name, _)| name != "host") {
        signed = signed.header(name, value);
    }
    let response = signed.send().await.unwrap();
    assert_eq!(
        (response.version(), response.status()),
        (reqwest::Version::HTTP_2, 200.try_into().unwrap())
    );
    let tables: Value = response.json().await.unwrap();
    assert_eq!(tables["TableNames"].as_array().unwrap().len(), 4, "{tables}");

    // The issuer of a token is the requested address with its port.
    let login = json!({ "USERNAME": "anna", "PASSWORD": PASSWORD });
    let sign_up = json!({ "ClientId": CLIENT, "Username": "anna", "Password": PASSWORD });
    world.users(&client, "SignUp", sign_up).await;
    let codes = fs::read_to_string(world.directory.path().join("backend/codes.jsonl")).unwrap();
    let delivery: Value = serde_json::from_str(codes.lines().last().unwrap()).unwrap();
    let confirmation =
        json!({ "ClientId": CLIENT, "Username": "anna", "ConfirmationCode": delivery["code"] });
    world.users(&client, "ConfirmSignUp", confirmation).await;
    let sign_in = json!({ "ClientId": CLIENT, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": login });
    let tokens = &world.users(&client, "InitiateAuth", sign_in).await["AuthenticationResult"];
    for token in ["IdToken", "AccessToken"] {
        let token = tokens[token].as_str().unwrap();
        let claims = token.split('.').nth(1).unwrap();
        let claims: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        assert_eq!(claims["iss"], format!("{base}/{POOL}"));
        let response = client
            .post(format!("{base}/graphql"))
            .header("authorization", token)
            .header("content-type", "application/json")
            .body(json!({ "query": "{ __typename }" }).to_string())
            .send()
            .await
            .unwrap();
        assert_eq!(
            (response.version(), response.status()),
            (reqwest::Version::HTTP_2, 200.try_into().unwrap())
        );
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wss_is_served_on_the_same_port() {
    let world = World::new().await;
    let connector = TlsConnector::from(Arc::new(world.files.client()));
    let stream = TcpStream::connect(world.address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let stream = soon(connector.connect(name, stream)).await.unwrap();
    let mut request = format!(
        "wss://localhost:{}/graphql/realtime?header=e30=",
        world.address.port()
    )
    .into_client_request()
    .unwrap();
    request
        .headers_mut()
        .insert("sec-websocket-protocol", "graphql-ws".parse().unwrap());
    let (mut socket, _) = Box::pin(soon(client_async(request, stream))).await.unwrap();
    let frame = soon(futures_util::StreamExt::next(&mut socket))
        .await
        .unwrap()
        .unwrap();
    let Message::Text(text) = frame else {
        unreachable!("expected a text frame, not {frame:?}");
    };
    assert!(
        text.contains("\"connection_error\"") && text.contains("Missing authorization"),
        "{text}"
    );
    drop(socket);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_gets_no_response_and_delays_no_other_client() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let world = World::new().await;
    // This client sends nothing.
    let silent = TcpStream::connect(world.address).await.unwrap();
    let mut plain = TcpStream::connect(world.address).await.unwrap();
    plain
        .write_all(b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n\r\n{}")
        .await
        .unwrap();
    let mut response = Vec::new();
    // The connection may be reset instead of closed.
    let _ = soon(plain.read_to_end(&mut response)).await;
    assert!(!response.starts_with(b"HTTP"), "{response:?}");
    let url = format!("https://localhost:{}/graphql", world.address.port());
    let response = world.files.https().post(url).body("{}").send().await.unwrap();
    assert_eq!(response.status(), 401);
    drop(silent);
    world.end().await;
}

#[test]
fn unusable_files_are_reported_by_path() {
    let (ours, theirs) = (Files::new(), Files::new());
    let empty = ours.directory.path().join("empty.pem");
    fs::write(&empty, "").unwrap();
    let garbage = ours.directory.path().join("garbage.pem");
    fs::write(
        &garbage,
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    let absent = Path::new("/nowhere/at/all.pem");
    let (certificate, key) = (ours.certificate(), ours.key());
    for (certificate, key, at_fault) in [
        (absent, key.as_path(), absent),
        (&certificate, absent, absent),
        (&empty, &key, &empty),
        (&garbage, &key, &garbage),
        (&key, &key, &key),
        (&certificate, &empty, &empty),
        (&certificate, &certificate, &certificate),
        (&certificate, &theirs.key(), &theirs.key()),
    ] {
        let error = tls::config(certificate, key).unwrap_err();
        let (path, reason) = error.split_once(" can't be used: ").expect(&error);
        assert_eq!(path, at_fault.display().to_string());
        assert!(!reason.is_empty(), "{error}");
    }
    assert!(tls::config(&certificate, &key).is_ok());
}
