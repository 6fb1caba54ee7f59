//! Lock files: of the programs that share something, the one that holds the lock does it. The system releases the lock
//! when its holder ends, even if it is killed.

use std::{fs::File, io, path::Path};

use caltrack_private_files as private_files;
use tokio::sync::oneshot;

/// Opens a lock file without locking it. It is never deleted, since a lock on a deleted file excludes no other program.
///
/// # Errors
///
/// As [`private_files::open`].
pub fn open(path: &Path) -> io::Result<File> {
    private_files::open(
        path,
        File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false),
    )
}

/// Starts a thread that waits for the lock and sends it. The thread can't be cancelled.
pub fn wait(lock: File) -> oneshot::Receiver<File> {
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
        tracing::warn!(%error, "this program can't take over when the holder of a lock ends");
    }
    receiver
}
