//! Removing users from the file.

use rusqlite::{TransactionBehavior, params};

use super::{error::ReplicaError, open::Replica, schema, search_index};

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
        let owners: Vec<i64> = transaction
            .prepare("SELECT owner FROM owners WHERE profile = ?1 AND (?2 IS NULL OR sub = ?2)")?
            .query_map(params![profile, sub], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for owner in owners {
            search_index::remove(&transaction, owner)?;
        }
        for table in ["entries", "removals", "days", "names", "documents", "owners"] {
            let sql = format!(
                "DELETE FROM {table} WHERE owner IN
                 (SELECT owner FROM owners WHERE profile = ?1 AND (?2 IS NULL OR sub = ?2))"
            );
            transaction.execute(&sql, params![profile, sub])?;
        }
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
