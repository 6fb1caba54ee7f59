//! The lock and the socket of the sender of an owner.

use std::{
    fs::{File, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use caltrack_domain::outbox::{Reason, ReasonKind};

use super::{error::OutboxError, owner::OutboxOwner};
use crate::{
    config::DataDir,
    lock_file,
    process::{self, ProcessState},
    socket_file,
};

/// A sender that doesn't acknowledge a request for this long doesn't respond.
pub(super) const SILENCE: Duration = Duration::from_secs(5);

/// The delay between attempts to open an outbox that is being recovered.
const RETRY_DELAY: Duration = Duration::from_millis(10);

/// Where the programs of one data directory agree on who sends the rows of an owner.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) lock: PathBuf,
    pub(super) socket: PathBuf,
}

impl Place {
    pub(super) fn of(data: &DataDir, owner: &OutboxOwner) -> Result<Self, OutboxError> {
        let hash = socket_file::short_hash(&[owner.profile.as_bytes(), owner.sub.as_bytes()]);
        let socket = socket_file::path(data.path(), &format!("outbox-{hash}.sock"));
        Ok(Self {
            lock: data.path().join(format!("outbox-{hash}.lock")),
            socket: socket.map_err(|(path, error)| OutboxError::io(&path, &error))?,
        })
    }

    /// Opens the lock file without locking it.
    pub(super) fn open_lock(&self) -> Result<File, OutboxError> {
        lock_file::open(&self.lock).map_err(|error| self.unusable(&error))
    }

    pub(super) fn unusable(&self, error: &io::Error) -> OutboxError {
        OutboxError::io(&self.lock, error)
    }

    /// Why the sender doesn't respond.
    pub(super) fn silence(&self) -> Reason {
        Reason {
            kind: ReasonKind::Unreachable,
            text: self.silent_process(),
        }
    }

    fn silent_process(&self) -> String {
        let pid = holder(&self.lock);
        match pid.map(|pid| (pid, process::state(pid))) {
            Some((pid, ProcessState::Stopped)) => {
                format!("process {pid}, which sends, is stopped (`fg` in its shell, or `kill -CONT {pid}`)")
            }
            Some((pid, ProcessState::Running)) => format!("process {pid}, which sends, doesn't respond"),
            Some((_, ProcessState::Unknown)) | None => "the program that sends doesn't respond".to_owned(),
        }
    }
}

/// The process that a lock file names.
fn holder(lock: &Path) -> Option<u32> {
    let bytes = caltrack_private_files::read(lock).ok()?;
    str::from_utf8(&bytes).ok()?.trim().parse().ok()
}

/// The locks of all senders of an outbox, so that none of them starts.
///
/// # Errors
///
/// [`OutboxError::InUse`] if another program sends.
pub(super) fn lock_all(outbox: &Path) -> Result<Vec<File>, OutboxError> {
    let io = |error: io::Error| OutboxError::io(outbox, &error);
    let directory = outbox.parent().unwrap_or(Path::new("."));
    let mut held = Vec::new();
    for entry in directory.read_dir().map_err(io)? {
        let path = entry.map_err(io)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !(name.starts_with("outbox-") && name.ends_with(".lock")) {
            continue;
        }
        let lock = lock_file::open(&path).map_err(io)?;
        match lock.try_lock() {
            Ok(()) => held.push(lock),
            Err(TryLockError::WouldBlock) => {
                return Err(OutboxError::InUse {
                    path: outbox.to_owned(),
                    holder: holder(&path),
                });
            }
            Err(TryLockError::Error(error)) => return Err(io(error)),
        }
    }
    Ok(held)
}

/// Opens the lock of the programs that have the outbox open to write.
fn open_use_lock(outbox: &Path) -> Result<File, OutboxError> {
    lock_file::open(&outbox.with_extension("lock")).map_err(|error| OutboxError::io(outbox, &error))
}

/// Keeps the outbox where it is until the file that this returns is dropped. Waits for a recovery to end.
///
/// # Errors
///
/// [`OutboxError::InUse`] if that takes too long, or another one if the lock file can't be opened.
pub(super) fn share(outbox: &Path) -> Result<File, OutboxError> {
    let lock = open_use_lock(outbox)?;
    let begun = Instant::now();
    loop {
        match lock.try_lock_shared() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::WouldBlock) if begun.elapsed() < SILENCE => {
                std::thread::sleep(RETRY_DELAY);
            }
            Err(TryLockError::WouldBlock) => return Err(in_use(outbox)),
            Err(TryLockError::Error(error)) => return Err(OutboxError::io(outbox, &error)),
        }
    }
}

/// Keeps other programs from opening the outbox to write until the file that this returns is dropped.
///
/// # Errors
///
/// [`OutboxError::InUse`] if one has it open.
pub(super) fn take_alone(outbox: &Path) -> Result<File, OutboxError> {
    let lock = open_use_lock(outbox)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(in_use(outbox)),
        Err(TryLockError::Error(error)) => Err(OutboxError::io(outbox, &error)),
    }
}

fn in_use(outbox: &Path) -> OutboxError {
    OutboxError::InUse {
        path: outbox.to_owned(),
        holder: None,
    }
}

/// Writes the number of this process into the lock file, so that others can name it.
pub(super) fn write_pid(mut lock: &File, path: &Path) {
    let written = lock
        .set_len(0)
        .and_then(|()| io::Seek::rewind(&mut lock))
        .and_then(|()| lock.write_all(std::process::id().to_string().as_bytes()));
    if let Err(error) = written {
        tracing::debug!(%error, path = %path.display(), "a lock file doesn't name its holder");
    }
}
