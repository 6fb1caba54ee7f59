//! The lock of the box: the process that holds it is the host.

use std::{
    fs::{File, OpenOptions},
    path::Path,
};

use caltrack_private_files as private_files;
use tokio::sync::oneshot;

use super::error::EmbeddedError;
use caltrack_client::config::DataDirProblem;

/// Opens the lock file without locking it.
pub(super) fn open_lock(path: &Path) -> Result<File, EmbeddedError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    private_files::open(path, &mut options).map_err(|error| DataDirProblem::unwritable(path, &error).into())
}

/// Starts a thread that waits for the lock and sends it. The thread can't be cancelled.
pub(super) fn wait_for_lock(lock: File) -> oneshot::Receiver<File> {
    let (sender, receiver) = oneshot::channel();
    // A thread of its own: the runtime would wait for a blocking task when it ends, and this one may never return.
    let waiting = std::thread::Builder::new()
        .name("lock".to_owned())
        .spawn(move || {
            if lock.lock().is_ok() {
                // If the receiver is gone, the file is dropped, and the lock with it.
                let _ = sender.send(lock);
            }
        });
    if let Err(error) = waiting {
        tracing::warn!(%error, "this program can't take over when the host of the backend ends");
    }
    receiver
}
