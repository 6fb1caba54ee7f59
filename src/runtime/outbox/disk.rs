//! Transactions of the outbox, on threads that may block.

use std::path::PathBuf;

use caltrack_client::outbox::{Outbox, OutboxError};

/// The outbox, opened at its first use. One transaction runs at a time.
#[derive(Debug)]
pub(super) struct Disk {
    path: PathBuf,
    /// None before the first use, and while a transaction runs.
    outbox: Option<Outbox>,
}

impl Disk {
    pub(super) const fn new(path: PathBuf) -> Self {
        Self { path, outbox: None }
    }

    /// Reads, or as much as can be read.
    pub(super) async fn read<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&Outbox) -> T + Send + 'static,
    ) -> Result<T, OutboxError> {
        self.run(move |outbox| work(outbox)).await
    }

    /// Writes. An outbox that could not be written before is opened again.
    pub(super) async fn write<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Outbox) -> Result<T, OutboxError> + Send + 'static,
    ) -> Result<T, OutboxError> {
        if let Some(outbox) = &self.outbox
            && outbox.access().writable().is_err()
        {
            self.outbox = None;
        }
        self.run(work).await?
    }

    async fn run<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Outbox) -> T + Send + 'static,
    ) -> Result<T, OutboxError> {
        let path = self.path.clone();
        let opened = self.outbox.take();
        let done = tokio::task::spawn_blocking(move || {
            let mut outbox = opened.unwrap_or_else(|| Outbox::open(&path));
            let done = work(&mut outbox);
            (outbox, done)
        });
        let (outbox, done) = done
            .await
            .map_err(|error| OutboxError::Sqlite(error.to_string()))?;
        self.outbox = Some(outbox);
        Ok(done)
    }
}
