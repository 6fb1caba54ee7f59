//! The search indexes over name, note and type of the entries (SQLite's FTS5): one for each user, so that a search reads
//! nothing of another's.

use caltrack_domain::Entry;
use rusqlite::{Connection, params};

use super::{error::ReplicaError, table::Table};

/// The index of an owner of rows.
pub(super) fn name(owner: i64) -> String {
    format!("search_{owner}")
}

/// Creates the index of an owner, if it is absent.
pub(super) fn create(connection: &Connection, owner: i64) -> Result<(), rusqlite::Error> {
    connection.execute_batch(&format!(
        "CREATE VIRTUAL TABLE IF NOT EXISTS {} USING fts5 (
            name, note, type,
            content = '', contentless_delete = 1, prefix = '1 2 3',
            tokenize = \"unicode61 remove_diacritics 2 categories 'L* N* Co Mc Mn'\"
        )",
        name(owner)
    ))
}

/// Removes the index of an owner.
pub(super) fn remove(connection: &Connection, owner: i64) -> Result<(), rusqlite::Error> {
    connection.execute_batch(&format!("DROP TABLE IF EXISTS {}", name(owner)))
}

impl Table<'_> {
    pub(super) fn index(&self, row: i64, entry: &Entry) -> Result<(), ReplicaError> {
        self.connection
            .prepare_cached(&format!(
                "INSERT INTO {} (rowid, name, note, type) VALUES (?1, ?2, ?3, ?4)",
                name(self.owner)
            ))?
            .execute(params![row, entry.name, entry.note, entry.kind])?;
        Ok(())
    }

    pub(super) fn unindex(&self, row: i64) -> Result<(), ReplicaError> {
        self.connection
            .prepare_cached(&format!("DELETE FROM {} WHERE rowid = ?1", name(self.owner)))?
            .execute([row])?;
        Ok(())
    }
}
