//! Rows of the tables as the ledger's, and the difference between two ledgers as statements.

use std::collections::BTreeMap;

use caltrack_domain::outbox::{
    History, Ledger, MAX_CHANGES, MAX_STEPS, Outcome, Queue, Row, RowState, Step, Subject, TrackedChange,
};
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
    /// Those of these numbers.
    Rows(&'a [u64]),
    All,
}

/// The steps of the history that a transaction needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Steps {
    /// None: the transaction only changes rows.
    None,
    /// Their changes that have to do with the rows in scope.
    OfRows,
    /// The same, and all other steps without their changes.
    OfRowsAndOthers,
    All,
}

/// A ledger as it is in the file, as far as it was needed.
pub(super) struct Loaded {
    pub(super) ledger: Ledger,
    /// Where the loaded changes of each step are.
    positions: BTreeMap<u64, Vec<i64>>,
    /// Whether steps were loaded with all their changes.
    is_whole: bool,
}

/// Steps and the positions of their changes.
type Located = (Vec<Step>, BTreeMap<u64, Vec<i64>>);

/// The ledger of an owner, as far as the scope goes. Rows that can't be decoded stay as they are.
pub(super) fn load(
    connection: &Connection,
    owner: &OutboxOwner,
    scope: Scope<'_>,
    steps: Steps,
) -> rusqlite::Result<Loaded> {
    let (rows, _) = rows(connection, owner, scope)?;
    let next: i64 = connection
        .prepare_cached("SELECT next FROM counter")?
        .query_row([], |row| row.get(0))?;
    let known = match steps {
        Steps::None => Vec::new(),
        Steps::OfRows | Steps::OfRowsAndOthers | Steps::All => redirects(connection, owner)?,
    };
    let (found, positions) = match steps {
        Steps::None => Located::default(),
        Steps::OfRows | Steps::OfRowsAndOthers => {
            let history = History::new(Vec::new(), known.clone());
            let others = steps == Steps::OfRowsAndOthers;
            steps_of(connection, owner, &rows, &history, others)?
        }
        Steps::All => all_steps(connection, owner)?,
    };
    Ok(Loaded {
        ledger: Ledger {
            owner: owner.sub.clone(),
            queue: Queue::new(rows),
            history: History::new(found, known),
            next: unsigned(next),
        },
        positions,
        is_whole: steps == Steps::All,
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
    let (steps, _) = all_steps(connection, owner)?;
    Ok(History::new(steps, redirects(connection, owner)?))
}

fn all_steps(connection: &Connection, owner: &OutboxOwner) -> rusqlite::Result<Located> {
    let mut found = FoundSteps::default();
    found.changes(
        connection,
        owner,
        "SELECT step, name, undone, position, body FROM steps JOIN changes ON step = number
         WHERE profile = ?1 AND sub = ?2 AND ?3 IS NULL",
        &rusqlite::types::Null,
    )?;
    Ok(found.located())
}

/// The changes of rows or of their entries, by their steps; with all other steps, without their changes, if `others`.
fn steps_of(
    connection: &Connection,
    owner: &OutboxOwner,
    rows: &[Row],
    history: &History,
    others: bool,
) -> rusqlite::Result<Located> {
    const OF_ROW: &str = "SELECT step, name, undone, position, body FROM changes JOIN steps ON number = step
         WHERE profile = ?1 AND sub = ?2 AND row = ?3";
    const OF_ENTRY: &str =
        "SELECT step, name, undone, position, body FROM changes JOIN steps ON number = step
         WHERE profile = ?1 AND sub = ?2 AND entry = ?3";
    let mut found = FoundSteps::default();
    for row in rows {
        found.changes(connection, owner, OF_ROW, &signed(row.number))?;
        if let Subject::Entry(id) = row.command.subject() {
            for id in history.earlier_ids(&id) {
                found.changes(connection, owner, OF_ENTRY, &id)?;
            }
        }
    }
    if others {
        let mut statement = connection
            .prepare_cached("SELECT number, name, undone FROM steps WHERE profile = ? AND sub = ?")?;
        let mut rows = statement.query(params![owner.profile, owner.sub])?;
        while let Some(row) = rows.next()? {
            let step = found.0.entry(row.get(0)?);
            step.or_insert((row.get(1)?, row.get(2)?, BTreeMap::new()));
        }
    }
    Ok(found.located())
}

/// Steps by number: name, whether they are undone, and the loaded changes by position.
#[derive(Default)]
struct FoundSteps(BTreeMap<i64, (String, bool, BTreeMap<i64, TrackedChange>)>);

impl FoundSteps {
    /// Adds the changes that a query finds.
    fn changes(
        &mut self,
        connection: &Connection,
        owner: &OutboxOwner,
        sql: &str,
        value: &dyn rusqlite::ToSql,
    ) -> rusqlite::Result<()> {
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![owner.profile, owner.sub, value])?;
        while let Some(row) = rows.next()? {
            let body: String = row.get(4)?;
            let Some(change) = parsed(&body) else {
                continue;
            };
            let (number, position): (i64, i64) = (row.get(0)?, row.get(3)?);
            if !self.0.contains_key(&number) {
                self.0.insert(number, (row.get(1)?, row.get(2)?, BTreeMap::new()));
            }
            if let Some((_, _, changes)) = self.0.get_mut(&number) {
                changes.insert(position, change);
            }
        }
        Ok(())
    }

    fn located(self) -> Located {
        let (mut steps, mut positions) = Located::default();
        for (number, (name, undone, changes)) in self.0 {
            let number = unsigned(number);
            positions.insert(number, changes.keys().copied().collect());
            steps.push(Step {
                number,
                name,
                changes: changes.into_values().collect(),
                undone,
            });
        }
        (steps, positions)
    }
}

fn redirects(connection: &Connection, owner: &OutboxOwner) -> rusqlite::Result<Vec<(String, String)>> {
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
    write_history(connection, owner, loaded, &after.history)?;
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
    loaded: &Loaded,
    after: &History,
) -> rusqlite::Result<()> {
    let before = &loaded.ledger.history;
    let old: BTreeMap<u64, &Step> = before.steps().map(|step| (step.number, step)).collect();
    let new: BTreeMap<u64, &Step> = after.steps().map(|step| (step.number, step)).collect();
    let none = Vec::new();
    for (number, step) in &old {
        if new.contains_key(number) {
            continue;
        }
        if loaded.is_whole || step.undone {
            delete_step(connection, *number)?;
        } else {
            // Its loaded changes will not happen; it may have others.
            delete_changes(connection, *number, loaded.positions.get(number).unwrap_or(&none))?;
            connection
                .prepare_cached(
                    "DELETE FROM steps WHERE number = ?1 AND NOT EXISTS (SELECT 1 FROM changes WHERE step = ?1)",
                )?
                .execute([signed(*number)])?;
        }
    }
    for (number, step) in &new {
        let known = old.get(number);
        if known.is_none_or(|known| (&known.name, known.undone) != (&step.name, step.undone)) {
            connection
                .prepare_cached("INSERT OR REPLACE INTO steps (number, profile, sub, name, undone) VALUES (?, ?, ?, ?, ?)")?
                .execute(params![signed(*number), owner.profile, owner.sub, step.name, step.undone])?;
        }
        let positions = loaded.positions.get(number).unwrap_or(&none);
        let next = positions.last().map_or(0, |last| last + 1);
        let places = positions.iter().copied().chain(next..);
        for ((at, change), position) in step.changes.iter().enumerate().zip(places) {
            if known.and_then(|known| known.changes.get(at)) != Some(change) {
                connection
                    .prepare_cached(
                        "INSERT OR REPLACE INTO changes (step, position, row, entry, body) VALUES (?, ?, ?, ?, ?)",
                    )?
                    .execute(params![
                        signed(*number),
                        position,
                        change.row.map(signed),
                        change.change.id(),
                        json(change)?
                    ])?;
            }
        }
        delete_changes(
            connection,
            *number,
            positions.get(step.changes.len()..).unwrap_or_default(),
        )?;
    }
    if new.keys().any(|number| !old.contains_key(number)) {
        forget_oldest(connection, owner)?;
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

/// Forgets the oldest steps if there are too many, as [`History`] does where all of them are loaded.
fn forget_oldest(connection: &Connection, owner: &OutboxOwner) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "SELECT number, (SELECT count(*) FROM changes WHERE step = number) FROM steps WHERE profile = ? AND sub = ?
         ORDER BY number DESC",
    )?;
    let newest_first = statement.query_map(params![owner.profile, owner.sub], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
    })?;
    let newest_first = newest_first.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut changes = 0;
    for (at, (number, count)) in newest_first.into_iter().enumerate() {
        changes += usize::try_from(count).unwrap_or(usize::MAX);
        if at > 0 && (at >= MAX_STEPS || changes > MAX_CHANGES) {
            delete_step(connection, unsigned(number))?;
        }
    }
    Ok(())
}

fn delete_step(connection: &Connection, number: u64) -> rusqlite::Result<()> {
    for sql in [
        "DELETE FROM changes WHERE step = ?",
        "DELETE FROM steps WHERE number = ?",
    ] {
        connection.prepare_cached(sql)?.execute([signed(number)])?;
    }
    Ok(())
}

fn delete_changes(connection: &Connection, step: u64, positions: &[i64]) -> rusqlite::Result<()> {
    for position in positions {
        connection
            .prepare_cached("DELETE FROM changes WHERE step = ? AND position = ?")?
            .execute(params![signed(step), position])?;
    }
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

fn moment(milliseconds: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(milliseconds).ok()
}
