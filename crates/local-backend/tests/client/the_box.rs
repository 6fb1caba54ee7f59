//! A box on a temporary directory that serves a socket file, and users who sign up with the codes that it sends.

use std::path::{Path, PathBuf};

use caltrack_local_backend::{Backend, BackendOptions};
use serde_json::{Value, json};
use tokio::{net::UnixListener, sync::oneshot, task::JoinHandle};

use crate::client::{CLIENT_ID, cognito, soon};

pub(crate) const PASSWORD: &str = "Correct-Horse-7!";

/// A box that serves a socket file.
pub(crate) struct TheBox {
    directory: tempfile::TempDir,
    pub(crate) socket: PathBuf,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl TheBox {
    pub(crate) async fn start() -> Self {
        Self::start_on(tempfile::tempdir().unwrap()).await
    }

    async fn start_on(directory: tempfile::TempDir) -> Self {
        let backend = Backend::start(&directory.path().join("backend"), BackendOptions::default())
            .await
            .unwrap();
        let socket = directory.path().join("backend.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(async move {
            backend
                .serve_unix(listener, async {
                    let _ = stopped.await;
                })
                .await
                .unwrap();
            backend.shutdown().await;
        });
        Self {
            directory,
            socket,
            stop,
            serving,
        }
    }

    /// Stops the box and starts another one on the same directory.
    pub(crate) async fn restarted(self) -> Self {
        self.stop.send(()).unwrap();
        soon(self.serving).await.unwrap();
        std::fs::remove_file(&self.socket).unwrap();
        Self::start_on(self.directory).await
    }

    /// Signs a user up and confirms the account with the code.
    pub(crate) async fn sign_up(&self, name: &str) {
        sign_up(&self.socket, name).await;
    }
}

pub(crate) async fn sign_up(socket: &Path, name: &str) {
    let request = json!({ "ClientId": CLIENT_ID, "Username": name, "Password": PASSWORD });
    let signed_up = cognito(socket, "SignUp", request).await.unwrap();
    assert_eq!(signed_up["UserConfirmed"], false, "{signed_up}");
    let codes = std::fs::read_to_string(socket.with_file_name("backend").join("codes.jsonl")).unwrap();
    let delivery: Value = serde_json::from_str(codes.lines().last().unwrap()).unwrap();
    assert_eq!(delivery["username"], json!(name));
    let request = json!({ "ClientId": CLIENT_ID, "Username": name, "ConfirmationCode": delivery["code"] });
    cognito(socket, "ConfirmSignUp", request).await.unwrap();
}
