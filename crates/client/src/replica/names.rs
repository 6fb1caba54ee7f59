//! The index of the names in the log: how often, when last, at which hours and on which weekdays each was used.

use caltrack_domain::Entry;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rusqlite::{OptionalExtension as _, Row, params};

use super::{
    error::ReplicaError,
    open::{Owner, Replica},
    table::Table,
};

/// The hours of a day and the days of a week.
const COUNTS: usize = 24 + 7;

/// A name in the log and its uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameUse {
    /// The name as it was typed.
    pub name: String,
    /// The number of entries that have it.
    pub uses: u32,
    /// The moment of its latest entry.
    pub last: Timestamp,
    /// Uses in each hour of the day, in UTC.
    pub hours: [u32; 24],
    /// Uses on each weekday of the log's days, Monday first.
    pub weekdays: [u32; 7],
}

/// A name in the log with its latest entry.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedEntry {
    /// The name and its uses.
    pub name: NameUse,
    /// The latest entry that has it.
    pub entry: Entry,
}

/// The counters of an entry: of its hour and of its weekday.
fn counters(entry: &Entry) -> [usize; 2] {
    let hour = entry.moment.to_zoned(TimeZone::UTC).hour();
    let weekday = weekday(entry.date);
    [usize::try_from(hour).unwrap_or(0), 24 + weekday]
}

fn weekday(date: Date) -> usize {
    usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0)
}

/// Counters as they are stored: 32 bits each, least significant byte first.
#[derive(Debug, Clone, Copy)]
struct Counts([u32; COUNTS]);

impl Counts {
    fn read(bytes: &[u8]) -> Self {
        let mut counts = [0; COUNTS];
        for (count, bytes) in counts.iter_mut().zip(bytes.chunks_exact(4)) {
            *count = bytes
                .iter()
                .rev()
                .fold(0, |count, byte| count << 8 | u32::from(*byte));
        }
        Self(counts)
    }

    fn bytes(self) -> Vec<u8> {
        self.0.iter().flat_map(|count| count.to_le_bytes()).collect()
    }

    fn change(&mut self, entry: &Entry, change: impl Fn(u32) -> u32) {
        for at in counters(entry) {
            if let Some(count) = self.0.get_mut(at) {
                *count = change(*count);
            }
        }
    }
}

impl Table<'_> {
    fn name(&self, name: &str) -> Result<Option<(u32, i64, Counts)>, ReplicaError> {
        let found = self
            .connection
            .prepare_cached("SELECT uses, last, counts FROM names WHERE owner = ?1 AND name = ?2")?
            .query_row(params![self.owner, name], |row| {
                Ok((row.get(0)?, row.get(1)?, Counts::read(row.get_ref(2)?.as_blob()?)))
            })
            .optional()?;
        Ok(found)
    }

    /// Counts the name of a new entry.
    pub(super) fn count_name(&self, entry: &Entry) -> Result<(), ReplicaError> {
        let Some(name) = &entry.name else { return Ok(()) };
        let moment = entry.moment.as_millisecond();
        let (uses, last, mut counts) = (self.name(name)?).unwrap_or((0, moment, Counts([0; COUNTS])));
        counts.change(entry, |count| count.saturating_add(1));
        self.store_name(name, uses.saturating_add(1), last.max(moment), counts)
    }

    /// Uncounts the name of an entry that is gone.
    pub(super) fn uncount_name(&self, entry: &Entry) -> Result<(), ReplicaError> {
        let Some(name) = &entry.name else { return Ok(()) };
        let Some((uses, last, mut counts)) = self.name(name)? else {
            return Ok(());
        };
        let remaining: Option<i64> = if last > entry.moment.as_millisecond() {
            Some(last)
        } else {
            self.connection
                .prepare_cached("SELECT max(moment) FROM entries WHERE owner = ?1 AND name = ?2")?
                .query_row(params![self.owner, name], |row| row.get(0))?
        };
        match remaining {
            Some(last) if uses > 1 => {
                counts.change(entry, |count| count.saturating_sub(1));
                self.store_name(name, uses - 1, last, counts)
            }
            Some(_) | None => {
                self.connection
                    .prepare_cached("DELETE FROM names WHERE owner = ?1 AND name = ?2")?
                    .execute(params![self.owner, name])?;
                Ok(())
            }
        }
    }

    fn store_name(&self, name: &str, uses: u32, last: i64, counts: Counts) -> Result<(), ReplicaError> {
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO names (owner, name, uses, last, counts) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![self.owner, name, uses, last, counts.bytes()])?;
        Ok(())
    }
}

impl Replica {
    /// The names of a user's log behind `after` in the order of their bytes, each with its latest entry: of `most` names, those that
    /// `is_wanted` accepts, and the last name read if there may be more.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn named_entries(
        &self,
        owner: Owner<'_>,
        after: &str,
        most: u32,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<(Vec<NamedEntry>, Option<String>), ReplicaError> {
        let Some(number) = self.known_owner(owner)? else {
            return Ok((Vec::new(), None));
        };
        let mut statement = self.connection.prepare_cached(
            "SELECT name, uses, last, counts FROM names WHERE owner = ?1 AND name > ?2 ORDER BY name LIMIT ?3",
        )?;
        let mut latest = self.connection.prepare_cached(
            "SELECT body FROM entries WHERE owner = ?1 AND name = ?2 ORDER BY moment DESC LIMIT 1",
        )?;
        let mut rows = statement.query(params![number, after, most])?;
        let (mut found, mut read, mut last) = (Vec::new(), 0, None);
        while let Some(row) = rows.next()? {
            read += 1;
            let name = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            if read == most {
                last = Some(name.to_owned());
            }
            if !is_wanted(name) {
                continue;
            }
            let body: Option<String> = latest
                .query_row(params![number, name], |row| row.get(0))
                .optional()?;
            if let Some(body) = body {
                found.push(NamedEntry {
                    name: name_use(row)?,
                    entry: serde_json::from_str(&body)?,
                });
            }
        }
        Ok((found, last))
    }
}

/// Reads a name from a row of `name, uses, last, counts`.
fn name_use(row: &Row<'_>) -> Result<NameUse, rusqlite::Error> {
    let Counts(counts) = Counts::read(row.get_ref(3)?.as_blob()?);
    let mut counts = counts.into_iter();
    Ok(NameUse {
        name: row.get(0)?,
        uses: row.get(1)?,
        last: Timestamp::from_millisecond(row.get(2)?).unwrap_or_default(),
        hours: std::array::from_fn(|_| counts.next().unwrap_or(0)),
        weekdays: std::array::from_fn(|_| counts.next().unwrap_or(0)),
    })
}
