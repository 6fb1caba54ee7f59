//! The box's snapshots, for commands.

use std::io;

use caltrack_client::config::DataDir;
use caltrack_local_backend::snapshots::{self, Snapshot, SnapshotError};
use jiff::Timestamp;

use super::{
    error::EmbeddedError,
    serve::{MAX_WAIT, take_lock},
};

/// The snapshots of a data directory's box, the newest first.
///
/// # Errors
///
/// [`io::Error`] if their directory can't be read.
pub fn list_snapshots(data: &DataDir) -> io::Result<Vec<Snapshot>> {
    snapshots::list(&data.backend())
}

/// Replaces the box's tables by those of a snapshot. Returns the name of the snapshot that has what was replaced.
///
/// # Errors
///
/// [`EmbeddedError::Held`] while another program hosts the box; the tables are as they were then, and after any other
/// error.
pub async fn restore_snapshot(data: &DataDir, name: &str) -> Result<String, EmbeddedError> {
    data.prepare()?;
    let lock = take_lock(&data.backend_lock(), MAX_WAIT).await?;
    let (backend, name) = (data.backend(), name.to_owned());
    let restored = tokio::task::spawn_blocking(move || snapshots::restore(&backend, &name, Timestamp::now()));
    let restored = restored
        .await
        .unwrap_or_else(|error| Err(SnapshotError::Io(io::Error::other(error))));
    drop(lock);
    restored.map_err(|error| EmbeddedError::Start {
        message: format!("{error}; nothing was changed"),
        advice: "choose another snapshot: `doctor` names them".to_owned(),
    })
}
