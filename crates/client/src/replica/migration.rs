//! The migration of earlier formats of the file.

use caltrack_domain::{Activity, DailyTotals};
use rusqlite::{Connection, params};
use serde::Deserialize;

use super::{
    error::OpenFailure,
    rows::Rows as _,
    rules::{Changes, Listing},
    search_index,
    table::{ACTIVITY, Table, activity, date},
};

/// A day of format 1: one row with everything in it.
#[derive(Deserialize)]
struct StoredDay {
    consumed: i64,
    burned: i64,
    version: u64,
    #[serde(default)]
    weight: Option<f64>,
    activities: Vec<Activity>,
}

/// Makes the tables of this version of those of format 1. Days that can't be read are fetched again later.
pub(super) fn from_days(connection: &Connection, tables: &str) -> Result<(), OpenFailure> {
    connection.execute_batch(
        "ALTER TABLE days RENAME TO old_days; ALTER TABLE documents RENAME TO old_documents;",
    )?;
    connection.execute_batch(tables)?;
    connection.execute_batch(
        "INSERT INTO owners (profile, sub)
            SELECT profile, sub FROM old_days UNION SELECT profile, sub FROM old_documents;
         INSERT INTO documents (owner, name, body)
            SELECT owner, name, body FROM old_documents JOIN owners USING (profile, sub);",
    )?;
    create_indexes(connection)?;
    let mut statement = connection.prepare(
        "SELECT owner, sub, date, body FROM old_days JOIN owners USING (profile, sub) ORDER BY owner, date",
    )?;
    let mut rows = statement.query(params![])?;
    while let Some(row) = rows.next()? {
        let (owner, sub): (i64, String) = (row.get(0)?, row.get(1)?);
        let (label, body): (String, String) = (row.get(2)?, row.get(3)?);
        let (Ok(date), Ok(stored)) = (date(&label), serde_json::from_str::<StoredDay>(&body)) else {
            continue;
        };
        let mut table = Table {
            connection,
            owner,
            sub: &sub,
        };
        let totals = DailyTotals {
            calories_consumed: stored.consumed,
            calories_burned: stored.burned,
            version: stored.version,
            weight: stored.weight,
            // It is fetched once, for its digest.
            entries: None,
            digest: None,
            protein: None,
            fat: None,
            carbohydrate: None,
            date,
        };
        let mut changes = Changes::begin(&mut table, jiff::Timestamp::UNIX_EPOCH);
        changes
            .list(Listing {
                date,
                entries: stored.activities,
                totals: Some(totals),
                sent: jiff::Timestamp::UNIX_EPOCH,
                is_last: false,
            })
            .and_then(|()| changes.finish())
            .map_err(OpenFailure::Fatal)?;
        let mut day = table.day(date).map_err(OpenFailure::Fatal)?;
        day.unverified = None;
        table.set_day(date, &day).map_err(OpenFailure::Fatal)?;
    }
    drop(rows);
    drop(statement);
    connection.execute_batch("DROP TABLE old_days; DROP TABLE old_documents;")?;
    Ok(())
}

/// Makes an index for each user of the common one of format 2.
pub(super) fn from_common_index(connection: &Connection) -> Result<(), OpenFailure> {
    create_indexes(connection)?;
    let mut statement = connection.prepare(&format!(
        "SELECT {ACTIVITY}, entries.entry, entries.owner FROM entries ORDER BY entries.entry"
    ))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let table = Table {
            connection,
            owner: row.get(5)?,
            sub: "",
        };
        let indexed = activity(row, "").and_then(|activity| table.index(row.get(4)?, &activity.entry));
        indexed.map_err(OpenFailure::Fatal)?;
    }
    drop(rows);
    drop(statement);
    connection.execute_batch("DROP TABLE search; PRAGMA user_version = 3;")?;
    Ok(())
}

fn create_indexes(connection: &Connection) -> Result<(), OpenFailure> {
    let owners: Vec<i64> = connection
        .prepare("SELECT owner FROM owners")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for owner in owners {
        search_index::create(connection, owner)?;
    }
    Ok(())
}
