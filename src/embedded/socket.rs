//! The socket file: its path, its permissions, and whether a host responds there.

use std::{
    io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use backon::{BackoffBuilder as _, ExponentialBuilder};
use caltrack_local_backend::account::{CLIENT_ID, POOL_ID};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{UnixListener, UnixStream},
};

use super::error::EmbeddedError;
pub(super) use caltrack_client::socket_file::remove;
use caltrack_client::{api::Endpoints, config::DataDir, socket_file};

/// The first and the longest delay between attempts to connect.
const DELAYS: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(100));

/// The addresses of the backend in the box of a data directory, whichever program hosts it.
///
/// # Errors
///
/// [`EmbeddedError`] if no socket file is possible.
pub fn endpoints(data: &DataDir) -> Result<Endpoints, EmbeddedError> {
    Ok(Endpoints::on_socket(&path(data.path())?, POOL_ID, CLIENT_ID))
}

/// The socket file of a data directory.
///
/// # Errors
///
/// [`EmbeddedError::Socket`] if none is possible.
pub(super) fn path(data: &Path) -> Result<PathBuf, EmbeddedError> {
    socket_file::path(data, "backend.sock").map_err(|(path, error)| unusable(&path, &error))
}

/// Listens. An existing socket file belongs to a host that has ended, since the caller holds the lock.
pub(super) fn bind(path: &Path) -> Result<UnixListener, EmbeddedError> {
    socket_file::bind(path).map_err(|error| unusable(path, &error))
}

fn unusable(path: &Path, error: &io::Error) -> EmbeddedError {
    EmbeddedError::Socket {
        path: path.to_owned(),
        detail: error.to_string(),
    }
}

/// The smallest HTTP request. The system accepts connections for a stopped process, so that connecting proves nothing.
const GREETING: &[u8] = b"HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// Completes when a host responds at the socket. Meanwhile `listens` is whether the connection was accepted.
pub(super) async fn responds(path: &Path, listens: &AtomicBool) {
    let (first, longest) = DELAYS;
    let delays = ExponentialBuilder::new()
        .with_min_delay(first)
        .with_max_delay(longest)
        .without_max_times();
    for delay in delays.build() {
        if greet(path, listens).await.is_ok() {
            return;
        }
        listens.store(false, Ordering::Relaxed);
        tokio::time::sleep(delay).await;
    }
}

async fn greet(path: &Path, listens: &AtomicBool) -> io::Result<()> {
    let mut stream = UnixStream::connect(path).await?;
    listens.store(true, Ordering::Relaxed);
    stream.write_all(GREETING).await?;
    stream.read_u8().await?;
    Ok(())
}
