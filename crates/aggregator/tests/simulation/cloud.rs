//! DynamoDB and AppSync in virtual time: they count calls, report conflicts of concurrent bookings, and fail at random.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Mutex, MutexGuard},
};

use async_trait::async_trait;
use caltrack_aggregator::{
    Amounts, CancellationReason, PublishError, Publisher, Store, StoreError, UserAggregate,
};
use caltrack_domain::Grams;
use serde_json::{Map, Value, json};
use tokio::sync::Notify;

use super::{chance::chance, shards::Plan};

/// How long calls take, in milliseconds: some medians of services in one region.
pub(crate) const TRANSACTION: u64 = 10;
pub(crate) const READ: u64 = 3;
pub(crate) const PUBLISH: u64 = 30;

/// Calls of the services.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Calls {
    pub(crate) transactions: u64,
    pub(crate) write_units: u64,
    pub(crate) reads: u64,
    pub(crate) publishes: u64,
    pub(crate) conflicts: u64,
    pub(crate) throttled: u64,
}

/// The services.
pub(crate) struct Cloud {
    plan: Plan,
    /// The invocation at work is at an end: its process is gone.
    pub(crate) crashed: Notify,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    rows: HashMap<Key, Day>,
    markers: HashSet<Key>,
    /// When a day was last booked, and by which shard.
    booked: HashMap<Key, (u64, usize)>,
    published: BTreeMap<Key, Day>,
    calls: Calls,
    invocation: Invocation,
}

/// The invocation at work.
#[derive(Debug, Clone, Default)]
pub(crate) struct Invocation {
    pub(crate) number: u64,
    pub(crate) shard: usize,
    pub(crate) now: u64,
    /// Its process ends with this call, before or after it is carried out.
    pub(crate) crash_at: Option<(u64, bool)>,
    /// Calls so far.
    pub(crate) calls: u64,
    /// Milliseconds of calls, one after the other.
    pub(crate) busy: u64,
    /// Whether a transaction was committed.
    pub(crate) committed: bool,
}

impl Cloud {
    pub(crate) fn new(plan: &Plan) -> Self {
        Self {
            plan: plan.clone(),
            crashed: Notify::new(),
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn begin(&self, invocation: Invocation) {
        self.state().invocation = invocation;
    }

    pub(crate) fn invocation(&self) -> Invocation {
        self.state().invocation.clone()
    }

    pub(crate) fn calls(&self) -> Calls {
        self.state().calls.clone()
    }

    /// Every day's totals and version.
    pub(crate) fn stored(&self) -> BTreeMap<Key, Day> {
        let state = self.state();
        state.rows.iter().map(|(key, row)| (key.clone(), *row)).collect()
    }

    /// The totals that a screen shows after all events: the highest version of each day.
    pub(crate) fn published(&self) -> BTreeMap<Key, Day> {
        self.state().published.clone()
    }

    /// Counts a call. Whether the process ends before it, or after.
    fn call(&self, takes: u64) -> (bool, bool) {
        let invocation = &mut self.state().invocation;
        let number = invocation.calls;
        invocation.calls += 1;
        invocation.busy += takes;
        match invocation.crash_at {
            Some((at, after)) if at == number => (!after, after),
            _ => (false, false),
        }
    }

    /// Nobody waits for this any more.
    async fn crash(&self) {
        self.crashed.notify_one();
        std::future::pending::<()>().await;
    }
}

/// A day's totals, and its version.
pub(crate) type Day = (Amounts, i64);

/// A user and a day; of a marker, `evt#<eventID>` and its sort key.
pub(crate) type Key = (String, String);

fn key(key: &Value) -> Key {
    let text = |name: &str| key[name]["S"].as_str().unwrap().to_owned();
    (text("userid"), text("date"))
}

impl State {
    fn transact(&mut self, plan: &Plan, request: &Value) -> Result<(), StoreError> {
        let items = request["TransactItems"].as_array().unwrap();
        let (update, puts) = items.split_last().unwrap();
        let update = &update["Update"];
        let markers: Vec<Key> = puts.iter().map(|put| key(&put["Put"]["Item"])).collect();
        let day = key(&update["Key"]);
        self.calls.transactions += 1;
        // Two units for each item of up to 1 kB, and those of a transaction that is cancelled are billed too.
        self.calls.write_units += 2 * items.len() as u64;
        let invocation = &mut self.invocation;
        let dice = |what: &str| {
            chance(
                plan.seed,
                (invocation.number, &day, &markers, invocation.calls, what),
            )
        };
        if dice("throttled") < plan.throttled {
            self.calls.throttled += 1;
            return Err(StoreError::Throttled("by the dice".into()));
        }
        let at_once = self.booked.get(&day).is_some_and(|(when, shard)| {
            *shard != invocation.shard && invocation.now.abs_diff(*when) < TRANSACTION
        });
        if at_once && dice("conflict") < 0.5 {
            self.calls.conflicts += 1;
            let reasons = markers.iter().map(|_| "None").chain(["TransactionConflict"]);
            return Err(cancelled(reasons));
        }
        let booked = |marker: &Key| {
            if self.markers.contains(marker) {
                "ConditionalCheckFailed"
            } else {
                "None"
            }
        };
        if markers.iter().any(|marker| self.markers.contains(marker)) {
            return Err(cancelled(markers.iter().map(booked).chain(["None"])));
        }
        invocation.committed = true;
        self.booked
            .insert(day.clone(), (invocation.now, invocation.shard));
        self.markers.extend(markers);
        let number = |name: &str| -> i64 {
            update["ExpressionAttributeValues"][name]["N"]
                .as_str()
                .unwrap()
                .parse()
                .unwrap()
        };
        let grams = |name: &str| {
            let digits = update["ExpressionAttributeValues"][name]["N"].as_str();
            Grams::from_decimal(digits.unwrap()).unwrap()
        };
        let row = self.rows.entry(day).or_default();
        row.0 += Amounts {
            consumed: number(":consumed"),
            burned: number(":burned"),
            entries: number(":entries"),
            digest: number(":digest"),
            protein: grams(":protein"),
            fat: grams(":fat"),
            carbohydrate: grams(":carbohydrate"),
        };
        row.1 += number(":one");
        Ok(())
    }
}

fn cancelled<'a>(codes: impl Iterator<Item = &'a str>) -> StoreError {
    let reason = |code: &str| CancellationReason {
        code: code.to_owned(),
        message: None,
    };
    StoreError::TransactionCanceled(codes.map(reason).collect())
}

#[async_trait]
impl Store for Cloud {
    async fn transact_write_items(&self, request: Value) -> Result<(), StoreError> {
        let (before, after) = self.call(TRANSACTION);
        if before {
            self.crash().await;
        }
        let answer = self.state().transact(&self.plan, &request);
        if after {
            self.crash().await;
        }
        answer
    }

    async fn get_item(&self, request: Value) -> Result<Option<Map<String, Value>>, StoreError> {
        let (before, after) = self.call(READ);
        if before || after {
            self.crash().await;
        }
        let mut state = self.state();
        state.calls.reads += 1;
        let (amounts, version) = state.rows[&key(&request["Key"])];
        let mut item = json!({
            "caloriesConsumed": { "N": amounts.consumed.to_string() },
            "caloriesBurned": { "N": amounts.burned.to_string() },
            "version": { "N": version.to_string() },
        });
        for (name, number) in amounts.counted() {
            item[name] = json!({ "N": number });
        }
        Ok(item.as_object().cloned())
    }
}

#[async_trait]
impl Publisher for Cloud {
    async fn publish(&self, totals: &UserAggregate) -> Result<(), PublishError> {
        let (before, after) = self.call(PUBLISH);
        if before {
            self.crash().await;
        }
        {
            let mut state = self.state();
            state.calls.publishes += 1;
            let now = state.invocation.now;
            let down = self.plan.down.is_some_and(|(from, to)| (from..to).contains(&now));
            let failed = chance(
                self.plan.seed,
                (state.invocation.number, &totals.userid, &totals.date, "publish"),
            );
            if down || failed < self.plan.unpublished {
                return Err(PublishError::Unavailable("by the dice".into()));
            }
            let key = (totals.userid.clone(), totals.date.clone());
            let amounts = Amounts {
                consumed: totals.calories_consumed,
                burned: totals.calories_burned,
                entries: totals.entries.unwrap(),
                digest: totals.digest.unwrap(),
                protein: totals.protein.unwrap(),
                fat: totals.fat.unwrap(),
                carbohydrate: totals.carbohydrate.unwrap(),
            };
            let news = (amounts, totals.version);
            let shown = state.published.entry(key).or_insert(news);
            if news.1 > shown.1 {
                *shown = news;
            }
        }
        if after {
            self.crash().await;
        }
        Ok(())
    }
}
