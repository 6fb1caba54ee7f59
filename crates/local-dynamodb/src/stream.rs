//! The reader of the activity table's stream.

use caltrack_local_core::tables::DynamoError;
use tokio::sync::watch;

use crate::{stream_record::StreamRecord, tables::Tables, worker::TableTask};

/// Records in the order they were committed.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamBatch {
    /// The records; those that changed nothing are left out, as on AWS, so there may be none.
    pub records: Vec<StreamRecord>,
    /// The last position looked at.
    pub through: i64,
}

/// Reads the stream from where it was last handled.
#[derive(Debug)]
pub struct Stream {
    tables: Tables,
    head: watch::Receiver<i64>,
    position: i64,
}

impl Tables {
    /// The activity table's stream, from the first record that wasn't handled yet. One reader at a time.
    ///
    /// # Errors
    ///
    /// [`DynamoError`] if the tables are closed or can't be read.
    pub async fn stream(&self) -> Result<Stream, DynamoError> {
        Stream::open(self.clone()).await
    }
}

impl Stream {
    async fn open(tables: Tables) -> Result<Self, DynamoError> {
        let position = tables.ask(|reply| TableTask::Checkpoint { reply }).await??;
        tables.shared.handled.send_replace(Some(position));
        let head = tables.shared.head.clone();
        Ok(Self {
            tables,
            head,
            position,
        })
    }

    /// Waits until there are records, and returns at most `limit`. Woken by the writes themselves.
    ///
    /// # Errors
    ///
    /// [`DynamoError`] where the tables are closed or can't be read.
    pub async fn next_batch(&mut self, limit: usize) -> Result<StreamBatch, DynamoError> {
        let position = self.position;
        self.head
            .wait_for(|head| *head > position)
            .await
            .map_err(|_| DynamoError::closed())?;
        let (records, through) = self
            .tables
            .ask(|reply| TableTask::ReadStream {
                after: position,
                limit,
                reply,
            })
            .await??;
        self.position = through.max(position);
        Ok(StreamBatch {
            records,
            through: self.position,
        })
    }

    /// The last position looked at.
    pub fn position(&self) -> i64 {
        self.position
    }

    /// Says that every record up to a position was handled: they are not delivered again after a restart, and reads
    /// that waited for them go ahead. A crash before this returns delivers them once more.
    ///
    /// # Errors
    ///
    /// [`DynamoError`] where it could not be remembered.
    pub async fn handled(&self, through: i64) -> Result<(), DynamoError> {
        self.tables.shared.handled.send_if_modified(|handled| {
            let further = handled.is_none_or(|handled| handled < through);
            if further {
                *handled = Some(through);
            }
            further
        });
        self.tables
            .ask(|reply| TableTask::Handled { through, reply })
            .await?
    }
}

impl Drop for Stream {
    /// Nobody aggregates any more: nobody shall wait for it.
    fn drop(&mut self) {
        self.tables.shared.handled.send_replace(None);
    }
}
