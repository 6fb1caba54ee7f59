//! What sending does to the rows of the queue.

use caltrack_domain::outbox::{Answer, Command, Outcome, Queue, Reason, Row, Settlement};
use jiff::Timestamp;
use rusqlite::params;

use super::{
    error::OutboxError,
    owner::OutboxOwner,
    steps::Steps,
    store::Outbox,
    tables::{self, Scope},
    transaction::Transaction,
    value,
};

/// What answers did to the queue.
#[derive(Debug)]
pub(super) struct Turnover {
    pub(super) settlement: Settlement,
    /// The rows of the subjects that were answered.
    pub(super) lanes: Vec<Row>,
    /// The rows that were marked as sent, with their commands.
    pub(super) begun: Vec<(u64, Command)>,
}

fn begin(
    transaction: &mut Transaction<'_>,
    owner: &OutboxOwner,
    numbers: &[u64],
    now: Timestamp,
) -> rusqlite::Result<Vec<(u64, Command)>> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    transaction.change(owner, Scope::Rows(numbers), Steps::None, |ledger| {
        let begun = numbers.iter().filter_map(|number| {
            let command = ledger.queue.begin(*number, now)?;
            Some((*number, command))
        });
        (begun.collect(), Vec::new())
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
            .transaction(|transaction| begin(transaction, owner, numbers, now))
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
        let turnover = self.turn_over(owner, vec![(number, answer)], &[], Timestamp::now())?;
        Ok(turnover.settlement)
    }

    /// The first rows that may be sent.
    pub(super) fn first(&self, owner: &OutboxOwner, most: usize) -> Vec<Row> {
        let read = self
            .database
            .read(|connection| tables::rows(connection, owner, Scope::First(most)));
        read.map(|(rows, _)| rows).unwrap_or_default()
    }

    /// Takes the answers to several rows that were sent, and marks the next ones as sent, in one transaction.
    pub(super) fn turn_over(
        &mut self,
        owner: &OutboxOwner,
        answers: Vec<(u64, Answer)>,
        next: &[u64],
        now: Timestamp,
    ) -> Result<Turnover, OutboxError> {
        let general = answers.last().and_then(|(_, answer)| match answer {
            Answer::Waiting { reason, .. } if reason.kind.is_general() => Some(reason.clone()),
            _ => None,
        });
        let numbers: Vec<u64> = answers.iter().map(|(number, _)| *number).collect();
        let turnover = self.database.transaction(|transaction| {
            let lanes = Scope::Lanes(&numbers);
            let (settlement, lanes) = transaction.change(owner, lanes, Steps::OfRows, |ledger| {
                let mut all = Settlement::default();
                for (number, answer) in answers {
                    let settled = ledger.answer(number, answer);
                    all.outcomes.extend(settled.outcomes);
                    all.collisions.extend(settled.collisions);
                }
                let outcomes = all.outcomes.clone();
                ((all, ledger.queue.rows().to_vec()), outcomes)
            })?;
            Ok(Turnover {
                settlement,
                lanes,
                begun: begin(transaction, owner, next, now)?,
            })
        })?;
        self.note_trouble(owner, general.as_ref())?;
        Ok(turnover)
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
