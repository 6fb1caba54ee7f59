//! The pool's own keys and secrets.

use rusqlite::{OptionalExtension as _, Row, params};

use super::{PoolStore, Result};

impl PoolStore {
    pub(crate) fn key(&self, purpose: &str) -> Result<Option<(String, String)>> {
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        self.db
            .query_row("SELECT kid, pem FROM keys WHERE purpose = ?1", [purpose], read)
            .optional()
    }

    pub(crate) fn put_key(&self, purpose: &str, kid: &str, pem: &str) -> Result<()> {
        self.db
            .execute("INSERT INTO keys VALUES (?1, ?2, ?3)", [purpose, kid, pem])
            .map(drop)
    }

    /// A random secret of the pool; the first call creates it.
    pub(crate) fn secret(&self, name: &str) -> Result<Vec<u8>> {
        let fresh: [u8; 32] = rand::random();
        self.db.execute(
            "INSERT OR IGNORE INTO secrets VALUES (?1, ?2)",
            params![name, fresh],
        )?;
        self.db
            .query_row("SELECT value FROM secrets WHERE name = ?1", [name], |row| {
                row.get(0)
            })
    }
}
