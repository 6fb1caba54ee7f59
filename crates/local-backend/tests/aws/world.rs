//! A box that serves a socket file and a port, as `serve --expose-aws` does.

use std::{net::SocketAddr, path::PathBuf};

use caltrack_local_backend::{Backend, BackendOptions, TcpOptions, sigv4::KeyPair};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, UnixListener},
    sync::watch,
    task::JoinSet,
};

use crate::{client::soon, signer::Request};

pub(crate) struct World {
    _directory: tempfile::TempDir,
    pub(crate) socket: PathBuf,
    pub(crate) address: SocketAddr,
    /// The key of the aggregator.
    pub(crate) aggregator: KeyPair,
    /// The key of `aws.credentials`, for clients of the exposed APIs.
    pub(crate) exposed: KeyPair,
    _stop: watch::Sender<()>,
    _serving: JoinSet<()>,
}

/// A response of the box, its body parsed and as it was sent.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Status line and headers, in lower case.
    pub(crate) head: String,
    pub(crate) body: Value,
    pub(crate) bytes: String,
}

impl Response {
    /// The type of the error: `__type` of DynamoDB and Cognito, or `errorType` of AppSync.
    pub(crate) fn kind(&self) -> &str {
        let kind = self.body["__type"]
            .as_str()
            .or_else(|| self.body["errors"][0]["errorType"].as_str())
            .unwrap_or_default();
        kind.rsplit('#').next().unwrap()
    }
}

impl World {
    /// A box that exposes AWS's APIs.
    pub(crate) async fn exposed() -> Self {
        Self::start(true).await
    }

    /// A box that doesn't expose AWS's APIs.
    pub(crate) async fn closed() -> Self {
        Self::start(false).await
    }

    async fn start(with_aws: bool) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("backend");
        let backend = Backend::start(&data, BackendOptions::default()).await.unwrap();
        let (file, exposed) = backend.credentials().unwrap();
        assert_eq!(file, data.join("aws.credentials"));
        let aggregator = KeyPair::at(&data.join("aggregator.credentials")).unwrap();
        let socket = directory.path().join("backend.sock");
        let inner = UnixListener::bind(&socket).unwrap();
        let outer = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = outer.local_addr().unwrap();
        let options = TcpOptions {
            exposed: with_aws.then(|| exposed.clone()),
            ..TcpOptions::default()
        };
        let (stop, stopped) = watch::channel(());
        let end = move || {
            let mut stopped = stopped.clone();
            async move {
                let _ = stopped.changed().await;
            }
        };
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let (first, second) = tokio::join!(
                backend.serve_unix(inner, end()),
                backend.serve_tcp(outer, options, end())
            );
            first.and(second).unwrap();
        });
        Self {
            _directory: directory,
            socket,
            address,
            aggregator,
            exposed,
            _stop: stop,
            _serving: serving,
        }
    }

    /// An unsigned call of an AWS API.
    pub(crate) fn call(&self, target: &str, body: &Value) -> Request {
        Request::new(self.address, "/", body.to_string())
            .with("content-type", "application/x-amz-json-1.0")
            .with("x-amz-target", target)
    }

    /// Calls DynamoDB's API with the exposed key.
    pub(crate) async fn dynamodb(&self, operation: &str, body: &Value) -> Response {
        let target = format!("DynamoDB_20120810.{operation}");
        let request = self.call(&target, body).signed(&self.exposed, "dynamodb");
        self.send(&request).await
    }

    pub(crate) async fn send(&self, request: &Request) -> Response {
        let text = request.to_http();
        let response = soon(async {
            let mut stream = TcpStream::connect(self.address).await.unwrap();
            stream.write_all(text.as_bytes()).await.unwrap();
            let mut response = String::new();
            stream.read_to_string(&mut response).await.unwrap();
            response
        })
        .await;
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        Response {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_ascii_lowercase(),
            body: serde_json::from_str(body).unwrap_or_default(),
            bytes: body.to_owned(),
        }
    }
}
