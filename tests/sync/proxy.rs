//! A device's way to the box: counts its requests and their responses, and can be cut.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{UnixListener, UnixStream},
    sync::watch,
    task::JoinSet,
};

const REQUEST: &[u8] = b"POST /graphql HTTP/1.1";
const RESPONSE: &[u8] = b"HTTP/1.1 200";

/// A socket file before the box's.
pub(crate) struct Proxy {
    requests: Arc<AtomicUsize>,
    responses: Arc<AtomicUsize>,
    up: watch::Sender<bool>,
    _connections: JoinSet<()>,
}

impl Proxy {
    pub(crate) fn start(path: &Path, target: PathBuf) -> Self {
        let listener = UnixListener::bind(path).unwrap();
        let (requests, responses) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let (up, is_up) = watch::channel(true);
        let counters = (Arc::clone(&requests), Arc::clone(&responses));
        let mut connections = JoinSet::new();
        connections.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let mut is_up = is_up.clone();
                if *is_up.borrow_and_update() {
                    let (target, (requests, responses)) = (target.clone(), counters.clone());
                    open.spawn(async move {
                        tokio::select! {
                            () = forward(client, &target, &requests, &responses) => {}
                            _ = is_up.changed() => {}
                        }
                    });
                }
            }
        });
        Self {
            requests,
            responses,
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

    /// The successful responses so far.
    pub(crate) fn responses(&self) -> usize {
        self.responses.load(Ordering::SeqCst)
    }
}

async fn forward(client: UnixStream, target: &Path, requests: &AtomicUsize, responses: &AtomicUsize) {
    let Ok(server) = UnixStream::connect(target).await else {
        return;
    };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        () = copy(from_client, to_server, REQUEST, requests) => {}
        () = copy(from_server, to_client, RESPONSE, responses) => {}
    }
}

/// Copies bytes until one side closes, and counts a text among them.
async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    text: &[u8],
    counter: &AtomicUsize,
) {
    // The end of what was read before: the text may be split.
    let mut seen = Vec::new();
    let mut bytes = vec![0; 65_536];
    while let Ok(count) = from.read(&mut bytes).await {
        if count == 0 || to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
        seen.extend_from_slice(&bytes[..count]);
        let found = seen.windows(text.len()).filter(|window| *window == text).count();
        counter.fetch_add(found, Ordering::SeqCst);
        seen.drain(..seen.len().saturating_sub(text.len() - 1));
    }
}
