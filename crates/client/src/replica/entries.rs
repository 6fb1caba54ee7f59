//! Single entries by their ids.

use caltrack_domain::Activity;
use jiff::Timestamp;
use rusqlite::params;

use super::{
    error::ReplicaError,
    open::{Owner, Replica},
    rows::{Found, Rows as _},
    table::{ACTIVITY, activity},
};

/// Entries that are compared to find the one that was logged last.
const CANDIDATES: u32 = 8;

impl Replica {
    /// What is known of an id.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read.
    pub fn find(&self, owner: Owner<'_>, id: &str) -> Result<Option<Found>, ReplicaError> {
        match self.known_table(owner)? {
            Some(mut table) => table.find(id),
            None => Ok(None),
        }
    }

    /// Those of some ids whose entries are known, or known to be deleted.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read.
    pub fn known_ids(&self, owner: Owner<'_>, ids: Vec<String>) -> Result<Vec<String>, ReplicaError> {
        let Some(owner) = self.known_owner(owner)? else {
            return Ok(Vec::new());
        };
        // One look at the file's locks for all of them.
        let transaction = self.connection.unchecked_transaction()?;
        let mut statement = transaction.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM entries WHERE owner = ?1 AND id = ?2)
                OR EXISTS (SELECT 1 FROM removals WHERE owner = ?1 AND id = ?2)",
        )?;
        let mut known = Vec::new();
        for id in ids {
            if statement.query_row(params![owner, id], |row| row.get(0))? {
                known.push(id);
            }
        }
        Ok(known)
    }

    /// Entries whose ids begin or end with `part`, in upper or lower case; at most `limit`.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read.
    pub fn by_part_of_id(
        &self,
        owner: Owner<'_>,
        part: &str,
        limit: u32,
    ) -> Result<Vec<Activity>, ReplicaError> {
        let escaped = part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        // LIKE ignores the case of ASCII letters.
        self.select(
            owner,
            "(id LIKE ?2 || '%' ESCAPE '\\' OR id LIKE '%' || ?2 ESCAPE '\\') ORDER BY id LIMIT ?3",
            &[&escaped, &limit],
        )
    }

    /// A few entries among which is the one that was logged last: those with the newest ids of RFC 9562's version 7, and those of
    /// the newest moments until `now`.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read.
    pub fn newest(&self, owner: Owner<'_>, now: Timestamp) -> Result<Vec<Activity>, ReplicaError> {
        let mut newest = self.select(
            owner,
            "id LIKE '________-____-7%' ORDER BY id DESC LIMIT ?2",
            &[&CANDIDATES],
        )?;
        let until = now.as_millisecond();
        newest.extend(self.select(
            owner,
            "moment <= ?2 ORDER BY entry DESC LIMIT ?3",
            &[&until, &CANDIDATES],
        )?);
        // All may be planned.
        newest.extend(self.select(owner, "true ORDER BY entry DESC LIMIT ?2", &[&CANDIDATES])?);
        Ok(newest)
    }

    fn select(
        &self,
        owner: Owner<'_>,
        condition: &str,
        values: &[&dyn rusqlite::ToSql],
    ) -> Result<Vec<Activity>, ReplicaError> {
        let Some(table) = self.known_table(owner)? else {
            return Ok(Vec::new());
        };
        let mut statement = table.connection.prepare_cached(&format!(
            "SELECT {ACTIVITY} FROM entries WHERE owner = ?1 AND {condition}"
        ))?;
        let mut all: Vec<&dyn rusqlite::ToSql> = vec![&table.owner];
        all.extend(values);
        let mut rows = statement.query(all.as_slice())?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(activity(row, owner.sub)?);
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use caltrack_domain::{ChangeKind, Entry};
    use jiff::civil::date;

    use super::*;
    use crate::replica::Change;

    const OWNER: Owner<'_> = Owner {
        profile: "local",
        sub: "s",
    };

    fn entry(id: &str, moment: &str) -> Activity {
        Activity {
            id: id.to_owned(),
            owner: "s".to_owned(),
            entry: Entry::new(date(2026, 11, 23), moment.parse().unwrap(), "Food", "Lunch", 1),
            rev: 1,
        }
    }

    fn replica(entries: &[Activity]) -> Replica {
        let mut replica = Replica::in_memory().unwrap();
        let changes = entries
            .iter()
            .map(|entry| Change::Entry(ChangeKind::Created, entry.clone()));
        replica
            .apply(OWNER, changes.collect(), Timestamp::UNIX_EPOCH)
            .unwrap();
        replica
    }

    #[test]
    fn an_entry_is_found_by_its_id_and_by_parts_of_it_and_a_deleted_one_is_known() {
        let entries = [
            entry("01a2-abcd", "2026-11-23T07:30:00Z"),
            entry("01a3-ab_d", "2026-11-23T07:30:00Z"),
        ];
        let mut replica = replica(&entries);
        let ids = |replica: &Replica, part: &str| -> Vec<String> {
            let found = replica.by_part_of_id(OWNER, part, 9).unwrap();
            found.into_iter().map(|entry| entry.id).collect()
        };
        assert_eq!(ids(&replica, "ABCD"), ["01a2-abcd"]);
        assert_eq!(ids(&replica, "01a"), ["01a2-abcd", "01a3-ab_d"]);
        assert_eq!(ids(&replica, "ab_d"), ["01a3-ab_d"]);
        assert_eq!(ids(&replica, "%"), Vec::<String>::new());
        assert_eq!(replica.by_part_of_id(OWNER, "01a", 1).unwrap().len(), 1);
        let gone = vec![Change::Entry(ChangeKind::Deleted, entries[0].clone())];
        replica.apply(OWNER, gone, Timestamp::UNIX_EPOCH).unwrap();
        let found = |id| replica.find(OWNER, id).unwrap();
        assert!(matches!(found("01a2-abcd"), Some(Found::Removed(_))));
        assert!(matches!(found("01a3-ab_d"), Some(Found::Stored(held)) if held.activity == entries[1]));
        assert_eq!(found("other"), None);
    }

    #[test]
    fn the_newest_entries_are_those_of_new_ids_and_of_recent_moments() {
        let minted = "01a22c53-8200-7000-8000-000000000001";
        let mut entries = vec![
            entry(minted, "2020-01-01T00:00:00Z"),
            entry("planned", "2030-01-01T00:00:00Z"),
        ];
        entries.extend((0..20).map(|n| entry(&format!("x{n}"), &format!("2026-11-{:02}T00:00:00Z", n + 1))));
        let replica = replica(&entries);
        let newest = replica
            .newest(OWNER, "2026-11-20T12:00:00Z".parse().unwrap())
            .unwrap();
        for id in [minted, "x19", "planned"] {
            assert!(newest.iter().any(|entry| entry.id == id), "{id}");
        }
        assert!(newest.len() <= 3 * usize::try_from(CANDIDATES).unwrap());
    }
}
