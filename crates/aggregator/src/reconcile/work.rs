//! The steps of a reconciliation; it can be stopped and resumed after each.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use futures_util::{StreamExt as _, stream, stream::FuturesUnordered};

use super::{
    ReconcileStore, Scope, fill,
    finding::{Finding, Resolution},
    reading::{self, Reading},
    repair,
    state::{self, SavedState, SavedStateError, Stage},
    survey::{Scan, Survey},
};
use crate::{Publisher, StoreError, UserAggregate};

/// How many days are read at the same time.
const CONCURRENCY: usize = 8;
/// Progress is reported this often.
const BETWEEN_LINES: Duration = Duration::from_secs(10);
/// A state is kept this often at most, and never more than a twentieth of the time.
const BETWEEN_SAVES: Duration = Duration::from_secs(2);

/// The options of a reconciliation.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether drifts are repaired.
    pub repair: bool,
    /// Seconds between the two readings.
    pub wait: i64,
    /// Parts of a scan that are read at once.
    pub segments: u32,
}

/// The result of a reconciliation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Suspects that drift at the end.
    pub drifts: usize,
    /// Suspects that changed between the readings.
    pub moved: usize,
    /// Suspects that were repaired.
    pub repaired: usize,
    /// Kcal-only rows that were filled.
    pub filled: usize,
}

/// The clock, the stream's state, and the operator's output.
#[async_trait]
pub trait Monitor: Send + Sync {
    /// The time in seconds since 1970 (UTC).
    fn now(&self) -> i64;
    /// Waits until `then`, in seconds since 1970; `what` describes the next step to the operator.
    async fn wait_until(&self, then: i64, what: &str);
    /// Succeeds if the function is not behind its stream. The error is the reason, for the operator.
    async fn check_caught_up(&self) -> Result<(), String>;
    /// Prints a line of progress.
    fn log(&self, line: &str);
    /// Prints a final finding.
    fn report(&self, finding: &Finding);
}

/// The reason why a reconciliation stopped. The state file keeps its progress.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// DynamoDB doesn't respond, or rejects a request.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The state file can't be read or written.
    #[error(transparent)]
    SavedState(#[from] SavedStateError),
    /// The function is behind its stream: a repair could book records in flight twice.
    #[error("nothing is repaired while the stream isn't worked off: {0}")]
    Behind(String),
}

/// Reconciles; continues from the state file at `path` if it exists.
///
/// # Errors
///
/// [`WorkError`]; the same call resumes.
pub async fn work(
    tables: &dyn ReconcileStore,
    publisher: Option<&dyn Publisher>,
    scope: &Scope,
    options: &Options,
    path: &Path,
    monitor: &dyn Monitor,
) -> Result<Summary, WorkError> {
    let begun = || SavedState {
        scope: scope.clone(),
        repair: options.repair,
        stage: begin(scope, options),
        findings: Vec::new(),
    };
    let state = match state::load(path, scope, options.repair)? {
        Some(state) => {
            monitor.log("resuming from the state file");
            state
        }
        None => begun(),
    };
    let mut work = Work {
        tables,
        publisher,
        options,
        path,
        monitor,
        state,
        saved: Instant::now(),
        pause: BETWEEN_SAVES,
    };
    let ended = work.advance().await;
    if ended.is_err() {
        work.save(true)?;
    }
    ended?;
    state::remove(path)?;
    Ok(work.summary())
}

/// One user's one day needs no scan.
fn begin(scope: &Scope, options: &Options) -> Stage {
    match (&scope.user, &scope.date) {
        (Some(user), Some(date)) => Stage::First(vec![(user.clone(), date.clone())], Vec::new()),
        (Some(_), None) => Stage::Survey(Survey::new(1)),
        _ => Stage::Survey(Survey::new(options.segments)),
    }
}

struct Work<'a> {
    tables: &'a dyn ReconcileStore,
    publisher: Option<&'a dyn Publisher>,
    options: &'a Options,
    path: &'a Path,
    monitor: &'a dyn Monitor,
    state: SavedState,
    saved: Instant,
    pause: Duration,
}

impl Work<'_> {
    async fn advance(&mut self) -> Result<(), WorkError> {
        loop {
            match self.state.stage {
                Stage::Survey(_) => self.survey().await?,
                Stage::First(..) => self.first().await?,
                Stage::Second(_) => self.second().await?,
                Stage::Done => return Ok(()),
            }
            self.save(true)?;
        }
    }

    /// Keeps the state; unless it must be, not too often, for a large survey takes its time to be written.
    fn save(&mut self, must: bool) -> Result<(), SavedStateError> {
        if !must && self.saved.elapsed() < self.pause {
            return Ok(());
        }
        let started = Instant::now();
        state::save(self.path, &self.state)?;
        self.saved = Instant::now();
        self.pause = BETWEEN_SAVES.max(started.elapsed() * 20);
        Ok(())
    }

    async fn survey(&mut self) -> Result<(), WorkError> {
        let (tables, scope) = (self.tables, self.state.scope.clone());
        let next = |scan: Scan| {
            let (operation, request) = scan.request(&scope);
            async move { (tables.read(operation, request).await, scan) }
        };
        let mut pages = FuturesUnordered::new();
        if let Stage::Survey(survey) = &self.state.stage {
            pages.extend(survey.scans.iter().cloned().map(next));
        }
        let mut printed = Instant::now();
        while let Some((page, scan)) = pages.next().await {
            let Stage::Survey(survey) = &mut self.state.stage else {
                break;
            };
            if let Some(scan) = survey.take(&scope, &scan, page?) {
                pages.push(next(scan));
            }
            if printed.elapsed() > BETWEEN_LINES {
                printed = Instant::now();
                self.monitor.log(&format!(
                    "{} entries and {} totals so far",
                    survey.entries, survey.rows
                ));
            }
            self.save(false)?;
        }
        if let Stage::Survey(survey) = &self.state.stage {
            let mut suspects = survey.suspects(&scope);
            self.monitor.log(&format!(
                "{} entries and {} totals read; {} entries can't be read, {} totals were set or deleted by their users; {} suspects",
                survey.entries,
                survey.rows,
                survey.unreadable,
                survey.set_by_users,
                suspects.len()
            ));
            suspects.reverse();
            self.state.stage = Stage::First(suspects, Vec::new());
        }
        Ok(())
    }

    async fn first(&mut self) -> Result<(), WorkError> {
        while let Stage::First(left, _) = &self.state.stage
            && !left.is_empty()
        {
            let rest = left.len().saturating_sub(CONCURRENCY);
            let some = left.get(rest..).unwrap_or_default().to_vec();
            let readings = self.read(some).await?;
            let suspects = readings
                .into_iter()
                .rev()
                .filter(|reading| reading.is_suspect(&self.state.scope));
            let (written, found): (Vec<_>, Vec<_>) = suspects.partition(|reading| self.is_written(reading));
            if let Stage::First(left, drifts) = &mut self.state.stage {
                left.truncate(rest);
                drifts.extend(written);
            }
            for reading in &found {
                self.note(reading, Resolution::Drift);
            }
            self.save(false)?;
        }
        if let Stage::First(_, drifts) = &mut self.state.stage {
            drifts.reverse();
            self.state.stage = Stage::Second(std::mem::take(drifts));
        }
        Ok(())
    }

    async fn second(&mut self) -> Result<(), WorkError> {
        while let Stage::Second(left) = &self.state.stage
            && let Some(first) = left.last()
        {
            let then = first.at + self.options.wait;
            if then > self.monitor.now() {
                let what = format!("{} days are read again", left.len());
                self.monitor.wait_until(then, &what).await;
            }
            self.monitor.check_caught_up().await.map_err(WorkError::Behind)?;
            let now = self.monitor.now();
            let due = left
                .iter()
                .rev()
                .take(CONCURRENCY)
                .take_while(|first| first.at + self.options.wait <= now);
            let rest = left.len() - due.count();
            let some = left.get(rest..).unwrap_or_default().to_vec();
            let days = some.iter().map(|first| (first.user.clone(), first.date.clone()));
            let again = self.read(days.collect()).await?;
            for (first, second) in some.iter().zip(&again).rev() {
                let verdict = if second.equals(first) {
                    self.write(second).await?
                } else {
                    Resolution::Moved
                };
                self.note(second, verdict);
                if let Stage::Second(left) = &mut self.state.stage {
                    left.pop();
                }
            }
            self.save(false)?;
        }
        self.state.stage = Stage::Done;
        Ok(())
    }

    /// Reads users' days, in their order.
    async fn read(&self, days: Vec<(String, String)>) -> Result<Vec<Reading>, StoreError> {
        let at = self.monitor.now();
        let reads = days.into_iter().map(|(user, date)| async move {
            reading::read(self.tables, &self.state.scope, &user, &date, at).await
        });
        let readings: Vec<Result<Reading, StoreError>> =
            stream::iter(reads).buffered(CONCURRENCY).collect().await;
        readings.into_iter().collect()
    }

    /// Whether a suspect is to be written: a drift by a repair alone, for it may have any cause.
    fn is_written(&self, reading: &Reading) -> bool {
        self.options.repair || !reading.drifts(&self.state.scope)
    }

    async fn write(&self, reading: &Reading) -> Result<Resolution, StoreError> {
        let scope = &self.state.scope;
        let (request, done) = if reading.drifts(scope) {
            (repair::request(scope, reading), Resolution::Repaired)
        } else {
            (fill::request(scope, reading), Resolution::Filled)
        };
        let Some(item) = self.tables.update_item(request).await? else {
            return Ok(Resolution::Moved);
        };
        if let Some(publisher) = self.publisher {
            let totals = UserAggregate::from_item(&reading.user, &reading.date, &item);
            if let Err(error) = publisher.publish(&totals).await {
                self.monitor.log(&format!(
                    "{} {}: {error}; screens show it at their next query",
                    reading.user, reading.date
                ));
            }
        }
        Ok(done)
    }

    fn note(&mut self, reading: &Reading, verdict: Resolution) {
        let finding = Finding {
            user: reading.user.clone(),
            date: reading.date.clone(),
            recount: (reading.recount.consumed, reading.recount.burned),
            counted: reading.recount.into(),
            stored: reading.stored.clone(),
            verdict,
        };
        self.monitor.report(&finding);
        self.state.findings.push(finding);
    }

    fn summary(&self) -> Summary {
        let count = |verdict| {
            self.state
                .findings
                .iter()
                .filter(|finding| finding.verdict == verdict)
                .count()
        };
        Summary {
            drifts: count(Resolution::Drift),
            moved: count(Resolution::Moved),
            repaired: count(Resolution::Repaired),
            filled: count(Resolution::Filled),
        }
    }
}
