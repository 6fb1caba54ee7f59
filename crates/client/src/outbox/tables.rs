//! Rows of the tables as the ledger's, and the difference between two ledgers as statements.

use std::collections::{BTreeMap, BTreeSet};

use caltrack_domain::outbox::{History, Ledger, Outcome, Queue, Row, RowState, Step, Subject, TrackedChange};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Serialize, de::DeserializeOwned};

use super::owner::OutboxOwner;

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

/// The steps of the history that a transaction needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Steps {
    /// None: the transaction only changes rows.
    None,
    /// Those that have to do with the rows in scope.
    OfRows,
    /// The one that undo takes next.
    LastDone,
    /// The one that redo takes next.
    FirstUndone,
    All,
}

/// The ledger of an owner, as far as the scope goes. Rows that can't be decoded stay as they are.
pub(super) fn load(
    connection: &Connection,
    owner: &OutboxOwner,
    scope: Scope<'_>,
    steps: Steps,
) -> rusqlite::Result<Ledger> {
    let (rows, _) = rows(connection, owner, scope)?;
    let next: i64 = connection.query_row("SELECT next FROM counter", [], |row| row.get(0))?;
    let history = match steps {
        Steps::None => History::default(),
        Steps::OfRows => history_of(connection, owner, &rows)?,
        Steps::LastDone | Steps::FirstUndone => {
            let next = next_step(connection, owner, steps == Steps::LastDone)?;
            let numbers: Vec<i64> = next.into_iter().map(|(number, _)| number).collect();
            History::new(self::steps(connection, &numbers)?, redirects(connection, owner)?)
        }
        Steps::All => history(connection, owner)?,
    };
    Ok(Ledger {
        owner: owner.sub.clone(),
        queue: Queue::new(rows),
        history,
        next: unsigned(next),
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
            read(&sql, &[profile, sub, &position_of(most)])?;
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

/// The undo history. Changes that can't be decoded can't be undone.
pub(super) fn history(connection: &Connection, owner: &OutboxOwner) -> rusqlite::Result<History> {
    let mut statement = connection
        .prepare_cached("SELECT number FROM steps WHERE profile = ? AND sub = ? ORDER BY number")?;
    let numbers = statement
        .query_map(params![owner.profile, owner.sub], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<i64>>>()?;
    Ok(History::new(
        steps(connection, &numbers)?,
        redirects(connection, owner)?,
    ))
}

/// The steps that contain changes of rows or of their entries, each with all its changes.
fn history_of(connection: &Connection, owner: &OutboxOwner, rows: &[Row]) -> rusqlite::Result<History> {
    let all = History::new(Vec::new(), redirects(connection, owner)?);
    let mut numbers = BTreeSet::new();
    let mut find = |sql: &str, value: &dyn rusqlite::ToSql| -> rusqlite::Result<()> {
        let mut statement = connection.prepare_cached(sql)?;
        let found = statement.query_map(params![value, owner.profile, owner.sub], |row| row.get(0))?;
        for number in found {
            numbers.insert(number?);
        }
        Ok(())
    };
    for row in rows {
        find(
            "SELECT step FROM changes JOIN steps ON number = step WHERE row = ? AND profile = ? AND sub = ?",
            &signed(row.number),
        )?;
        if let Subject::Entry(id) = row.command.subject() {
            let earlier = all
                .redirects()
                .filter(|(old, _)| all.resolve(old) == id)
                .map(|(old, _)| old);
            for id in std::iter::once(&id).chain(earlier) {
                find(
                    "SELECT step FROM changes JOIN steps ON number = step WHERE entry = ? AND profile = ? AND sub = ?",
                    id,
                )?;
            }
        }
    }
    let numbers: Vec<i64> = numbers.into_iter().collect();
    let redirects = all.redirects().cloned().collect();
    Ok(History::new(steps(connection, &numbers)?, redirects))
}

/// The number and the name of the step that undo, or redo, takes next.
pub(super) fn next_step(
    connection: &Connection,
    owner: &OutboxOwner,
    is_undo: bool,
) -> rusqlite::Result<Option<(i64, String)>> {
    let sql = if is_undo {
        "SELECT number, name FROM steps WHERE profile = ? AND sub = ? AND undone = 0 ORDER BY number DESC LIMIT 1"
    } else {
        "SELECT number, name FROM steps WHERE profile = ? AND sub = ? AND undone = 1 ORDER BY number LIMIT 1"
    };
    connection
        .prepare_cached(sql)?
        .query_row(params![owner.profile, owner.sub], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()
}

fn steps(connection: &Connection, numbers: &[i64]) -> rusqlite::Result<Vec<Step>> {
    let mut found = Vec::with_capacity(numbers.len());
    for number in numbers {
        let (name, undone) = connection
            .prepare_cached("SELECT name, undone FROM steps WHERE number = ?")?
            .query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let bodies = connection
            .prepare_cached("SELECT body FROM changes WHERE step = ? ORDER BY position")?
            .query_map([number], |row| row.get::<_, String>(0))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let changes: Vec<TrackedChange> = bodies.iter().filter_map(|body| parsed(body)).collect();
        if !changes.is_empty() {
            found.push(Step {
                number: unsigned(*number),
                name,
                changes,
                undone,
            });
        }
    }
    Ok(found)
}

pub(super) fn redirects(
    connection: &Connection,
    owner: &OutboxOwner,
) -> rusqlite::Result<Vec<(String, String)>> {
    let mut statement = connection
        .prepare_cached("SELECT old, new FROM redirects WHERE profile = ? AND sub = ? ORDER BY number")?;
    let found = statement.query_map(params![owner.profile, owner.sub], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    found.collect()
}

/// Writes what differs between two ledgers of one scope; returns whether something did.
pub(super) fn write(
    connection: &Connection,
    owner: &OutboxOwner,
    before: &Ledger,
    after: &Ledger,
) -> rusqlite::Result<bool> {
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
    write_history(connection, owner, &before.history, &after.history)?;
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

fn write_history(
    connection: &Connection,
    owner: &OutboxOwner,
    before: &History,
    after: &History,
) -> rusqlite::Result<()> {
    let old: BTreeMap<u64, &Step> = before.steps().map(|step| (step.number, step)).collect();
    let new: BTreeMap<u64, &Step> = after.steps().map(|step| (step.number, step)).collect();
    for number in old.keys().filter(|number| !new.contains_key(number)) {
        connection
            .prepare_cached("DELETE FROM steps WHERE number = ?")?
            .execute([signed(*number)])?;
        delete_changes(connection, *number, 0)?;
    }
    for (number, step) in &new {
        let known = old.get(number);
        if known.is_none_or(|known| (&known.name, known.undone) != (&step.name, step.undone)) {
            connection
                .prepare_cached("INSERT OR REPLACE INTO steps (number, profile, sub, name, undone) VALUES (?, ?, ?, ?, ?)")?
                .execute(params![signed(*number), owner.profile, owner.sub, step.name, step.undone])?;
        }
        for (position, change) in step.changes.iter().enumerate() {
            if known.and_then(|known| known.changes.get(position)) != Some(change) {
                connection
                    .prepare_cached(
                        "INSERT OR REPLACE INTO changes (step, position, row, entry, body) VALUES (?, ?, ?, ?, ?)",
                    )?
                    .execute(params![
                        signed(*number),
                        position_of(position),
                        change.row.map(signed),
                        change.change.id(),
                        json(change)?
                    ])?;
            }
        }
        if known.is_some_and(|known| known.changes.len() > step.changes.len()) {
            delete_changes(connection, *number, step.changes.len())?;
        }
    }
    let (old, new): (Vec<_>, Vec<_>) = (before.redirects().collect(), after.redirects().collect());
    if old != new {
        connection
            .prepare_cached("DELETE FROM redirects WHERE profile = ? AND sub = ?")?
            .execute(params![owner.profile, owner.sub])?;
        for (old, new) in new {
            connection
                .prepare_cached("INSERT INTO redirects (profile, sub, old, new) VALUES (?, ?, ?, ?)")?
                .execute(params![owner.profile, owner.sub, old, new])?;
        }
    }
    Ok(())
}

fn delete_changes(connection: &Connection, step: u64, from: usize) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM changes WHERE step = ? AND position >= ?")?
        .execute(params![signed(step), position_of(from)])?;
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

pub(super) fn json(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

pub(super) fn parsed<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}

/// `SQLite`'s integers are signed; numbers of rows are far from the limit.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn position_of(position: usize) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}

fn moment(milliseconds: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(milliseconds).ok()
}
