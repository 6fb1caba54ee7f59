//! The file of records that can't be aggregated, for a person to inspect.

use std::{fs::OpenOptions, io, io::Write as _, path::PathBuf};

use caltrack_private_files as private_files;
use jiff::Timestamp;
use serde_json::{Value, json};

/// A file with a JSON object per line: time, reason, and the whole record.
#[derive(Debug, Clone)]
pub(crate) struct PoisonFile {
    path: PathBuf,
}

impl PoisonFile {
    /// The first record creates the file if it is absent.
    pub(crate) fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Appends a record and syncs, since the stream deletes it afterwards.
    ///
    /// # Errors
    ///
    /// If the file can't be written.
    pub(crate) async fn keep(&self, reason: &str, record: &Value) -> io::Result<()> {
        let mut line =
            json!({ "at": Timestamp::now().to_string(), "reason": reason, "record": record }).to_string();
        line.push('\n');
        let path = self.path.clone();
        tokio::task::spawn_blocking(move || {
            let mut file = private_files::open(&path, OpenOptions::new().append(true).create(true))?;
            file.write_all(line.as_bytes())?;
            file.sync_all()
        })
        .await
        .map_err(io::Error::other)?
    }
}
