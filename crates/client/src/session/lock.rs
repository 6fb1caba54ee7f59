//! The lock of the session file: of the programs that share a session, one at a time refreshes or replaces it.

use std::{
    fs::{File, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use caltrack_private_files as private_files;
use tokio::{sync::oneshot, time::Instant};

use crate::{
    error::ApiError,
    http::Silence,
    process::{self, ProcessState},
};

/// How long a program waits for the lock. A refresh on a slow network may take longer; then a retry helps.
const MAX_WAIT: Duration = Duration::from_secs(10);
/// How long to wait for a stopped holder: it may be continued at any moment.
const STOPPED_GRACE: Duration = Duration::from_secs(2);
/// How often the state of the holder's process is read.
const CHECK_INTERVAL: Duration = Duration::from_millis(500);

/// Waits for the lock, which is released when the file is dropped or the process ends.
pub(super) async fn acquire(path: PathBuf) -> Result<File, ApiError> {
    let storage = |error: io::Error| ApiError::Storage(format!("{}: {error}", path.display()));
    let file = open(&path).map_err(storage)?;
    match file.try_lock() {
        Ok(()) => return Ok(with_pid(file)),
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(error)) => return Err(storage(error)),
    }
    let (sender, mut locked) = oneshot::channel();
    // A thread of its own: the runtime would wait for a blocking task when it ends, and this one may never return.
    std::thread::spawn(move || {
        // If the receiver is gone, the file is dropped, and the lock with it.
        let _ = sender.send(file.lock().map(|()| file));
    });
    let begun = Instant::now();
    loop {
        let waited = begun.elapsed();
        let (name, state) = holder(&path);
        if state == ProcessState::Stopped && waited >= STOPPED_GRACE {
            return Err(ApiError::Silent(stopped(&name)));
        }
        if waited >= MAX_WAIT {
            return Err(ApiError::Busy(format!(
                "{name} has been renewing the session for {} s",
                waited.as_secs()
            )));
        }
        match tokio::time::timeout(CHECK_INTERVAL, &mut locked).await {
            Ok(Ok(Ok(file))) => return Ok(with_pid(file)),
            Ok(Ok(Err(error))) => return Err(storage(error)),
            Ok(Err(_)) => {
                return Err(ApiError::Storage(format!(
                    "{}: the thread that waited for the lock ended",
                    path.display()
                )));
            }
            Err(_) => {}
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    private_files::open(path, File::options().create(true).truncate(false).write(true))
}

/// Writes the number of this process into the lock file, so that others can name the holder.
fn with_pid(file: File) -> File {
    let written = file
        .set_len(0)
        .and_then(|()| (&file).write_all(std::process::id().to_string().as_bytes()));
    if let Err(error) = written {
        tracing::debug!(%error, "the lock file doesn't name its holder");
    }
    file
}

/// The holder of the lock as messages name it, and the state of its process.
fn holder(path: &Path) -> (String, ProcessState) {
    let pid = private_files::read(path)
        .ok()
        .and_then(|bytes| str::from_utf8(&bytes).ok()?.trim().parse::<u32>().ok());
    match pid {
        Some(pid) => (format!("process {pid}"), process::state(pid)),
        None => ("another program".to_owned(), ProcessState::Unknown),
    }
}

fn stopped(name: &str) -> Silence {
    let pid = name.trim_start_matches("process ");
    Silence {
        message: format!("{name} was stopped while it renewed the session"),
        next: format!("let it continue (`fg` in its shell, or `kill -CONT {pid}`), then try again"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_lock_that_is_never_released_fails_after_ten_seconds_and_names_its_holder() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("session.json.lock");
        let held = acquire(path.clone()).await.unwrap();
        let begun = Instant::now();
        let error = acquire(path).await.unwrap_err();
        assert!(begun.elapsed() <= MAX_WAIT + CHECK_INTERVAL);
        assert!(matches!(error, ApiError::Busy(_)), "{error:?}");
        let named = format!("process {}", std::process::id());
        assert!(error.to_string().contains(&named), "{error}");
        drop(held);
    }
}
