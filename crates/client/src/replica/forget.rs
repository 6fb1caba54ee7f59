//! Removing users from the file.

use rusqlite::{TransactionBehavior, params};

use super::{
    error::ReplicaError,
    open::Replica,
    schema,
    table::{ACTIVITY, Table, activity},
};

impl Replica {
    /// Removes everything of a user of a profile from the file, or of all its users, including the bytes of removed rows.
    /// Files that were set aside are removed as a whole: what they have can't be told apart, and can be fetched again.
    ///
    /// # Errors
    ///
    /// Any [`ReplicaError`], for example while another program uses the file.
    pub fn forget(&mut self, profile: &str, sub: Option<&str>) -> Result<(), ReplicaError> {
        if let Some(file) = &self.file {
            schema::remove_set_aside(file)?;
        }
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        for table in ["entries", "removals", "days", "names", "documents", "owners"] {
            let sql = format!(
                "DELETE FROM {table} WHERE owner IN
                 (SELECT owner FROM owners WHERE profile = ?1 AND (?2 IS NULL OR sub = ?2))"
            );
            transaction.execute(&sql, params![profile, sub])?;
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
        // Even if the rows were removed by an earlier attempt that ended before this.
        self.connection.execute_batch("VACUUM")?;
        let busy: bool = self
            .connection
            .query_row("PRAGMA wal_checkpoint (TRUNCATE)", [], |row| row.get(0))?;
        if busy {
            return Err(ReplicaError::InUse);
        }
        Ok(())
    }
}
