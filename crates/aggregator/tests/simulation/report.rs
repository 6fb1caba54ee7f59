//! What came of a run, and what it costs.

use std::{collections::BTreeMap, fmt};

use caltrack_aggregator::Amounts;

use super::{
    cloud::{Calls, Cloud, Day, Key, PUBLISH, READ, TRANSACTION},
    shards::Plan,
};

/// List prices of us-east-1 on demand, in dollars (docs/deploy.md): a million write units, read units, requests of Lambda,
/// GB-seconds, mutations.
const WRITE_UNITS: f64 = 0.625;
const READ_UNITS: f64 = 0.125;
const REQUESTS: f64 = 0.20;
const GB_SECONDS: f64 = 16.67;
const MUTATIONS: f64 = 4.00;
/// The function's memory in GB.
const MEMORY: f64 = 0.25;

/// What came of it.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    plan: Plan,
    pub(crate) invocations: u64,
    pub(crate) crashes: u64,
    /// Crashes after a transaction had been committed.
    pub(crate) committed_and_crashed: u64,
    /// Batches that came again after they had been worked off.
    pub(crate) late: u64,
    pub(crate) applied: usize,
    pub(crate) duplicates: usize,
    pub(crate) abandoned: usize,
    pub(crate) conflicts: u64,
    /// Milliseconds of all invocations.
    pub(crate) billed: u64,
    /// Milliseconds from a write until the invocation that announced it was over, one for each write, sorted at the end.
    pub(crate) delays: Vec<u64>,
    calls: Calls,
    expected: BTreeMap<Key, Amounts>,
    stored: BTreeMap<Key, Day>,
    published: BTreeMap<Key, Day>,
}

impl Report {
    /// Of a run that begins.
    pub(crate) fn new(plan: &Plan, expected: BTreeMap<Key, Amounts>) -> Self {
        Self {
            plan: plan.clone(),
            invocations: 0,
            crashes: 0,
            committed_and_crashed: 0,
            late: 0,
            applied: 0,
            duplicates: 0,
            abandoned: 0,
            conflicts: 0,
            billed: 0,
            delays: Vec::new(),
            calls: Calls::default(),
            expected,
            stored: BTreeMap::new(),
            published: BTreeMap::new(),
        }
    }

    /// Takes down what the services have in the end.
    pub(crate) fn end(&mut self, cloud: &Cloud) {
        self.calls = cloud.calls();
        self.conflicts = self.calls.conflicts;
        self.stored = cloud.stored();
        self.published = cloud.published();
        self.delays.sort_unstable();
    }

    /// The stored totals are those of the entries, all of them and no others.
    pub(crate) fn assert_exact(&self) {
        let stored: BTreeMap<Key, Amounts> = self
            .stored
            .iter()
            .map(|(key, row)| (key.clone(), row.0))
            .filter(|(_, total)| *total != Amounts::default())
            .collect();
        assert_eq!(stored, self.expected);
    }

    /// Days whose last announcement is not what is stored.
    pub(crate) fn outdated(&self) -> usize {
        self.stored
            .iter()
            .filter(|(key, row)| self.published.get(*key) != Some(row))
            .count()
    }

    fn delay(&self, percent: usize) -> u64 {
        self.delays[(self.delays.len() - 1) * percent / 100]
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a run")]
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (plan, calls) = (&self.plan, &self.calls);
        let writes = plan.writes as f64;
        let each = |count: u64| count as f64 / writes;
        let gb_seconds = self.billed as f64 / 1000.0 * MEMORY;
        let dollars = each(calls.write_units) * WRITE_UNITS
            + each(calls.reads) * READ_UNITS
            + each(self.invocations) * REQUESTS
            + gb_seconds / writes * GB_SECONDS
            + each(calls.publishes) * MUTATIONS;
        writeln!(
            f,
            "{} writes by {} users on {} days, {} a second, {} shards; seed {}",
            plan.writes, plan.users, plan.days, plan.per_second, plan.shards, plan.seed
        )?;
        writeln!(
            f,
            "  {} invocations, {} crashes ({} after a commit), {} batches late again, {} conflicts, {} throttled",
            self.invocations,
            self.crashes,
            self.committed_and_crashed,
            self.late,
            calls.conflicts,
            calls.throttled
        )?;
        writeln!(
            f,
            "  {} days; {} changes booked, {} found booked, {} totals let go unannounced, {} outdated",
            self.stored.len(),
            self.applied,
            self.duplicates,
            self.abandoned,
            self.outdated()
        )?;
        writeln!(
            f,
            "  a write: {:.3} invocations, {:.3} transactions, {:.2} write units, {:.3} read units, {:.3} publishes; ${dollars:.2} a million",
            each(self.invocations),
            each(calls.transactions),
            each(calls.write_units),
            each(calls.reads),
            each(calls.publishes)
        )?;
        write!(
            f,
            "  written to announced: median {} ms, p95 {} ms, p99 {} ms (a transaction {TRANSACTION} ms, a read {READ}, a publish {PUBLISH})",
            self.delay(50),
            self.delay(95),
            self.delay(99)
        )
    }
}
