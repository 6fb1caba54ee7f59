//! Searching the entries.

use caltrack_domain::Activity;
use rusqlite::params;

use super::{
    error::ReplicaError,
    open::{Owner, Replica},
    search_index,
    table::{ACTIVITY, activity},
};

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
        let search = search_index::name(number);
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {ACTIVITY} FROM {search} CROSS JOIN entries ON entries.entry = {search}.rowid
             WHERE {search} MATCH ?1 ORDER BY {search}.rowid DESC LIMIT ?2"
        ))?;
        let mut rows = statement.query(params![expression, limit])?;
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
