//! Removing a user from the file.

use rusqlite::{TransactionBehavior, params};

use super::{
    error::ReplicaError,
    open::{Owner, Replica},
    table::{ACTIVITY, Table, activity},
};

impl Replica {
    /// Removes everything of a user from the file, including the bytes of removed rows.
    ///
    /// # Errors
    ///
    /// Any [`ReplicaError`], for example while another program uses the file.
    pub fn forget(&mut self, owner: Owner<'_>) -> Result<(), ReplicaError> {
        if let Some(number) = self.known_owner(owner)? {
            let transaction = self
                .connection
                .transaction_with_behavior(TransactionBehavior::Immediate)?;
            for table in ["entries", "removals", "days", "names", "documents", "owners"] {
                transaction.execute(&format!("DELETE FROM {table} WHERE owner = ?1"), params![number])?;
            }
            // The index keeps words of removed rows until its segments are merged, so it is built anew.
            transaction.execute_batch("INSERT INTO search (search) VALUES ('delete-all')")?;
            let mut statement = transaction.prepare(&format!(
                "SELECT {ACTIVITY}, entries.entry, entries.owner FROM entries ORDER BY entries.entry"
            ))?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let table = Table {
                    connection: &transaction,
                    owner: row.get(5)?,
                    sub: "",
                };
                table.index(row.get(4)?, &activity(row, "")?.entry)?;
            }
            drop(rows);
            drop(statement);
            transaction.commit()?;
        }
        // Even if the rows were removed by an earlier attempt that ended before this.
        self.connection
            .execute_batch("VACUUM; PRAGMA wal_checkpoint (TRUNCATE)")?;
        Ok(())
    }
}
