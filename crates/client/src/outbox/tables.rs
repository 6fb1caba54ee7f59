//! Rows of the tables as the ledger's, and the difference between two ledgers as statements.

use caltrack_domain::outbox::{Ledger, Outcome, Queue, Row, RowState};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    owner::OutboxOwner,
    steps::{self, LoadedHistory, Steps},
    value::{json, moment, parsed, signed, unsigned},
};

/// The most changes of rows that are remembered, for programs that follow the queue.
const MAX_ROW_CHANGES: i64 = 10_000;
/// If more rows than this have changed, the whole queue is read.
const MAX_CHANGED: usize = 1_000;
/// The most outcomes remembered per owner, for programs that ask what became of a row.
const MAX_OUTCOMES: i64 = 1_000;

/// The rows of a ledger that a transaction needs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope<'a> {
    /// Those of these subjects.
    Subjects(&'a [String]),
    /// Those of the same subject as this row.
    Lane(u64),
    /// Those of the same subjects as these rows.
    Lanes(&'a [u64]),
    /// Those of these numbers.
    Rows(&'a [u64]),
    /// The first ones that may be sent, so many.
    First(usize),
    All,
}

/// A ledger as it is in the file, as far as it was needed.
pub(super) struct Loaded {
    pub(super) ledger: Ledger,
    history: LoadedHistory,
}

/// The ledger of an owner, as far as the scope goes. Rows that can't be decoded stay as they are.
pub(super) fn load(
    connection: &Connection,
    owner: &OutboxOwner,
    scope: Scope<'_>,
    needed: Steps,
) -> rusqlite::Result<Loaded> {
    let (rows, _) = rows(connection, owner, scope)?;
    let next: i64 = connection
        .prepare_cached("SELECT next FROM counter")?
        .query_row([], |row| row.get(0))?;
    let history = steps::load(connection, owner, &rows, needed)?;
    Ok(Loaded {
        ledger: Ledger {
            owner: owner.sub.clone(),
            queue: Queue::new(rows),
            history: history.history.clone(),
            next: unsigned(next),
        },
        history,
    })
}

/// The rows in scope, and the numbers of those that can't be decoded.
pub(super) fn rows(
    connection: &Connection,
    owner: &OutboxOwner,
    scope: Scope<'_>,
) -> rusqlite::Result<(Vec<Row>, Vec<u64>)> {
    const COLUMNS: &str = "SELECT number, command, state, since, sent, unanswered, rejection, reason, is_undo, unlisted FROM rows";
    let (mut found, mut unreadable) = (Vec::new(), Vec::new());
    let mut take = |row: &rusqlite::Row<'_>| -> rusqlite::Result<()> {
        match decode(row)? {
            (_, Some(row)) => found.push(row),
            (number, None) => unreadable.push(number),
        }
        Ok(())
    };
    let mut read = |sql: &str, values: &[&dyn rusqlite::ToSql]| -> rusqlite::Result<()> {
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        while let Some(row) = rows.next()? {
            take(row)?;
        }
        Ok(())
    };
    let (profile, sub) = (&owner.profile, &owner.sub);
    match scope {
        Scope::Subjects(subjects) => {
            let sql = format!("{COLUMNS} WHERE profile = ? AND sub = ? AND subject = ?");
            for subject in subjects {
                read(&sql, &[profile, sub, subject])?;
            }
        }
        Scope::Lane(number) => {
            let sql = format!(
                "{COLUMNS} WHERE profile = ? AND sub = ? AND subject = (SELECT subject FROM rows WHERE number = ?)"
            );
            read(&sql, &[profile, sub, &signed(number)])?;
        }
        Scope::Lanes(numbers) => {
            let sql = format!(
                "{COLUMNS} WHERE profile = ? AND sub = ? AND subject = (SELECT subject FROM rows WHERE number = ?)
                    AND number NOT IN (SELECT value FROM json_each(?))"
            );
            let mut known: Vec<i64> = Vec::new();
            for number in numbers {
                let before = found.len();
                let mut statement = connection.prepare_cached(&sql)?;
                let mut rows = statement.query(params![profile, sub, signed(*number), json(&known)?])?;
                while let Some(row) = rows.next()? {
                    match decode(row)? {
                        (_, Some(row)) => found.push(row),
                        (number, None) => unreadable.push(number),
                    }
                }
                known.extend(found.iter().skip(before).map(|row| signed(row.number)));
            }
        }
        Scope::First(most) => {
            let sql = format!(
                "{COLUMNS} WHERE profile = ? AND sub = ? AND state <> 'rejected' ORDER BY number LIMIT ?"
            );
            read(&sql, &[profile, sub, &i64::try_from(most).unwrap_or(i64::MAX)])?;
        }
        Scope::Rows(numbers) => {
            let sql = format!("{COLUMNS} WHERE profile = ? AND sub = ? AND number = ?");
            for number in numbers {
                read(&sql, &[profile, sub, &signed(*number)])?;
            }
        }
        Scope::All => {
            let sql = format!("{COLUMNS} WHERE profile = ? AND sub = ? ORDER BY number");
            read(&sql, &[profile, sub])?;
        }
    }
    Ok((found, unreadable))
}

/// The number of the last change of rows.
pub(super) fn position(connection: &Connection) -> rusqlite::Result<u64> {
    connection
        .prepare_cached("SELECT coalesce(max(number), 0) FROM row_changes")?
        .query_row([], |row| Ok(unsigned(row.get(0)?)))
}

/// The numbers of the rows that have changed since; none if that isn't remembered, or if they are too many.
pub(super) fn changed_since(connection: &Connection, since: u64) -> rusqlite::Result<Option<Vec<u64>>> {
    let is_known: bool = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM row_changes WHERE number = ?)")?
        .query_row([signed(since)], |row| row.get(0))?;
    if !is_known {
        return Ok(None);
    }
    let mut statement =
        connection.prepare_cached("SELECT DISTINCT row FROM row_changes WHERE number > ? LIMIT ?")?;
    let most = i64::try_from(MAX_CHANGED + 1).unwrap_or(i64::MAX);
    let found = statement.query_map([signed(since), most], |row| Ok(unsigned(row.get(0)?)))?;
    let found = found.collect::<rusqlite::Result<Vec<u64>>>()?;
    Ok((found.len() <= MAX_CHANGED).then_some(found))
}

fn decode(row: &rusqlite::Row<'_>) -> rusqlite::Result<(u64, Option<Row>)> {
    let number = unsigned(row.get(0)?);
    let (command, state): (String, String) = (row.get(1)?, row.get(2)?);
    let (since, sent): (i64, Option<i64>) = (row.get(3)?, row.get(4)?);
    let (rejection, reason): (Option<String>, Option<String>) = (row.get(6)?, row.get(7)?);
    let unanswered = row.get(5)?;
    let state = match (state.as_str(), sent, rejection) {
        ("waiting", _, _) => Some(RowState::Waiting),
        ("sent", Some(sent), _) => moment(sent).map(|since| RowState::Sent { since, unanswered }),
        ("rejected", _, Some(rejection)) => parsed(&rejection).map(RowState::Rejected),
        _ => None,
    };
    let (is_undo, unlisted) = (row.get(8)?, row.get(9)?);
    let decoded = || {
        Some(Row {
            number,
            command: parsed(&command)?,
            state: state?,
            since: moment(since)?,
            reason: reason.and_then(|reason| parsed(&reason)),
            is_undo,
            unlisted,
        })
    };
    Ok((number, decoded()))
}

/// Writes what differs between two ledgers of one scope; returns whether something did.
pub(super) fn write(
    connection: &Connection,
    owner: &OutboxOwner,
    loaded: &Loaded,
    after: &Ledger,
) -> rusqlite::Result<bool> {
    let before = &loaded.ledger;
    if before == after {
        return Ok(false);
    }
    for row in before.queue.rows() {
        if after.queue.row(row.number).is_none() {
            connection
                .prepare_cached("DELETE FROM rows WHERE number = ?")?
                .execute([signed(row.number)])?;
        }
    }
    for row in after.queue.rows() {
        if before.queue.row(row.number) != Some(row) {
            put_row(connection, owner, row)?;
        }
    }
    connection
        .prepare_cached("DELETE FROM row_changes WHERE number <= (SELECT max(number) FROM row_changes) - ?")?
        .execute([MAX_ROW_CHANGES])?;
    steps::write(connection, owner, &loaded.history, &after.history)?;
    connection
        .prepare_cached("UPDATE counter SET next = ?")?
        .execute([signed(after.next)])?;
    Ok(true)
}

pub(super) fn put_row(connection: &Connection, owner: &OutboxOwner, row: &Row) -> rusqlite::Result<()> {
    let (sent, unanswered, rejection) = match &row.state {
        RowState::Waiting => (None, false, None),
        RowState::Sent { since, unanswered } => (Some(since.as_millisecond()), *unanswered, None),
        RowState::Rejected(rejection) => (None, false, Some(json(rejection)?)),
    };
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO rows (number, profile, sub, subject, command, state, since, sent, unanswered,
                rejection, reason, is_undo, unlisted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            signed(row.number),
            owner.profile,
            owner.sub,
            row.command.subject().key(),
            json(&row.command)?,
            row.word(),
            row.since.as_millisecond(),
            sent,
            unanswered,
            rejection,
            row.reason.as_ref().map(json).transpose()?,
            row.is_undo,
            row.unlisted,
        ])?;
    Ok(())
}

/// Remembers what became of a row.
pub(super) fn add_outcome(
    connection: &Connection,
    owner: &OutboxOwner,
    row: u64,
    outcome: &Outcome,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO outcomes (profile, sub, row, body) VALUES (?, ?, ?, ?)")?
        .execute(params![owner.profile, owner.sub, signed(row), json(outcome)?])?;
    let last = connection.last_insert_rowid();
    connection
        .prepare_cached("DELETE FROM outcomes WHERE number <= ?")?
        .execute([last - MAX_OUTCOMES])?;
    Ok(())
}

/// The last outcome of a row.
pub(super) fn outcome(connection: &Connection, row: u64) -> rusqlite::Result<Option<Outcome>> {
    let body: Option<String> = connection
        .prepare_cached("SELECT body FROM outcomes WHERE row = ? ORDER BY number DESC LIMIT 1")?
        .query_row([signed(row)], |row| row.get(0))
        .optional()?;
    Ok(body.and_then(|body| parsed(&body)))
}
