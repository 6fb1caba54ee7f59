//! The socket of the sender. It carries no data: a byte to the sender means that rows were saved, a byte from it that the
//! file has changed. What changed is in the file, which all programs can read.

use std::{io, path::Path};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{UnixListener, UnixStream},
    sync::{mpsc, watch},
    task::{JoinHandle, JoinSet},
};

use crate::socket_file;

/// What reaches the program that sends.
#[derive(Debug)]
pub(super) enum Signal {
    /// Rows were saved, or the connection is back: send at once.
    Request,
    /// Let go before the process is stopped. Answered once the lock is free.
    Suspend(tokio::sync::oneshot::Sender<()>),
    /// Take part again.
    Resume,
    /// The program ends.
    End,
}

/// The most programs that are served at a time.
const MAX_CONNECTIONS: usize = 64;
const BYTE: &[u8] = b".";

/// The socket of a sender, until it is dropped. The caller holds the lock.
#[derive(Debug)]
pub(super) struct Server {
    accepting: JoinHandle<()>,
    path: std::path::PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
        socket_file::remove(&self.path);
    }
}

impl Server {
    /// Listens; requests of other programs go to `signals`, and each change of `changed` to them.
    pub(super) fn start(
        path: &Path,
        signals: mpsc::Sender<Signal>,
        changed: watch::Receiver<u64>,
    ) -> io::Result<Self> {
        let listener = socket_file::bind(path)?;
        Ok(Self {
            accepting: tokio::spawn(accept(listener, signals, changed)),
            path: path.to_owned(),
        })
    }
}

async fn accept(listener: UnixListener, signals: mpsc::Sender<Signal>, changed: watch::Receiver<u64>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept(), if connections.len() < MAX_CONNECTIONS => match accepted {
                Ok((stream, _)) => {
                    let mut changed = changed.clone();
                    changed.mark_unchanged();
                    connections.spawn(serve(stream, signals.clone(), changed));
                }
                Err(error) => {
                    tracing::warn!(%error, "the socket of the outbox can't accept connections");
                    return;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Ends with the connection, or when this program stops sending.
async fn serve(mut stream: UnixStream, signals: mpsc::Sender<Signal>, mut changed: watch::Receiver<u64>) {
    // If there is no room, a request waits there already.
    let _ = signals.try_send(Signal::Request);
    let mut requests = [0; 64];
    if stream.write_all(BYTE).await.is_err() {
        return;
    }
    loop {
        tokio::select! {
            read = stream.read(&mut requests) => match read {
                Ok(0) | Err(_) => return,
                Ok(_) => {
                    let _ = signals.try_send(Signal::Request);
                }
            },
            change = changed.changed() => {
                if change.is_err() || stream.write_all(BYTE).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// A connection to the sender. Connecting is a request.
#[derive(Debug)]
pub(super) struct Connection {
    stream: UnixStream,
}

impl Connection {
    pub(super) async fn open(path: &Path) -> io::Result<Self> {
        Ok(Self {
            stream: UnixStream::connect(path).await?,
        })
    }

    /// Completes when the sender has greeted, and at each change of the file after that. Can be cancelled.
    pub(super) async fn changed(&mut self) -> io::Result<()> {
        let mut bytes = [0; 64];
        match self.stream.read(&mut bytes).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    /// Requests that the queue is sent at once.
    pub(super) async fn request(&mut self) -> io::Result<()> {
        self.stream.write_all(BYTE).await
    }
}
