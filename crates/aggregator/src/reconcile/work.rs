//! The work itself, step by step, each of which can be the last for now.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use futures_util::{StreamExt as _, stream, stream::FuturesUnordered};
use serde::{Deserialize, Serialize};

use super::{
    Scope, Tables,
    reading::{self, Reading, Stored},
    repair,
    state::{self, Stage, State, StateError},
    survey::{Scan, Survey},
};
use crate::{Publisher, StoreError, UserAggregate};

/// Readings at once.
const CONCURRENCY: usize = 8;
/// Progress is reported this often.
const BETWEEN_LINES: Duration = Duration::from_secs(10);
/// A state is kept this often at most, and never more than a twentieth of the time.
const BETWEEN_SAVES: Duration = Duration::from_secs(2);

/// What to do, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// Write the recount where a drift stands.
    pub repair: bool,
    /// Seconds between the two readings.
    pub wait: i64,
    /// Parts of a scan that are read at once.
    pub segments: u32,
}

/// What became of a suspect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The user's `sub`.
    pub user: String,
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// kcal consumed and burned by the activity table.
    pub recount: (i64, i64),
    /// What was stored.
    pub stored: Stored,
    /// The result.
    pub verdict: Verdict,
}

/// What a suspect came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// One reading found it. It may be on its way still.
    Drift,
    /// It had changed by the second reading, or by the time of writing: writes are in progress.
    Moved,
    /// The recount was written.
    Repaired,
}

/// What a whole reconciliation came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Suspects that drift at the end.
    pub drifts: usize,
    /// Suspects that are being worked on.
    pub moved: usize,
    /// Suspects that were repaired.
    pub repaired: usize,
}

/// Time, and the progress as the operator sees it.
#[async_trait]
pub trait Waiting: Send + Sync {
    /// Seconds since 1970.
    fn now(&self) -> i64;
    /// Until the time has come; `what` is for people.
    async fn until(&self, then: i64, what: &str);
    /// Whether the stream is worked off; the reason where it isn't, or where that is unknown.
    async fn caught_up(&self) -> Result<(), String>;
    /// A line for people.
    fn tell(&self, line: &str);
    /// A finding, once it is certain.
    fn found(&self, finding: &Finding);
}

/// Why it stops. What was done is kept in the state file.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// DynamoDB does not answer, or refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The state can't be kept.
    #[error(transparent)]
    State(#[from] StateError),
    /// Repairing now could book twice what is still on its way.
    #[error("nothing is repaired while the stream isn't worked off: {0}")]
    Behind(String),
}

/// Reconciles, from where the state file at `path` says it has come to.
///
/// # Errors
///
/// [`WorkError`]; the same call goes on from there.
pub async fn work(
    tables: &dyn Tables,
    publisher: Option<&dyn Publisher>,
    scope: &Scope,
    options: &Options,
    path: &Path,
    waiting: &dyn Waiting,
) -> Result<Summary, WorkError> {
    let begun = || State {
        scope: scope.clone(),
        repair: options.repair,
        stage: begin(scope, options),
        findings: Vec::new(),
    };
    let state = match state::load(path, scope, options.repair)? {
        Some(state) => {
            waiting.tell("going on from the state file");
            state
        }
        None => begun(),
    };
    let mut work = Work {
        tables,
        publisher,
        options,
        path,
        waiting,
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
    tables: &'a dyn Tables,
    publisher: Option<&'a dyn Publisher>,
    options: &'a Options,
    path: &'a Path,
    waiting: &'a dyn Waiting,
    state: State,
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
    fn save(&mut self, must: bool) -> Result<(), StateError> {
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
        let mut told = Instant::now();
        while let Some((page, scan)) = pages.next().await {
            let Stage::Survey(survey) = &mut self.state.stage else {
                break;
            };
            if let Some(scan) = survey.take(&scope, &scan, page?) {
                pages.push(next(scan));
            }
            if told.elapsed() > BETWEEN_LINES {
                told = Instant::now();
                self.waiting.tell(&format!(
                    "{} entries and {} totals so far",
                    survey.entries, survey.rows
                ));
            }
            self.save(false)?;
        }
        if let Stage::Survey(survey) = &self.state.stage {
            let mut suspects = survey.suspects(&scope);
            self.waiting.tell(&format!(
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
            let mut found = Vec::new();
            if let Stage::First(left, drifts) = &mut self.state.stage {
                left.truncate(rest);
                for reading in readings
                    .into_iter()
                    .rev()
                    .filter(|reading| reading.drifts(&self.state.scope))
                {
                    if self.options.repair {
                        drifts.push(reading);
                    } else {
                        found.push(reading);
                    }
                }
            }
            for reading in &found {
                self.note(reading, Verdict::Drift);
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
            if then > self.waiting.now() {
                let what = format!("{} drifts are read again", left.len());
                self.waiting.until(then, &what).await;
            }
            self.waiting.caught_up().await.map_err(WorkError::Behind)?;
            let now = self.waiting.now();
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
                    self.repair(second).await?
                } else {
                    Verdict::Moved
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
        let at = self.waiting.now();
        let reads = days.into_iter().map(|(user, date)| async move {
            reading::read(self.tables, &self.state.scope, &user, &date, at).await
        });
        let readings: Vec<Result<Reading, StoreError>> =
            stream::iter(reads).buffered(CONCURRENCY).collect().await;
        readings.into_iter().collect()
    }

    async fn repair(&self, reading: &Reading) -> Result<Verdict, StoreError> {
        let request = repair::request(&self.state.scope.aggregates, reading);
        let Some(item) = self.tables.update_item(request).await? else {
            return Ok(Verdict::Moved);
        };
        if let Some(publisher) = self.publisher {
            let totals = UserAggregate::from_item(&reading.user, &reading.date, &item);
            if let Err(error) = publisher.publish(&totals).await {
                self.waiting.tell(&format!(
                    "{} {}: {error}; screens show it at their next query",
                    reading.user, reading.date
                ));
            }
        }
        Ok(Verdict::Repaired)
    }

    fn note(&mut self, reading: &Reading, verdict: Verdict) {
        let finding = Finding {
            user: reading.user.clone(),
            date: reading.date.clone(),
            recount: reading.recount,
            stored: reading.stored.clone(),
            verdict,
        };
        self.waiting.found(&finding);
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
            drifts: count(Verdict::Drift),
            moved: count(Verdict::Moved),
            repaired: count(Verdict::Repaired),
        }
    }
}
