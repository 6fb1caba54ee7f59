//! Removing a user from the file.

use rusqlite::params;

use super::{error::OutboxError, owner::OutboxOwner, store::Outbox};

impl Outbox {
    /// Removes everything of a user of a profile: what waits or was rejected, the history, and the bytes of both. What waits
    /// is never sent then.
    ///
    /// # Errors
    ///
    /// [`OutboxError`] if the file can't be written.
    pub fn forget(&mut self, owner: &OutboxOwner) -> Result<(), OutboxError> {
        self.access().writable()?;
        let owner = params![owner.profile, owner.sub];
        self.database.read(|connection| {
            let transaction = connection.unchecked_transaction()?;
            transaction.execute(
                "DELETE FROM changes WHERE step IN (SELECT number FROM steps WHERE profile = ?1 AND sub = ?2)",
                owner,
            )?;
            for table in ["rows", "steps", "redirects", "outcomes", "troubles"] {
                let sql = format!("DELETE FROM {table} WHERE profile = ?1 AND sub = ?2");
                transaction.execute(&sql, owner)?;
            }
            transaction.commit()?;
            connection.execute_batch("VACUUM")?;
            // What another program reads at this moment stays in the log until the next checkpoint.
            connection.query_row("PRAGMA wal_checkpoint (TRUNCATE)", [], |_| Ok(()))
        })
    }
}
