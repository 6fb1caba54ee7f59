//! What sending does to the rows of the queue.

use caltrack_domain::outbox::{Answer, Command, Outcome, Queue, Reason, Row, Settlement};
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{
    error::OutboxError,
    owner::OutboxOwner,
    steps::Steps,
    store::Outbox,
    tables::{self, Scope},
    transaction::change_ledger,
    value,
};

/// What answers did to the queue, and what is sent next.
#[derive(Debug, Default)]
pub(super) struct Turned {
    pub(super) settlement: Settlement,
    /// The rows of the subjects that were answered, as they are now.
    pub(super) lanes: Vec<Row>,
    /// The rows that are marked as sent, with their commands.
    pub(super) begun: Vec<(u64, Command)>,
}

/// Marks rows as sent; returns their commands, and whether there are any.
fn begin(
    connection: &Connection,
    owner: &OutboxOwner,
    numbers: &[u64],
    now: Timestamp,
) -> rusqlite::Result<(Vec<(u64, Command)>, bool)> {
    let scope = (Scope::Rows(numbers), Steps::None);
    change_ledger(connection, owner, scope, |ledger| {
        let mut begun = Vec::new();
        for number in numbers {
            let command = ledger.queue.begin(*number, now);
            begun.extend(command.map(|command| (*number, command)));
        }
        (begun, Vec::new())
    })
}

impl Outbox {
    /// Marks rows as sent; returns their commands. Rows that are gone meanwhile have none.
    ///
    /// # Errors
    ///
    /// [`OutboxError`]; then nothing may be sent.
    pub fn begin(
        &mut self,
        owner: &OutboxOwner,
        numbers: &[u64],
        now: Timestamp,
    ) -> Result<Vec<(u64, Command)>, OutboxError> {
        self.database
            .together(|connection| begin(connection, owner, numbers, now))
    }

    /// Takes the answer to a row that was sent.
    ///
    /// # Errors
    ///
    /// [`OutboxError`]; the row stays as it is, and is sent again.
    pub fn answer(
        &mut self,
        owner: &OutboxOwner,
        number: u64,
        answer: Answer,
    ) -> Result<Settlement, OutboxError> {
        let turned = self.turn(owner, vec![(number, answer)], &[], Timestamp::now())?;
        Ok(turned.settlement)
    }

    /// The first rows that may be sent.
    pub(super) fn first(&self, owner: &OutboxOwner, most: usize) -> Vec<Row> {
        let read = self
            .database
            .read(|connection| tables::rows(connection, owner, Scope::First(most)));
        read.map(|(rows, _)| rows).unwrap_or_default()
    }

    /// Takes the answers to several rows that were sent, and marks others as sent, in one transaction.
    pub(super) fn turn(
        &mut self,
        owner: &OutboxOwner,
        answers: Vec<(u64, Answer)>,
        next: &[u64],
        now: Timestamp,
    ) -> Result<Turned, OutboxError> {
        let general = answers.last().and_then(|(_, answer)| match answer {
            Answer::Waiting { reason, .. } if reason.kind.is_general() => Some(reason.clone()),
            _ => None,
        });
        let numbers: Vec<u64> = answers.iter().map(|(number, _)| *number).collect();
        let turned = self.database.together(|connection| {
            let scope = (Scope::Lanes(&numbers), Steps::OfRows);
            let (mut turned, changed) = change_ledger(connection, owner, scope, |ledger| {
                let mut turned = Turned::default();
                for (number, answer) in answers {
                    let settled = ledger.answer(number, answer);
                    turned.settlement.outcomes.extend(settled.outcomes);
                    turned.settlement.collisions.extend(settled.collisions);
                }
                turned.lanes = ledger.queue.rows().to_vec();
                let outcomes = turned.settlement.outcomes.clone();
                (turned, outcomes)
            })?;
            let (begun, begins) = begin(connection, owner, next, now)?;
            turned.begun = begun;
            Ok((turned, changed || begins))
        })?;
        self.note_trouble(owner, general.as_ref())?;
        Ok(turned)
    }

    /// Rejects creates that were sent and not answered for 25 days.
    ///
    /// # Errors
    ///
    /// [`OutboxError`] if the file can't be read or written, is damaged or of a newer version.
    pub fn expire(
        &mut self,
        owner: &OutboxOwner,
        now: Timestamp,
    ) -> Result<Vec<(u64, Outcome)>, OutboxError> {
        // The history matters only where something has expired.
        let (rows, _) = self
            .database
            .read(|connection| tables::rows(connection, owner, Scope::All))?;
        if Queue::new(rows).expire(now).is_empty() {
            return Ok(Vec::new());
        }
        self.database.transact(owner, Scope::All, Steps::All, |ledger| {
            let outcomes = ledger.expire(now);
            (outcomes.clone(), outcomes)
        })
    }

    /// Has a rejected row sent again; returns whether there is one of this number.
    ///
    /// # Errors
    ///
    /// [`OutboxError`] if the file can't be read or written, is damaged or of a newer version.
    pub fn retry(&mut self, owner: &OutboxOwner, number: u64, now: Timestamp) -> Result<bool, OutboxError> {
        self.database
            .transact(owner, Scope::Lane(number), Steps::OfRows, |ledger| {
                (ledger.retry(number, now), Vec::new())
            })
    }

    /// Drops a row that was rejected or never sent; returns whether there is one of this number.
    ///
    /// # Errors
    ///
    /// [`OutboxError`] if the file can't be read or written, is damaged or of a newer version.
    pub fn drop_row(&mut self, owner: &OutboxOwner, number: u64) -> Result<bool, OutboxError> {
        self.database
            .transact(owner, Scope::Lane(number), Steps::OfRows, |ledger| {
                let dropped = ledger.drop_row(number);
                let outcomes = if dropped {
                    vec![(number, Outcome::Withdrawn)]
                } else {
                    Vec::new()
                };
                (dropped, outcomes)
            })
    }

    /// Notes a reason that every row would meet; none once the backend has answered.
    fn note_trouble(&self, owner: &OutboxOwner, reason: Option<&Reason>) -> Result<(), OutboxError> {
        let known = self.trouble(owner);
        if reason.is_none() && known.reason.is_none() {
            return Ok(());
        }
        let attempts = known.attempts + u64::from(reason.is_some());
        self.database.read(|connection| {
            connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO troubles (profile, sub, attempts, reason) VALUES (?, ?, ?, ?)",
                )?
                .execute(params![
                    owner.profile,
                    owner.sub,
                    value::signed(attempts),
                    reason.map(value::json).transpose()?
                ])
        })?;
        Ok(())
    }
}
