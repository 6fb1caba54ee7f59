//! The reader of the activity table's stream.

use caltrack_local_core::tables::DynamoError;
use tokio::sync::watch;

use crate::{stream_record::StreamRecord, tables::Tables, worker::TableTask};

/// Records in commit order.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamBatch {
    /// The records, possibly none: writes without a change have no record, as on AWS.
    pub records: Vec<StreamRecord>,
    /// The last position that was read.
    pub through: i64,
}

/// The reader of the stream, which starts after the last handled record.
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

    /// Waits for records, and returns at most `limit`. Writes wake it; it doesn't poll.
    ///
    /// # Errors
    ///
    /// [`DynamoError`] if the tables are closed or can't be read.
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

    /// The last position that was read.
    pub fn position(&self) -> i64 {
        self.position
    }

    /// Acknowledges all records up to a position: they are not delivered again after a restart, and
    /// [`Tables::caught_up`] no longer waits for them. After a crash before this returns, they are delivered again.
    ///
    /// # Errors
    ///
    /// [`DynamoError`] if the position could not be stored.
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
    /// Without a reader, [`Tables::caught_up`] must not wait.
    fn drop(&mut self) {
        self.tables.shared.handled.send_replace(None);
    }
}
