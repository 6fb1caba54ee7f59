//! The search index over name, note and type of the entries (SQLite's FTS5).

use caltrack_domain::{Activity, Entry};
use rusqlite::params;

use super::{
    error::ReplicaError,
    open::{Owner, Replica},
    table::{ACTIVITY, Table, activity},
};

impl Table<'_> {
    pub(super) fn index(&self, row: i64, entry: &Entry) -> Result<(), ReplicaError> {
        self.connection
            .prepare_cached("INSERT INTO search (rowid, name, note, type) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![row, entry.name, entry.note, entry.kind])?;
        Ok(())
    }

    pub(super) fn unindex(&self, row: i64) -> Result<(), ReplicaError> {
        self.connection
            .prepare_cached("DELETE FROM search WHERE rowid = ?1")?
            .execute([row])?;
        Ok(())
    }
}

/// The query of FTS5 for entries that have a word beginning with each word of a text; none for a text without words.
fn expression(text: &str) -> Option<String> {
    let words = text
        .split(|c: char| c.is_whitespace() || c == '\0')
        .filter(|word| word.chars().any(char::is_alphanumeric));
    let terms: Vec<String> = words
        .map(|word| format!("\"{}\"*", word.replace('"', "\"\"")))
        .collect();
    (!terms.is_empty()).then(|| terms.join(" "))
}

impl Replica {
    /// The newest `limit` entries whose name, note or type have a word beginning with each word of `text`, in upper or lower
    /// case and with or without accents.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn search(&self, owner: Owner<'_>, text: &str, limit: u32) -> Result<Vec<Activity>, ReplicaError> {
        let (Some(number), Some(expression)) = (self.known_owner(owner)?, expression(text)) else {
            return Ok(Vec::new());
        };
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {ACTIVITY} FROM search CROSS JOIN entries ON entries.entry = search.rowid
             WHERE search MATCH ?1 AND entries.owner = ?2 ORDER BY search.rowid DESC LIMIT ?3"
        ))?;
        let mut rows = statement.query(params![expression, number, limit])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(activity(row, owner.sub)?);
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_a_prefix_and_operators_are_words() {
        let query = |text| expression(text).unwrap_or_default();
        assert_eq!(query("Soup tom"), r#""Soup"* "tom"*"#);
        assert_eq!(query(r#"a" OR b*"#), r#""a"""* "OR"* "b*"*"#);
        assert_eq!(query(" -- \" "), "");
    }
}
