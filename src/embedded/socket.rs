//! The socket file: its path, its permissions, and whether a host responds there.

use std::{
    io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use backon::{BackoffBuilder as _, ExponentialBuilder};
use caltrack_local_backend::account::{CLIENT_ID, POOL_ID};
use caltrack_private_files as private_files;
use sha2::{Digest as _, Sha256};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{UnixListener, UnixStream},
};

use super::error::EmbeddedError;
use caltrack_client::{
    api::Endpoints,
    config::{DataDir, variable},
};

/// Bytes of a socket's path: addresses have 104 on macOS and 108 on Linux, one of them for the terminating zero.
const MAX_PATH: usize = 100;
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

/// The socket file of a data directory: inside it, or, if that path is too long for a socket, in a private directory of this
/// user, with a name that is derived from the path.
///
/// # Errors
///
/// [`EmbeddedError::Socket`] if that private directory can't be used.
pub(super) fn path(data: &Path) -> Result<PathBuf, EmbeddedError> {
    let inside = data.join("backend.sock");
    if inside.as_os_str().len() <= MAX_PATH {
        return Ok(inside);
    }
    // Programs may use different paths of one directory, and must find the same socket.
    let real = data.canonicalize().unwrap_or_else(|_| data.to_owned());
    let digest = Sha256::digest(real.as_os_str().as_encoded_bytes());
    let hash = digest
        .iter()
        .take(8)
        .fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte));
    let runtime = variable("XDG_RUNTIME_DIR")
        .map(PathBuf::from)
        .filter(|dir| dir.is_absolute() && dir.as_os_str().len() < MAX_PATH / 2);
    let directory = match runtime {
        Some(runtime) => runtime.join("caltrack"),
        None => PathBuf::from(format!("/tmp/caltrack-{}", rustix::process::geteuid().as_raw())),
    };
    private(&directory).map_err(|error| EmbeddedError::Socket {
        path: directory.clone(),
        detail: error.to_string(),
    })?;
    Ok(directory.join(format!("{hash:016x}.sock")))
}

/// Creates a private directory in a place where all users can create files; refuses one that isn't private.
fn private(directory: &Path) -> io::Result<()> {
    private_files::create_directory(directory)?;
    // Another user may have made a link or opened the directory before.
    if std::fs::symlink_metadata(directory)?.is_dir() && !private_files::is_open_to_others(directory)? {
        Ok(())
    } else {
        Err(io::Error::other("other users can access it"))
    }
}

/// Listens. An existing socket file belongs to a host that has ended, since the caller holds the lock.
pub(super) fn bind(path: &Path) -> Result<UnixListener, EmbeddedError> {
    remove(path);
    let listener = UnixListener::bind(path).and_then(|listener| {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
        Ok(listener)
    });
    listener.map_err(|error| EmbeddedError::Socket {
        path: path.to_owned(),
        detail: error.to_string(),
    })
}

/// Removes the socket file. The caller holds the lock.
pub(super) fn remove(path: &Path) {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, path = %path.display(), "a socket file can't be removed");
        }
        Ok(()) | Err(_) => {}
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_too_long_is_replaced_by_a_short_private_one() {
        let parent = tempfile::tempdir().unwrap();
        let short = parent.path().join("d");
        assert_eq!(path(&short).unwrap(), short.join("backend.sock"));

        let long = parent.path().join("x".repeat(120));
        std::fs::create_dir(&long).unwrap();
        let one = path(&long).unwrap();
        assert!(one.as_os_str().len() <= MAX_PATH, "{}", one.display());
        assert_eq!(path(&long.join("..").join("x".repeat(120))).unwrap(), one);
        assert_ne!(path(&parent.path().join("y".repeat(120))).unwrap(), one);
    }

    #[test]
    fn a_directory_that_another_user_could_have_created_is_refused() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let parent = tempfile::tempdir().unwrap();
        let open = parent.path().join("open");
        std::fs::create_dir(&open).unwrap();
        std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert!(private(&open).is_err());
        let link = parent.path().join("link");
        symlink(parent.path(), &link).unwrap();
        assert!(private(&link).is_err());
        private(&parent.path().join("new")).unwrap();
    }
}
