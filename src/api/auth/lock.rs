//! One refresher per data directory: programs that share a session take turns under a file lock.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use caltrack_private_files as private_files;

use crate::api::ApiError;

/// Longer than any refresh takes with all its repeats; whoever holds the lock that long hangs.
const TURN: Duration = Duration::from_mins(1);

/// Waits for the turn. It ends when the file is dropped, or by the program's end, whatever that was.
pub(super) async fn take(path: PathBuf) -> Result<File, ApiError> {
    let named = path.display().to_string();
    let waiting =
        tokio::task::spawn_blocking(move || open(&path).and_then(|file| file.lock().map(|()| file)));
    match tokio::time::timeout(TURN, waiting).await {
        Ok(Ok(Ok(file))) => Ok(file),
        Ok(Ok(Err(error))) => Err(ApiError::Storage(format!("{named}: {error}"))),
        Ok(Err(_)) => Err(ApiError::Storage(format!("{named}: waiting for it was cut off"))),
        Err(_) => Err(ApiError::Storage(format!(
            "another program has been holding {named} for a minute; ending it helps"
        ))),
    }
}

fn open(path: &Path) -> io::Result<File> {
    private_files::open(path, File::options().create(true).truncate(false).write(true))
}
