//! The event source mapping in virtual time: one invocation at a time for each shard, again and again until the shard is worked off.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
    time::Duration,
};

use caltrack_aggregator::{BatchOutcome, Settings, process_batch};
use serde_json::Value;

use super::{
    chance::{chance, pick},
    cloud::{Cloud, Invocation},
    entries::{Written, write},
    report::Report,
};

/// Records of a batch.
const BATCH: usize = 100;
/// Interval at which a mapping polls its shard: four times a second.
const POLL: u64 = 250;
/// How long a crashed process is missed.
const RESTART: u64 = 1_000;

/// What is simulated.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) writes: u64,
    pub(crate) per_second: u64,
    pub(crate) users: u64,
    pub(crate) days: u64,
    pub(crate) shards: usize,
    /// Chance that an invocation's process ends in the middle.
    pub(crate) crash: f64,
    /// Chance that a batch that was worked off comes again, at once or within an hour.
    pub(crate) again: f64,
    /// Chance that a transaction is throttled.
    pub(crate) throttled: f64,
    /// Chance that a publish fails.
    pub(crate) unpublished: f64,
    /// When the API is down, from and to, in milliseconds.
    pub(crate) down: Option<(u64, u64)>,
}

impl Plan {
    /// One that a test runs in a moment.
    pub(crate) fn small() -> Self {
        Self {
            seed: 1,
            writes: 4_000,
            per_second: 200,
            users: 40,
            days: 3,
            shards: 8,
            crash: 0.1,
            again: 0.1,
            throttled: 0.02,
            unpublished: 0.02,
            down: None,
        }
    }
}

struct Shard {
    pending: VecDeque<Written>,
    /// Until here the last batch must be given again: how many records, whole or halved.
    again: Option<usize>,
    free: u64,
    /// Batches that were worked off and come again.
    late: Vec<(u64, Vec<Written>)>,
}

/// Runs a plan until every shard is worked off.
pub(crate) fn run(plan: &Plan) -> Report {
    // Virtual time alone passes: the aggregator's own pauses are of no length.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(simulate(plan))
}

async fn simulate(plan: &Plan) -> Report {
    let (stream, mut expected) = write(plan);
    expected.retain(|_, total| *total != caltrack_aggregator::Amounts::default());
    let mut shards: Vec<Shard> = (0..plan.shards)
        .map(|_| Shard {
            pending: VecDeque::new(),
            again: None,
            free: 0,
            late: Vec::new(),
        })
        .collect();
    for written in stream {
        shards[written.shard(plan.shards)].pending.push_back(written);
    }
    let cloud = Cloud::new(plan);
    let mut report = Report::new(plan, expected);
    let mut turns: BinaryHeap<Reverse<(u64, usize)>> = BinaryHeap::new();
    for (number, shard) in shards.iter().enumerate() {
        turns.extend(shard.next().map(|at| Reverse((at, number))));
    }
    while let Some(Reverse((now, number))) = turns.pop() {
        let shard = &mut shards[number];
        shard.turn(plan, &cloud, number, now, &mut report).await;
        turns.extend(shard.next().map(|at| Reverse((at, number))));
    }
    report.end(&cloud);
    report
}

impl Shard {
    /// When it has something to do.
    fn next(&self) -> Option<u64> {
        let fresh = self.pending.front().map(|first| first.at + POLL);
        let late = self.late.iter().map(|(at, _)| *at).min();
        Some(fresh.into_iter().chain(late).min()?.max(self.free))
    }

    /// One invocation.
    async fn turn(&mut self, plan: &Plan, cloud: &Cloud, number: usize, now: u64, report: &mut Report) {
        report.invocations += 1;
        let late = self.late.iter().position(|(at, _)| *at <= now);
        let batch: Vec<Written> = if let Some(late) = late {
            report.late += 1;
            self.late.swap_remove(late).1
        } else {
            let most = self.again.take().unwrap_or(BATCH);
            let due = self
                .pending
                .iter()
                .take(most)
                .take_while(|written| written.at <= now);
            due.cloned().collect()
        };
        let records: Vec<Value> = batch.iter().map(Written::record).collect();
        let dice = |what: &str| chance(plan.seed, (report.invocations, what));
        let crash_at = (dice("crash") < plan.crash).then(|| {
            (
                pick(plan.seed, (report.invocations, "call"), 2 * records.len() as u64),
                dice("after") < 0.5,
            )
        });
        cloud.begin(Invocation {
            number: report.invocations,
            shard: number,
            now,
            crash_at,
            ..Invocation::default()
        });
        let settings = Settings {
            first_pause: Duration::ZERO,
            longest_pause: Duration::ZERO,
            ..Settings::default()
        };
        let seconds = i64::try_from(now / 1000).unwrap();
        let outcome = tokio::select! {
            biased;
            () = cloud.crashed.notified() => None,
            outcome = process_batch(&records, cloud, Some(cloud), &settings, seconds) => Some(outcome),
        };
        let invocation = cloud.invocation();
        // Calls for different days go out side by side, but those of one follow each other.
        let took = 1 + invocation.busy / (settings.concurrency as u64).min(records.len() as u64).max(1);
        report.billed += took;
        self.free = now + took;
        let Some(outcome) = outcome else {
            report.crashes += 1;
            report.committed_and_crashed += u64::from(invocation.committed);
            self.free += RESTART;
            if late.is_some() {
                self.late.push((self.free, batch));
            } else {
                // A mapping that halves a failed batch gives the first half, then the second.
                let halved = dice("halved") < 0.5;
                self.again = Some(if halved {
                    records.len().div_ceil(2)
                } else {
                    records.len()
                });
            }
            return;
        };
        self.after(plan, number, &outcome, &batch, late.is_some(), report);
    }

    /// What the mapping does with the function's answer.
    fn after(
        &mut self,
        plan: &Plan,
        number: usize,
        outcome: &BatchOutcome,
        batch: &[Written],
        late: bool,
        report: &mut Report,
    ) {
        report.applied += outcome.applied;
        report.duplicates += outcome.duplicates;
        report.abandoned += outcome.publish_abandoned;
        let failed = outcome.lowest_failure().map(ToString::to_string);
        let done = failed.map_or(batch.len(), |failed| {
            batch
                .iter()
                .position(|written| written.record()["dynamodb"]["SequenceNumber"] == failed.as_str())
                .unwrap()
        });
        let failed = done < batch.len();
        if failed {
            self.free += RESTART;
        }
        if late {
            if failed {
                self.late.push((self.free, batch[done..].to_vec()));
            }
            return;
        }
        for written in self.pending.drain(..done) {
            report.delays.push(self.free - written.at);
        }
        let of = (number, report.invocations, "again");
        if done > 0 && chance(plan.seed, of) < plan.again {
            let within = if chance(plan.seed, (of, "soon")) < 0.5 {
                1_000
            } else {
                3_600_000
            };
            self.late
                .push((self.free + pick(plan.seed, of, within), batch[..done].to_vec()));
        }
    }
}
