//! Socket files by which the programs of one data directory reach each other: only their user can connect.

use std::{
    io,
    path::{Path, PathBuf},
};

use caltrack_private_files as private_files;
use sha2::{Digest as _, Sha256};
use tokio::net::UnixListener;

use crate::config::variable;

/// Bytes of a socket's path: addresses have 104 on macOS and 108 on Linux, one of them for the terminating zero.
const MAX_PATH: usize = 100;

/// The path of a data directory's socket: in the directory, or, if that path is too long for a socket, in a private
/// directory of this user, with a name that is derived from the path.
///
/// # Errors
///
/// The path of that private directory if it can't be used, with the reason.
pub fn path(data: &Path, name: &str) -> Result<PathBuf, (PathBuf, io::Error)> {
    let inside = data.join(name);
    if inside.as_os_str().len() <= MAX_PATH {
        return Ok(inside);
    }
    // Programs may use different paths of one directory, and must find the same socket.
    let real = data.canonicalize().unwrap_or_else(|_| data.to_owned());
    let runtime = variable("XDG_RUNTIME_DIR")
        .map(PathBuf::from)
        .filter(|dir| dir.is_absolute() && dir.as_os_str().len() < MAX_PATH / 2);
    let directory = match runtime {
        Some(runtime) => runtime.join("caltrack"),
        None => PathBuf::from(format!("/tmp/caltrack-{}", rustix::process::geteuid().as_raw())),
    };
    match private(&directory) {
        Ok(()) => {
            let hash = short_hash(&[real.join(name).as_os_str().as_encoded_bytes()]);
            Ok(directory.join(format!("{hash}.sock")))
        }
        Err(error) => Err((directory, error)),
    }
}

/// 16 hexadecimal digits that are different for different texts.
pub(crate) fn short_hash(parts: &[&[u8]]) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part);
        sha.update([0]);
    }
    let digest = sha.finalize();
    let hash = digest
        .iter()
        .take(8)
        .fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte));
    format!("{hash:016x}")
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

/// Listens. An existing socket file belongs to a program that has ended, since the caller holds the lock.
///
/// # Errors
///
/// The system's error.
pub fn bind(path: &Path) -> io::Result<UnixListener> {
    use std::os::unix::fs::PermissionsExt as _;
    remove(path);
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Removes the socket file. The caller holds the lock.
pub fn remove(path: &Path) {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, path = %path.display(), "a socket file can't be removed");
        }
        Ok(()) | Err(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_too_long_is_replaced_by_a_short_private_one() {
        let parent = tempfile::tempdir().unwrap();
        let short = parent.path().join("d");
        assert_eq!(path(&short, "backend.sock").unwrap(), short.join("backend.sock"));

        let long = parent.path().join("x".repeat(120));
        std::fs::create_dir(&long).unwrap();
        let one = path(&long, "backend.sock").unwrap();
        assert!(one.as_os_str().len() <= MAX_PATH, "{}", one.display());
        let detour = long.join("..").join("x".repeat(120));
        assert_eq!(path(&detour, "backend.sock").unwrap(), one);
        assert_ne!(
            path(&parent.path().join("y".repeat(120)), "backend.sock").unwrap(),
            one
        );
        assert_ne!(path(&long, "outbox.sock").unwrap(), one);
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
