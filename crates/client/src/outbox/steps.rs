//! The undo history in the tables `steps`, `changes` and `redirects`: loaded as far as a transaction needs it, and the
//! difference written.

use std::collections::BTreeMap;

use caltrack_domain::outbox::{History, Row, Step, Subject, TrackedChange, too_many};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    owner::OutboxOwner,
    value::{json, parsed, signed, unsigned},
};

/// The steps of the history that a transaction needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Steps {
    /// None: the transaction only changes rows.
    None,
    /// Their changes that have to do with the rows in scope.
    OfRows,
    /// The same, and all other steps without their changes.
    OfRowsAndOthers,
    /// The one that undo takes next.
    LastDone,
    /// The one that redo takes next.
    FirstUndone,
    All,
}

const OF_STEP: &str = "SELECT step, name, undone, position, body FROM changes JOIN steps ON number = step
     WHERE profile = ?1 AND sub = ?2 AND step = ?3";

/// A history as it is in the file, as far as it was needed.
#[derive(Default)]
pub(super) struct LoadedHistory {
    pub(super) history: History,
    /// Where the loaded changes of each step are.
    positions: BTreeMap<u64, Vec<i64>>,
    /// Whether steps were loaded with all their changes.
    is_whole: bool,
    /// Whether all steps are known, if not their changes.
    has_others: bool,
}

/// Steps and the positions of their changes.
type Located = (Vec<Step>, BTreeMap<u64, Vec<i64>>);

/// The history of an owner, as far as a transaction on these rows needs it.
pub(super) fn load(
    connection: &Connection,
    owner: &OutboxOwner,
    rows: &[Row],
    steps: Steps,
) -> rusqlite::Result<LoadedHistory> {
    if steps == Steps::None {
        return Ok(LoadedHistory::default());
    }
    let redirects = redirects(connection, owner)?;
    let has_others = steps == Steps::OfRowsAndOthers;
    let (found, positions) = match steps {
        Steps::None => Located::default(),
        Steps::OfRows | Steps::OfRowsAndOthers => {
            let known = History::new(Vec::new(), redirects.clone());
            steps_of(connection, owner, rows, &known, has_others)?
        }
        Steps::LastDone | Steps::FirstUndone => {
            let next = next_step(connection, owner, steps == Steps::LastDone)?;
            let mut found = FoundSteps::default();
            if let Some((number, _)) = next {
                found.changes(connection, owner, OF_STEP, &number)?;
            }
            found.located()
        }
        Steps::All => all_steps(connection, owner)?,
    };
    Ok(LoadedHistory {
        history: History::new(found, redirects),
        positions,
        is_whole: matches!(steps, Steps::All | Steps::LastDone | Steps::FirstUndone),
        has_others,
    })
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
            let (name, undone) = (row.get(1)?, row.get(2)?);
            let step = self.0.entry(number);
            let (_, _, changes) = step.or_insert_with(|| (name, undone, BTreeMap::new()));
            changes.insert(position, change);
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

/// Writes what differs from what was loaded.
pub(super) fn write(
    connection: &Connection,
    owner: &OutboxOwner,
    loaded: &LoadedHistory,
    after: &History,
) -> rusqlite::Result<()> {
    let before = &loaded.history;
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
    if loaded.has_others && new.keys().any(|number| !old.contains_key(number)) {
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
    let mut statement = connection
        .prepare_cached("SELECT number, name FROM steps WHERE profile = ? AND sub = ? ORDER BY number")?;
    let steps = statement.query_map(params![owner.profile, owner.sub], |row| {
        Ok(Step {
            number: unsigned(row.get(0)?),
            name: row.get(1)?,
            changes: Vec::new(),
            undone: false,
        })
    })?;
    let sized = |step: Step| size(connection, &step).map(|size| (step, size));
    let steps = steps
        .map(|step| step.and_then(sized))
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let forgotten = too_many(steps.iter().map(|(step, count)| (step, *count)));
    for (step, _) in steps.iter().take(forgotten) {
        delete_step(connection, step.number)?;
    }
    Ok(())
}

/// The number of a step's changes. Those of an import, which may be very many, don't count.
fn size(connection: &Connection, step: &Step) -> rusqlite::Result<usize> {
    if step.is_import() {
        return Ok(0);
    }
    let count: i64 = connection
        .prepare_cached("SELECT count(*) FROM changes WHERE step = ?")?
        .query_row([signed(step.number)], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
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
