//! The kcal of each type on each day.

use caltrack_domain::TypeKcal;
use jiff::civil::Date;
use rusqlite::params;

use super::{
    error::ReplicaError,
    open::{Owner, Replica},
    table::date,
};

impl Replica {
    /// The kcal of each type of the entries from one day to another, both included, in the order of the days.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read.
    pub fn kcal_by_type(
        &self,
        owner: Owner<'_>,
        from: Date,
        to: Date,
    ) -> Result<Vec<(Date, TypeKcal)>, ReplicaError> {
        let Some(owner) = self.known_owner(owner)? else {
            return Ok(Vec::new());
        };
        let mut statement = self.connection.prepare_cached(
            "SELECT date, body ->> 'category' AS category, body ->> 'type' AS kind, sum(body ->> 'caloriesConsumed')
             FROM entries WHERE owner = ?1 AND date BETWEEN ?2 AND ?3 GROUP BY date, category, kind",
        )?;
        let mut rows = statement.query(params![owner, from.to_string(), to.to_string()])?;
        let mut parts = Vec::new();
        while let Some(row) = rows.next()? {
            let day = date(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?;
            let part = TypeKcal {
                category: row.get(1)?,
                kind: row.get(2)?,
                kcal: row.get(3)?,
            };
            parts.push((day, part));
        }
        Ok(parts)
    }
}
