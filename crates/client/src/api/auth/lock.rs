//! One refresher per data directory: programs that share a session take turns under a file lock.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use caltrack_private_files as private_files;

use tokio::{sync::oneshot, time::Instant};

use crate::{
    api::{ApiError, Silence},
    process::{self, ProcessState},
};

/// How long a program waits for the lock. A refresh on a slow network may take longer; then a retry helps.
const TURN: Duration = Duration::from_secs(10);
/// How long a stopped process is waited for: it may be continued this very moment.
const GRACE: Duration = Duration::from_secs(2);
const LOOK: Duration = Duration::from_millis(500);

/// Waits for the turn. It ends when the file is dropped, or by the program's end, whatever that was.
pub(super) async fn take(path: PathBuf) -> Result<File, ApiError> {
    let storage = |error: io::Error| ApiError::Storage(format!("{}: {error}", path.display()));
    let file = open(&path).map_err(storage)?;
    match file.try_lock() {
        Ok(()) => return Ok(noted(file)),
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(error)) => return Err(storage(error)),
    }
    let (sender, mut turn) = oneshot::channel();
    // A thread of its own: the runtime would wait for a blocking task when it ends, and this one may never return.
    std::thread::spawn(move || {
        let taken = file.lock().map(|()| file);
        // If the receiver is gone, the file is dropped, and the lock with it.
        let _ = sender.send(taken);
    });
    let begun = Instant::now();
    loop {
        let waited = begun.elapsed();
        let (name, state) = holder(&path);
        if state == ProcessState::Stopped && waited >= GRACE {
            return Err(ApiError::Silent(stopped(&name)));
        }
        if waited >= TURN {
            return Err(ApiError::Busy(format!(
                "{name} has been renewing the session for {} s",
                waited.as_secs()
            )));
        }
        match tokio::time::timeout(LOOK, &mut turn).await {
            Ok(Ok(Ok(file))) => return Ok(noted(file)),
            Ok(Ok(Err(error))) => return Err(storage(error)),
            Ok(Err(_)) => {
                return Err(ApiError::Storage(format!(
                    "{}: waiting for it was cut off",
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

/// Writes the name of this process into the lock file. If that fails, others can't name it.
fn noted(file: File) -> File {
    let written = file
        .set_len(0)
        .and_then(|()| (&file).write_all(std::process::id().to_string().as_bytes()));
    if let Err(error) = written {
        tracing::debug!(%error, "whose turn it is can't be written down");
    }
    file
}

/// The holder of the lock, and the state of its process.
fn holder(path: &Path) -> (String, ProcessState) {
    let pid = fs::read_to_string(path)
        .ok()
        .and_then(|text| text.trim().parse::<u32>().ok());
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
    async fn a_turn_that_never_comes_is_waited_for_ten_seconds_and_its_holder_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("session.json.lock");
        let held = take(path.clone()).await.unwrap();
        let begun = Instant::now();
        let error = take(path).await.unwrap_err();
        assert!(begun.elapsed() <= TURN + LOOK);
        assert!(matches!(error, ApiError::Busy(_)), "{error:?}");
        let named = format!("process {}", std::process::id());
        assert!(error.to_string().contains(&named), "{error}");
        drop(held);
    }
}
