//! Books the days of a batch, one transaction after the other.

use tokio::time::Instant;

use super::processor::BatchProcessor;
use crate::{
    CancellationReason, StoreError,
    fold::{self, DayFold, MARKERS_PER_TRANSACTION, Part, RowFormat},
};

/// How often a transaction tries the other format. A kcal-only row is filled once, while a transaction is under way.
const MOST_SWITCHES: usize = 3;

/// The outcome of one user's day.
#[derive(Debug, Default)]
pub(super) struct DayOutcome {
    pub(super) userid: String,
    pub(super) date: String,
    /// Committed by this batch.
    pub(super) applied: Vec<Part>,
    /// How many parts had been committed before.
    pub(super) duplicates: usize,
    /// Its records must be retried.
    pub(super) failed: Vec<Part>,
    /// The record itself can't be booked.
    pub(super) rejected: Vec<(Part, String)>,
    /// Why the store denies access, where nothing of this day was booked.
    pub(super) denied: Option<String>,
    pub(super) errors: Vec<String>,
    pub(super) published: bool,
    pub(super) abandoned: bool,
    /// The format of the day's row, as far as its transactions have shown.
    format: RowFormat,
}

impl DayOutcome {
    fn fail(&mut self, parts: &mut Vec<Part>, error: &StoreError) {
        self.errors.push(error.to_string());
        self.failed.append(parts);
    }
}

impl BatchProcessor<'_> {
    pub(super) async fn book_day(&self, fold: DayFold) -> DayOutcome {
        let DayFold { userid, date, parts } = fold;
        let mut day = DayOutcome {
            userid,
            date,
            ..DayOutcome::default()
        };
        let mut denied = None;
        for chunk in parts.chunks(MARKERS_PER_TRANSACTION) {
            denied = self.book(chunk.to_vec(), &mut day).await.or(denied);
        }
        if day.applied.is_empty() && day.duplicates == 0 && day.rejected.is_empty() && day.errors.is_empty() {
            day.denied = denied;
        } else {
            day.errors.extend(denied);
        }
        day
    }

    /// Commits parts of one day in one transaction, except those that are committed already. Returns the reason if the
    /// store denies access.
    async fn book(&self, mut parts: Vec<Part>, day: &mut DayOutcome) -> Option<String> {
        let deadline = self.settings.until;
        let mut pauses = self.pauses();
        let mut switches = 0;
        let mut last: Option<StoreError> = None;
        while !parts.is_empty() {
            let request = fold::transaction(
                &self.settings.table,
                &day.userid,
                &day.date,
                &parts,
                day.format,
                self.now,
            );
            let answer = Self::in_time(deadline, self.store.transact_write_items(request)).await;
            let Err(error) = answer else {
                day.applied.append(&mut parts);
                return None;
            };
            match FailureClass::of(&error, parts.len()) {
                FailureClass::Committed(markers) => {
                    let before = parts.len();
                    let mut index = 0;
                    parts.retain(|_| {
                        index += 1;
                        !markers.contains(&(index - 1))
                    });
                    day.duplicates += before - parts.len();
                }
                FailureClass::OtherFormat if switches < MOST_SWITCHES => {
                    switches += 1;
                    day.format = match day.format {
                        RowFormat::Full => RowFormat::KcalOnly,
                        RowFormat::KcalOnly => RowFormat::Full,
                    };
                }
                // The row is being changed by hand.
                FailureClass::OtherFormat => day.fail(&mut parts, &error),
                FailureClass::Passing => {
                    // A call that the deadline cuts off has no reason of its own: that of the attempt before says more.
                    let is_cut_off = deadline.is_some_and(|deadline| Instant::now() >= deadline);
                    let reason = if is_cut_off {
                        last.take().unwrap_or(error)
                    } else {
                        error
                    };
                    if !Self::pause(&mut pauses, deadline).await {
                        day.fail(&mut parts, &reason);
                    }
                    last = Some(reason);
                }
                FailureClass::Denied => {
                    day.failed.append(&mut parts);
                    return Some(error.to_string());
                }
                FailureClass::Rejected => return self.sort_out(parts, &error, day).await,
            }
        }
        None
    }

    /// A refused transaction: the table, one of the records, or the day's row is the cause.
    async fn sort_out(
        &self,
        mut parts: Vec<Part>,
        error: &StoreError,
        day: &mut DayOutcome,
    ) -> Option<String> {
        match self.table.get_or_try_init(|| self.has_keys()).await {
            Ok(true) => {}
            Ok(false) => {
                day.failed.append(&mut parts);
                let table = &self.settings.table;
                return Some(format!(
                    "the table {table} has other keys than `userid` and `date`, both strings: {error}"
                ));
            }
            Err(unknown) => {
                day.fail(&mut parts, &unknown);
                return None;
            }
        }
        let mut denied = None;
        if let [_, _, ..] = parts.as_slice() {
            // The other records must not fail because of this one.
            for part in parts {
                denied = Box::pin(self.book(vec![part], day)).await.or(denied);
            }
        } else {
            day.rejected
                .extend(parts.drain(..).map(|part| (part, error.to_string())));
        }
        denied
    }

    /// Whether the table takes the keys of totals and markers: a table with other keys refuses even to read a row that
    /// can't exist.
    async fn has_keys(&self) -> Result<bool, StoreError> {
        let request = fold::read(&self.settings.table, "evt#", "keys");
        match Self::in_time(self.settings.until, self.store.get_item(request)).await {
            Ok(_) => Ok(true),
            Err(StoreError::Rejected(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// The consequence of an error for the transaction's parts.
enum FailureClass {
    /// These parts (by index) had been committed before.
    Committed(Vec<usize>),
    /// The row has the other format.
    OtherFormat,
    /// A retry may succeed.
    Passing,
    /// No request succeeds before an operator acts, and no record is the cause.
    Denied,
    /// The transaction itself is refused.
    Rejected,
}

impl FailureClass {
    fn of(error: &StoreError, parts: usize) -> Self {
        let reasons = match error {
            StoreError::Throttled(_) | StoreError::Unavailable(_) => return Self::Passing,
            StoreError::Rejected(_) | StoreError::ConditionFailed => return Self::Rejected,
            StoreError::Denied(_) => return Self::Denied,
            StoreError::TransactionCanceled(reasons) => reasons,
        };
        let is = |reason: &CancellationReason, codes: &[&str]| codes.contains(&reason.code.as_str());
        let committed: Vec<usize> = reasons
            .iter()
            .take(parts)
            .enumerate()
            .filter(|(_, reason)| is(reason, &["ConditionalCheckFailed"]))
            .map(|(index, _)| index)
            .collect();
        let refused = ["ValidationError", "ItemCollectionSizeLimitExceeded"];
        if !committed.is_empty() {
            Self::Committed(committed)
        } else if reasons
            .get(parts)
            .is_some_and(|reason| is(reason, &["ConditionalCheckFailed"]))
        {
            Self::OtherFormat
        } else if reasons.iter().any(|reason| is(reason, &refused)) {
            Self::Rejected
        } else {
            // TransactionConflict, ThrottlingError, ProvisionedThroughputExceeded, or no reason at all.
            Self::Passing
        }
    }
}
