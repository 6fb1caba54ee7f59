//! Reading and changing a user's days.

use caltrack_domain::{Activity, DailyTotals};
use jiff::{SignedDuration, Timestamp, civil::Date};
use rusqlite::{OptionalExtension as _, TransactionBehavior};

use super::{
    day_row::CopyState,
    error::ReplicaError,
    open::{Owner, Replica},
    proof::Proof,
    rules::{Change, Changes, DayStatus, Listing, Verdict},
    table::{Table, date},
};

/// A day as the replica has it.
#[derive(Debug, Clone, PartialEq)]
pub struct DayCopy {
    /// The day.
    pub date: Date,
    /// Its entries by moment, then id.
    pub entries: Vec<Activity>,
    /// The totals as last received.
    pub totals: Option<DailyTotals>,
    /// How far the entries can be trusted.
    pub state: CopyState,
    /// Count and digest of the entries.
    pub proof: Proof,
}

/// A day without its entries.
#[derive(Debug, Clone, PartialEq)]
pub struct DaySummary {
    /// The totals as last received.
    pub totals: Option<DailyTotals>,
    /// How far the entries can be trusted.
    pub state: CopyState,
    /// Count and digest of the entries.
    pub proof: Proof,
}

impl Replica {
    /// The days with a weight in kg, in order.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn weights(&self, owner: Owner<'_>) -> Result<Vec<(Date, f64)>, ReplicaError> {
        let Some(owner) = self.known_owner(owner)? else {
            return Ok(Vec::new());
        };
        let mut statement = self.connection.prepare_cached(
            "SELECT date, weight FROM days WHERE owner = ?1 AND weight IS NOT NULL ORDER BY date",
        )?;
        let mut rows = statement.query([owner])?;
        let mut weights = Vec::new();
        while let Some(row) = rows.next()? {
            weights.push((
                date(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?,
                row.get(1)?,
            ));
        }
        Ok(weights)
    }

    /// A day; none if nothing is known of it.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn day(&self, owner: Owner<'_>, date: Date) -> Result<Option<DayCopy>, ReplicaError> {
        let Some(table) = self.known_table(owner)? else {
            return Ok(None);
        };
        let Some(row) = table.day_row(date)? else {
            return Ok(None);
        };
        let entries = table.list(date)?;
        Ok(Some(DayCopy {
            date,
            entries: entries.into_iter().map(|held| held.activity).collect(),
            state: row.state(),
            proof: row.proof,
            totals: row.totals,
        }))
    }

    /// A day without its entries; none if nothing is known of it.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn summary(&self, owner: Owner<'_>, date: Date) -> Result<Option<DaySummary>, ReplicaError> {
        let Some(table) = self.known_table(owner)? else {
            return Ok(None);
        };
        Ok(table.day_row(date)?.map(|row| DaySummary {
            state: row.state(),
            proof: row.proof,
            totals: row.totals,
        }))
    }

    /// The totals of every day that has some, in ascending order.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn totals(&self, owner: Owner<'_>) -> Result<Vec<DailyTotals>, ReplicaError> {
        match self.known_table(owner)? {
            Some(table) => table.all_totals(),
            None => Ok(Vec::new()),
        }
    }

    /// Applies events and acknowledgements; returns for each whether it is news, and the days that they concern.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be written; nothing is changed then.
    pub fn apply(
        &mut self,
        owner: Owner<'_>,
        list: Vec<Change>,
        now: Timestamp,
    ) -> Result<(Vec<bool>, Vec<DayStatus>), ReplicaError> {
        self.change(owner, now, |changes| {
            list.into_iter().map(|change| changes.apply(change)).collect()
        })
    }

    /// Stores lists of days.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be written; nothing is changed then.
    pub fn store_lists(
        &mut self,
        owner: Owner<'_>,
        listings: Vec<Listing>,
        now: Timestamp,
    ) -> Result<Vec<DayStatus>, ReplicaError> {
        let ((), statuses) = self.change(owner, now, |changes| {
            listings.into_iter().try_for_each(|listing| changes.list(listing))
        })?;
        Ok(statuses)
    }

    /// Stores a page of totals, from a query that was sent at `sent`. It is complete between the days `covered`: other days
    /// have no entries.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be written; nothing is changed then.
    pub fn store_totals(
        &mut self,
        owner: Owner<'_>,
        page: Vec<DailyTotals>,
        covered: (Option<Date>, Option<Date>),
        sent: Timestamp,
    ) -> Result<(), ReplicaError> {
        self.change(owner, sent, |changes| changes.totals(page, covered, sent))?;
        Ok(())
    }

    /// The days whose copy differs from their totals, in ascending order.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn unsettled(&self, owner: Owner<'_>) -> Result<Vec<DayStatus>, ReplicaError> {
        self.days_where(owner, "settled = 0", |date, size, tries| DayStatus {
            date,
            verdict: Verdict::Differs(tries),
            size,
        })
    }

    /// The days whose copy can't be verified, in ascending order.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn unverified(&self, owner: Owner<'_>) -> Result<Vec<Date>, ReplicaError> {
        self.days_where(
            owner,
            "unverified = version AND version > 0 AND entries IS NOT NULL AND (entries, digest) <> (copy_entries, copy_digest)",
            |date, _, _| date,
        )
    }

    fn days_where<T>(
        &self,
        owner: Owner<'_>,
        condition: &str,
        read: impl Fn(Date, u32, u8) -> T,
    ) -> Result<Vec<T>, ReplicaError> {
        let Some(owner) = self.known_owner(owner)? else {
            return Ok(Vec::new());
        };
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT date, coalesce(entries, copy_entries), tries FROM days WHERE owner = ?1 AND {condition} ORDER BY date"
        ))?;
        let mut rows = statement.query([owner])?;
        let mut days = Vec::new();
        while let Some(row) = rows.next()? {
            let label: String = row.get(0)?;
            days.push(read(date(&label)?, row.get(1)?, row.get(2)?));
        }
        Ok(days)
    }

    /// When the totals of all days were last listed, beyond the newest thousand.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn older_listed(&self, owner: Owner<'_>) -> Result<Option<Timestamp>, ReplicaError> {
        let listed: Option<Option<i64>> = self
            .connection
            .prepare_cached("SELECT older_listed FROM owners WHERE profile = ?1 AND sub = ?2")?
            .query_row([owner.profile, owner.sub], |row| row.get(0))
            .optional()?;
        Ok(listed
            .flatten()
            .and_then(|listed| Timestamp::from_millisecond(listed).ok()))
    }

    /// Notes that the totals of all days were listed, and forgets ids that were deleted long before.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn set_older_listed(&self, owner: Owner<'_>, at: Timestamp) -> Result<(), ReplicaError> {
        let number = self.owner(owner)?;
        self.connection
            .prepare_cached("UPDATE owners SET older_listed = ?2 WHERE owner = ?1")?
            .execute([number, at.as_millisecond()])?;
        // No list and no event lags that long.
        let outdated = at - SignedDuration::from_hours(24);
        self.connection
            .prepare_cached("DELETE FROM removals WHERE owner = ?1 AND heard < ?2")?
            .execute([number, outdated.as_millisecond()])?;
        Ok(())
    }

    pub(super) fn known_table<'a>(&'a self, owner: Owner<'a>) -> Result<Option<Table<'a>>, ReplicaError> {
        let connection = &self.connection;
        let number = self.known_owner(owner)?;
        Ok(number.map(|number| Table {
            connection,
            owner: number,
            sub: owner.sub,
        }))
    }

    /// Makes changes in one transaction.
    fn change<T>(
        &mut self,
        owner: Owner<'_>,
        now: Timestamp,
        make: impl FnOnce(&mut Changes<'_, Table<'_>>) -> Result<T, ReplicaError>,
    ) -> Result<(T, Vec<DayStatus>), ReplicaError> {
        let number = self.owner(owner)?;
        // Immediate: a transaction that begins by reading can't write after another program's.
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut table = Table {
            connection: &transaction,
            owner: number,
            sub: owner.sub,
        };
        let mut changes = Changes::begin(&mut table, now);
        let result = make(&mut changes)?;
        let statuses = changes.finish()?;
        transaction.commit()?;
        Ok((result, statuses))
    }
}
