//! The rows of one user in the tables of the replica.

use caltrack_domain::{Activity, DailyTotals, Entry, Grams};
use jiff::{Timestamp, civil::Date};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::Value;

use super::{
    day_row::DayRow,
    error::ReplicaError,
    proof::Proof,
    rows::{Found, Held, Rows},
};

/// Rows of entries that one millisecond has room for.
const PER_MILLISECOND: i64 = 1 << 14;

/// The columns that [`activity`] reads.
pub(super) const ACTIVITY: &str = "entries.id, entries.rev, entries.body, entries.heard";

/// The columns that [`day_row`] reads.
const DAY: &str = "version, consumed, burned, weight, entries, digest, heard, copy_entries, copy_digest,
    listed, tries, unverified, protein, fat, carbohydrate";

/// The rows of one user.
#[derive(Debug)]
pub(super) struct Table<'a> {
    pub(super) connection: &'a Connection,
    pub(super) owner: i64,
    pub(super) sub: &'a str,
}

/// Reads an entry of `sub` from a row of [`ACTIVITY`].
pub(super) fn activity(row: &Row<'_>, sub: &str) -> Result<Activity, ReplicaError> {
    Ok(Activity {
        id: row.get(0)?,
        owner: sub.to_owned(),
        rev: row.get(1)?,
        entry: serde_json::from_str(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?)?,
    })
}

fn held(row: &Row<'_>, sub: &str) -> Result<Held, ReplicaError> {
    let heard: Option<i64> = row.get(3)?;
    Ok(Held {
        activity: activity(row, sub)?,
        heard: heard.and_then(|heard| Timestamp::from_millisecond(heard).ok()),
    })
}

/// An entry as its row has it: its JSON without absent members.
fn body(entry: &Entry) -> Result<String, ReplicaError> {
    let mut value = serde_json::to_value(entry)?;
    if let Value::Object(members) = &mut value {
        members.retain(|_, value| !value.is_null());
    }
    Ok(value.to_string())
}

/// The day of a label in the tables.
pub(super) fn date(label: &str) -> Result<Date, ReplicaError> {
    caltrack_domain::parse_day(label).map_err(|error| ReplicaError::Io(std::io::Error::other(error)))
}

impl Table<'_> {
    /// The number of an entry's row and the entry.
    fn row(&self, id: &str) -> Result<Option<(i64, Held)>, ReplicaError> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {ACTIVITY}, entries.entry FROM entries WHERE owner = ?1 AND id = ?2"
        ))?;
        let mut rows = statement.query(params![self.owner, id])?;
        match rows.next()? {
            Some(row) => Ok(Some((row.get(4)?, held(row, self.sub)?))),
            None => Ok(None),
        }
    }

    /// A free number for the row of an entry at a moment: the next one of its millisecond.
    fn free_row(&self, moment: Timestamp) -> Result<i64, ReplicaError> {
        let mut first = moment.as_millisecond().saturating_mul(PER_MILLISECOND);
        let mut last = self
            .connection
            .prepare_cached("SELECT max(entry) FROM entries WHERE entry >= ?1 AND entry < ?2")?;
        loop {
            let end = first.saturating_add(PER_MILLISECOND);
            let taken: Option<i64> = last.query_row([first, end], |row| row.get(0))?;
            match taken {
                None => return Ok(first),
                Some(taken) if taken + 1 < end => return Ok(taken + 1),
                Some(_) => first = end,
            }
        }
    }

    fn erase(&self, row: i64, entry: &Entry) -> Result<(), ReplicaError> {
        self.connection
            .prepare_cached("DELETE FROM entries WHERE entry = ?1")?
            .execute([row])?;
        self.unindex(row)?;
        self.uncount_name(entry)
    }

    /// The entries of a day in the order of the log.
    pub(super) fn list(&self, date: Date) -> Result<Vec<Held>, ReplicaError> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {ACTIVITY} FROM entries WHERE owner = ?1 AND date = ?2 ORDER BY moment, id"
        ))?;
        let mut rows = statement.query(params![self.owner, date.to_string()])?;
        let mut list = Vec::new();
        while let Some(row) = rows.next()? {
            list.push(held(row, self.sub)?);
        }
        Ok(list)
    }

    /// The totals of every day that has some, in ascending order.
    pub(super) fn all_totals(&self) -> Result<Vec<DailyTotals>, ReplicaError> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {DAY}, date FROM days WHERE owner = ?1 AND version IS NOT NULL ORDER BY date"
        ))?;
        let mut rows = statement.query([self.owner])?;
        let mut days = Vec::new();
        while let Some(row) = rows.next()? {
            let label: String = row.get(15)?;
            days.extend(day_row(row, date(&label)?)?.totals);
        }
        Ok(days)
    }

    /// The row of a day, if there is one.
    pub(super) fn day_row(&self, date: Date) -> Result<Option<DayRow>, ReplicaError> {
        let row = self
            .connection
            .prepare_cached(&format!("SELECT {DAY} FROM days WHERE owner = ?1 AND date = ?2"))?
            .query_row(params![self.owner, date.to_string()], |row| day_row(row, date))
            .optional()?;
        Ok(row)
    }
}

fn day_row(row: &Row<'_>, date: Date) -> Result<DayRow, rusqlite::Error> {
    let version: Option<u64> = row.get(0)?;
    let grams = |column: usize| {
        let tenths: Option<i64> = row.get(column)?;
        Ok::<_, rusqlite::Error>(tenths.map(Grams::from_tenths))
    };
    let totals = match version {
        None => None,
        Some(version) => Some(DailyTotals {
            version,
            calories_consumed: row.get(1)?,
            calories_burned: row.get(2)?,
            weight: row.get(3)?,
            entries: row.get(4)?,
            digest: row.get(5)?,
            protein: grams(12)?,
            fat: grams(13)?,
            carbohydrate: grams(14)?,
            date,
        }),
    };
    let heard: Option<i64> = row.get(6)?;
    Ok(DayRow {
        totals,
        heard: heard.and_then(|heard| Timestamp::from_millisecond(heard).ok()),
        proof: Proof {
            entries: row.get(7)?,
            digest: row.get(8)?,
        },
        listed: row.get(9)?,
        tries: row.get(10)?,
        unverified: row.get(11)?,
    })
}

fn tenths(grams: Option<Grams>) -> Option<i64> {
    grams.map(Grams::tenths)
}

impl Rows for Table<'_> {
    type Error = ReplicaError;

    fn day(&mut self, date: Date) -> Result<DayRow, ReplicaError> {
        Ok(self.day_row(date)?.unwrap_or_default())
    }

    fn set_day(&mut self, date: Date, row: &DayRow) -> Result<(), ReplicaError> {
        let totals = row.totals.as_ref();
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO days (owner, date, version, consumed, burned, weight, entries, digest, heard,
                 copy_entries, copy_digest, listed, tries, unverified, settled, protein, fat, carbohydrate)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
            )?
            .execute(params![
                self.owner,
                date.to_string(),
                totals.map(|totals| totals.version),
                totals.map_or(0, |totals| totals.calories_consumed),
                totals.map_or(0, |totals| totals.calories_burned),
                totals.and_then(|totals| totals.weight),
                totals.and_then(|totals| totals.entries),
                totals.and_then(|totals| totals.digest),
                row.heard.map(Timestamp::as_millisecond),
                row.proof.entries,
                row.proof.digest,
                row.listed,
                row.tries,
                row.unverified,
                row.is_settled(),
                tenths(totals.and_then(|totals| totals.protein)),
                tenths(totals.and_then(|totals| totals.fat)),
                tenths(totals.and_then(|totals| totals.carbohydrate)),
            ])?;
        Ok(())
    }

    fn days_between(&mut self, from: Option<Date>, to: Option<Date>) -> Result<Vec<Date>, ReplicaError> {
        // Labels sort like days; `:` follows every digit.
        let from = from.map_or_else(String::new, |from| from.to_string());
        let to = to.map_or_else(|| ":".to_owned(), |to| to.to_string());
        let mut statement = self
            .connection
            .prepare_cached("SELECT date FROM days WHERE owner = ?1 AND date BETWEEN ?2 AND ?3")?;
        let mut rows = statement.query(params![self.owner, from, to])?;
        let mut dates = Vec::new();
        while let Some(row) = rows.next()? {
            dates.push(date(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?);
        }
        Ok(dates)
    }

    fn entries(&mut self, date: Date) -> Result<Vec<Held>, ReplicaError> {
        self.list(date)
    }

    fn find(&mut self, id: &str) -> Result<Option<Found>, ReplicaError> {
        if let Some((_, held)) = self.row(id)? {
            return Ok(Some(Found::Stored(held)));
        }
        let heard: Option<i64> = self
            .connection
            .prepare_cached("SELECT heard FROM removals WHERE owner = ?1 AND id = ?2")?
            .query_row(params![self.owner, id], |row| row.get(0))
            .optional()?;
        Ok(heard
            .and_then(|heard| Timestamp::from_millisecond(heard).ok())
            .map(Found::Removed))
    }

    fn put(&mut self, activity: &Activity, heard: Option<Timestamp>) -> Result<(), ReplicaError> {
        let entry = &activity.entry;
        if let Some((row, held)) = self.row(&activity.id)? {
            self.erase(row, &held.activity.entry)?;
        } else {
            self.connection
                .prepare_cached("DELETE FROM removals WHERE owner = ?1 AND id = ?2")?
                .execute(params![self.owner, activity.id])?;
        }
        let row = self.free_row(entry.moment)?;
        self.connection
            .prepare_cached(
                "INSERT INTO entries (entry, owner, id, date, moment, rev, heard, name, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                row,
                self.owner,
                activity.id,
                entry.date.to_string(),
                entry.moment.as_millisecond(),
                activity.rev,
                heard.map(Timestamp::as_millisecond),
                entry.name,
                body(entry)?,
            ])?;
        self.index(row, entry)?;
        self.count_name(entry)
    }

    fn confirm(&mut self, date: Date) -> Result<(), ReplicaError> {
        self.connection
            .prepare_cached(
                "UPDATE entries SET heard = NULL WHERE owner = ?1 AND date = ?2 AND heard IS NOT NULL",
            )?
            .execute(params![self.owner, date.to_string()])?;
        Ok(())
    }

    fn remove(&mut self, id: &str, heard: Option<Timestamp>) -> Result<(), ReplicaError> {
        if let Some((row, held)) = self.row(id)? {
            self.erase(row, &held.activity.entry)?;
        }
        if let Some(heard) = heard {
            self.connection
                .prepare_cached("INSERT OR REPLACE INTO removals (owner, id, heard) VALUES (?1, ?2, ?3)")?
                .execute(params![self.owner, id, heard.as_millisecond()])?;
        }
        Ok(())
    }
}
