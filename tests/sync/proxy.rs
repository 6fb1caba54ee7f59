//! A device's way to the box: counts its requests and their responses, can be cut, and can falsify what it carries.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
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

/// A text in responses and the one of the same length that takes its place.
type Fault = Arc<Mutex<Option<(Vec<u8>, Vec<u8>)>>>;

/// A socket file before the box's.
pub(crate) struct Proxy {
    requests: Arc<AtomicUsize>,
    responses: Arc<AtomicUsize>,
    fault: Fault,
    up: watch::Sender<bool>,
    _connections: JoinSet<()>,
}

impl Proxy {
    pub(crate) fn start(path: &Path, target: PathBuf) -> Self {
        let listener = UnixListener::bind(path).unwrap();
        let (requests, responses) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let (up, is_up) = watch::channel(true);
        let counters = (Arc::clone(&requests), Arc::clone(&responses));
        let fault = Fault::default();
        let faults = Arc::clone(&fault);
        let mut connections = JoinSet::new();
        connections.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let mut is_up = is_up.clone();
                if *is_up.borrow_and_update() {
                    let (target, (requests, responses)) = (target.clone(), counters.clone());
                    let fault = Arc::clone(&faults);
                    open.spawn(async move {
                        tokio::select! {
                            () = forward(client, &target, &requests, &responses, &fault) => {}
                            _ = is_up.changed() => {}
                        }
                    });
                }
            }
        });
        Self {
            requests,
            responses,
            fault,
            up,
            _connections: connections,
        }
    }

    /// Cuts every connection, or lets new ones through.
    pub(crate) fn set_up(&self, up: bool) {
        self.up.send_replace(up);
    }

    /// Replaces a text in every response and event by another one of the same length.
    pub(crate) fn falsify(&self, text: &str, other: &str) {
        assert_eq!(text.len(), other.len());
        *self.fault.lock().unwrap() = Some((text.into(), other.into()));
    }

    /// Starts counting anew.
    pub(crate) fn reset(&self) {
        self.requests.store(0, Ordering::SeqCst);
        self.responses.store(0, Ordering::SeqCst);
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

async fn forward(
    client: UnixStream,
    target: &Path,
    requests: &AtomicUsize,
    responses: &AtomicUsize,
    fault: &Fault,
) {
    let Ok(server) = UnixStream::connect(target).await else {
        return;
    };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let none = Fault::default();
    tokio::select! {
        () = copy(from_client, to_server, REQUEST, requests, &none) => {}
        () = copy(from_server, to_client, RESPONSE, responses, fault) => {}
    }
}

/// Replaces a text in bytes. Returns how many of them can be sent: the rest may be the beginning of the text.
fn replace(bytes: &mut [u8], text: &[u8], other: &[u8]) -> usize {
    let mut at = 0;
    while at < bytes.len() {
        let rest = &mut bytes[at..];
        if rest.starts_with(text) {
            rest[..text.len()].copy_from_slice(other);
            at += text.len();
        } else if text.starts_with(rest) {
            return at;
        } else {
            at += 1;
        }
    }
    at
}

/// Copies bytes until one side closes, and counts a text among them.
async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    text: &[u8],
    counter: &AtomicUsize,
    fault: &Fault,
) {
    // The end of what was read before: the text may be split.
    let mut seen = Vec::new();
    let mut bytes = vec![0; 65_536];
    let mut held = Vec::new();
    while let Ok(count) = from.read(&mut bytes).await {
        held.extend_from_slice(&bytes[..count]);
        let fault = fault.lock().unwrap().clone();
        let sent = fault.map_or(held.len(), |(text, other)| replace(&mut held, &text, &other));
        if count == 0 || to.write_all(&held[..sent]).await.is_err() {
            return;
        }
        held.drain(..sent);
        seen.extend_from_slice(&bytes[..count]);
        let found = seen.windows(text.len()).filter(|window| *window == text).count();
        counter.fetch_add(found, Ordering::SeqCst);
        seen.drain(..seen.len().saturating_sub(text.len() - 1));
    }
}
