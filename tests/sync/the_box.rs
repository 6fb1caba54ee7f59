//! The box on a temporary directory, with one user.

use std::path::PathBuf;

use caltrack_client::api::{Client, Endpoints, SessionFile};
use caltrack_local_backend::{Backend, BackendOptions, account};
use secrecy::SecretString;
use serde_json::Value;
use tokio::{net::UnixListener, sync::oneshot, task::JoinHandle};

pub(crate) const PASSWORD: &str = "Correct-Horse-7!";
pub(crate) const USER: &str = "ada";

pub(crate) struct TheBox {
    pub(crate) directory: tempfile::TempDir,
    pub(crate) socket: PathBuf,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl TheBox {
    /// Starts a box with a confirmed user.
    pub(crate) async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let backend = Backend::start(&directory.path().join("backend"), BackendOptions::default())
            .await
            .unwrap();
        let socket = directory.path().join("box.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(async move {
            let until = async {
                let _ = stopped.await;
            };
            backend.serve_unix(listener, until).await.unwrap();
            backend.shutdown().await;
        });
        let this = Self {
            directory,
            socket,
            stop,
            serving,
        };
        let client = this.client("first", &this.socket);
        client.sign_up(USER, &password(), None).await.unwrap();
        let codes = this.directory.path().join("backend/codes.jsonl");
        let codes = std::fs::read_to_string(codes).unwrap();
        let code: Value = serde_json::from_str(codes.lines().last().unwrap()).unwrap();
        client
            .confirm_sign_up(USER, code["code"].as_str().unwrap())
            .await
            .unwrap();
        this
    }

    /// Ends the box; returns its directory.
    pub(crate) async fn stop(self) -> tempfile::TempDir {
        // An error means that it has ended.
        let _ = self.stop.send(());
        self.serving.await.unwrap();
        self.directory
    }

    /// A client with a session file of its own.
    pub(crate) fn client(&self, name: &str, socket: &std::path::Path) -> Client {
        let session = SessionFile::new(self.directory.path().join(format!("session-{name}.json")));
        let endpoints = Endpoints::on_socket(socket, account::POOL_ID, account::CLIENT_ID);
        Client::new(endpoints, session).unwrap()
    }

    pub(crate) async fn signed_in(&self, name: &str, socket: &std::path::Path) -> Client {
        let client = self.client(name, socket);
        client.sign_in(USER, &password()).await.unwrap();
        client
    }
}

fn password() -> SecretString {
    SecretString::from(PASSWORD)
}
