//! The socket file: its name, and who may come near it.

use std::{
    io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use sha2::{Digest as _, Sha256};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{UnixListener, UnixStream},
};

use super::EmbeddedError;
use caltrack_client::config::variable;

/// A socket's address holds 104 bytes on macOS and 108 on Linux, one of them for the end.
const LONGEST: usize = 100;
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// The socket file of a data directory: in it, or, where that path would be too long for a socket, in a private directory of
/// this user's under a name that follows from it.
///
/// # Errors
///
/// Where that private directory can't be had.
pub(super) fn path(data: &Path) -> Result<PathBuf, EmbeddedError> {
    let usual = data.join("backend.sock");
    if usual.as_os_str().len() <= LONGEST {
        return Ok(usual);
    }
    // Programs may name one directory in several ways; they must meet all the same.
    let real = data.canonicalize().unwrap_or_else(|_| data.to_owned());
    let digest = Sha256::digest(real.as_os_str().as_encoded_bytes());
    let hash = digest
        .iter()
        .take(8)
        .fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte));
    let runtime = variable("XDG_RUNTIME_DIR")
        .map(PathBuf::from)
        .filter(|dir| dir.is_absolute() && dir.as_os_str().len() < LONGEST / 2);
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

/// Makes sure that a directory in a place open to all is ours, and ours alone.
fn private(directory: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
    match std::fs::DirBuilder::new().mode(0o700).create(directory) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    let found = std::fs::symlink_metadata(directory)?;
    let ours = found.is_dir()
        && found.uid() == rustix::process::geteuid().as_raw()
        && found.mode().trailing_zeros() >= 6;
    if ours {
        Ok(())
    } else {
        Err(io::Error::other("it is not this user's alone"))
    }
}

/// Listens. A socket file in the way is a dead host's: the caller holds the lock.
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

/// Takes the socket file away. The caller holds the lock.
pub(super) fn remove(path: &Path) {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, path = %path.display(), "a socket file can't be removed");
        }
        Ok(()) | Err(_) => {}
    }
}

/// The smallest HTTP request. The system accepts connections for a stopped process, so connecting proves nothing.
const GREETING: &[u8] = b"HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// Completes once a host responds at the socket. Meanwhile `listens` is whether the connection was accepted.
pub(super) async fn answered(path: &Path, listens: &AtomicBool) {
    let mut pause = FIRST_PAUSE;
    while greet(path, listens).await.is_err() {
        listens.store(false, Ordering::Relaxed);
        tokio::time::sleep(pause).await;
        pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
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
    fn a_path_too_long_for_a_socket_gets_a_private_short_one() {
        let parent = tempfile::tempdir().unwrap();
        let short = parent.path().join("d");
        assert_eq!(path(&short).unwrap(), short.join("backend.sock"));

        let long = parent.path().join("x".repeat(120));
        std::fs::create_dir(&long).unwrap();
        let one = path(&long).unwrap();
        assert!(one.as_os_str().len() <= LONGEST, "{}", one.display());
        assert_eq!(path(&long.join("..").join("x".repeat(120))).unwrap(), one);
        assert_ne!(path(&parent.path().join("y".repeat(120))).unwrap(), one);
    }

    #[test]
    fn a_directory_that_somebody_else_could_have_made_is_refused() {
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
