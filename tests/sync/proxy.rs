//! A device's way to the box: counts its requests and their responses, can be cut, and can falsify what it carries.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{UnixListener, UnixStream},
    sync::watch,
    task::JoinSet,
};

/// In the body of every operation. The query that tests whether the API responds has none.
const REQUEST: &[u8] = b"\"operationName\":";
/// The beginning of every response.
const HEAD: &[u8] = b"HTTP/1.1 ";
/// The beginning of a response with a list: entries or totals.
const RESPONSE: &[u8] = b"{\"data\":{\"list";

/// A text in responses and the one of the same length that takes its place.
type Fault = Mutex<Option<(Vec<u8>, Vec<u8>)>>;

/// What the connections carry.
#[derive(Debug, Default)]
struct Traffic {
    requests: AtomicUsize,
    responses: AtomicUsize,
    in_flight: AtomicUsize,
    fault: Fault,
}

/// A socket file before the box's.
pub(crate) struct Proxy {
    traffic: Arc<Traffic>,
    up: watch::Sender<bool>,
    _connections: JoinSet<()>,
}

impl Proxy {
    pub(crate) fn start(path: &Path, target: PathBuf) -> Self {
        let listener = UnixListener::bind(path).unwrap();
        let traffic = Arc::<Traffic>::default();
        let (up, is_up) = watch::channel(true);
        let counted = Arc::clone(&traffic);
        let mut connections = JoinSet::new();
        connections.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let mut is_up = is_up.clone();
                if *is_up.borrow_and_update() {
                    let (target, traffic) = (target.clone(), Arc::clone(&counted));
                    open.spawn(async move {
                        tokio::select! {
                            () = forward(client, &target, &traffic) => {}
                            _ = is_up.changed() => {}
                        }
                    });
                }
            }
        });
        Self {
            traffic,
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
        *self.traffic.fault.lock().unwrap() = Some((text.into(), other.into()));
    }

    /// Starts counting anew.
    pub(crate) fn reset(&self) {
        self.traffic.requests.store(0, Ordering::SeqCst);
        self.traffic.responses.store(0, Ordering::SeqCst);
    }

    /// The operations without a response, on connections that are open.
    pub(crate) fn in_flight(&self) -> usize {
        self.traffic.in_flight.load(Ordering::SeqCst)
    }

    /// The operations so far.
    pub(crate) fn requests(&self) -> usize {
        self.traffic.requests.load(Ordering::SeqCst)
    }

    /// The responses with lists so far.
    pub(crate) fn responses(&self) -> usize {
        self.traffic.responses.load(Ordering::SeqCst)
    }
}

/// The operation on a connection; HTTP/1.1 has one at a time.
struct Exchange<'a> {
    traffic: &'a Traffic,
    is_open: AtomicBool,
}

impl Exchange<'_> {
    fn requested(&self, count: usize) {
        self.traffic.requests.fetch_add(count, Ordering::SeqCst);
        if count > 0 && !self.is_open.swap(true, Ordering::SeqCst) {
            self.traffic.in_flight.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn ended(&self) {
        if self.is_open.swap(false, Ordering::SeqCst) {
            self.traffic.in_flight.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

impl Drop for Exchange<'_> {
    fn drop(&mut self) {
        self.ended();
    }
}

async fn forward(client: UnixStream, target: &Path, traffic: &Traffic) {
    let Ok(server) = UnixStream::connect(target).await else {
        return;
    };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let exchange = Exchange {
        traffic,
        is_open: AtomicBool::new(false),
    };
    let mut bodies = Counter::new(REQUEST);
    let (mut heads, mut lists) = (Counter::new(HEAD), Counter::new(RESPONSE));
    let none = Fault::default();
    tokio::select! {
        () = copy(from_client, to_server, &none, |bytes| exchange.requested(bodies.count(bytes))) => {}
        () = copy(from_server, to_client, &traffic.fault, |bytes| {
            if heads.count(bytes) > 0 {
                exchange.ended();
            }
            traffic.responses.fetch_add(lists.count(bytes), Ordering::SeqCst);
        }) => {}
    }
}

/// Counts a text in bytes that arrive in pieces.
struct Counter {
    text: &'static [u8],
    /// The end of what arrived before: the text may be split.
    seen: Vec<u8>,
}

impl Counter {
    const fn new(text: &'static [u8]) -> Self {
        Self {
            text,
            seen: Vec::new(),
        }
    }

    fn count(&mut self, bytes: &[u8]) -> usize {
        let (length, text) = (self.text.len(), self.text);
        self.seen.extend_from_slice(bytes);
        let found = self.seen.windows(length).filter(|window| *window == text);
        let found = found.count();
        self.seen.drain(..self.seen.len().saturating_sub(length - 1));
        found
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

/// Copies bytes until one side closes, and shows each piece.
async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    fault: &Fault,
    mut show: impl FnMut(&[u8]),
) {
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
        show(&bytes[..count]);
    }
}
