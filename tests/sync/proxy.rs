//! A device's way to the box: counts its requests, and can be cut.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{UnixListener, UnixStream},
    sync::watch,
    task::JoinSet,
};

const REQUEST: &[u8] = b"POST /graphql HTTP/1.1";

/// A socket file before the box's.
pub(crate) struct Proxy {
    requests: Arc<AtomicUsize>,
    up: watch::Sender<bool>,
    _connections: JoinSet<()>,
}

impl Proxy {
    pub(crate) fn start(path: &Path, target: PathBuf) -> Self {
        let listener = UnixListener::bind(path).unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let (up, is_up) = watch::channel(true);
        let counter = Arc::clone(&requests);
        let mut connections = JoinSet::new();
        connections.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let mut is_up = is_up.clone();
                if *is_up.borrow_and_update() {
                    let (target, counter) = (target.clone(), Arc::clone(&counter));
                    open.spawn(async move {
                        tokio::select! {
                            () = forward(client, &target, &counter) => {}
                            _ = is_up.changed() => {}
                        }
                    });
                }
            }
        });
        Self {
            requests,
            up,
            _connections: connections,
        }
    }

    /// Cuts every connection, or lets new ones through.
    pub(crate) fn set_up(&self, up: bool) {
        self.up.send_replace(up);
    }

    /// The GraphQL requests so far.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

async fn forward(client: UnixStream, target: &Path, requests: &AtomicUsize) {
    let Ok(server) = UnixStream::connect(target).await else {
        return;
    };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let up = async {
        // The end of what was read before: a request's first line may be split.
        let mut seen = Vec::new();
        let mut bytes = vec![0; 65_536];
        while let Ok(count) = from_client.read(&mut bytes).await {
            if count == 0 {
                break;
            }
            seen.extend_from_slice(&bytes[..count]);
            let found = seen.windows(REQUEST.len()).filter(|window| *window == REQUEST).count();
            requests.fetch_add(found, Ordering::SeqCst);
            seen.drain(..seen.len().saturating_sub(REQUEST.len() - 1));
            if to_server.write_all(&bytes[..count]).await.is_err() {
                break;
            }
        }
    };
    let down = async {
        // An error means that one of the two has closed the connection.
        let _ = tokio::io::copy(&mut from_server, &mut to_client).await;
    };
    tokio::select! {
        () = up => {}
        () = down => {}
    }
}
