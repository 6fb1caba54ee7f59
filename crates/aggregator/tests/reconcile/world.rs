//! Tables, a recording publisher, and a clock that moves only while the tool waits.

use std::{
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicI64, Ordering},
    },
};

use async_trait::async_trait;
use caltrack_aggregator::{
    PublishError, Publisher, UserAggregate,
    reconcile::{Finding, Monitor, Options, Resolution, Scope, Summary, WorkError, work},
};
use serde_json::{Value, json};

use super::tables::Memory;

pub(crate) const ANN: &str = "0a";
pub(crate) const BOB: &str = "0b";
pub(crate) const DAY: &str = "2026-11-23";
pub(crate) const EVE: &str = "2026-11-22";

/// What happens while the tool waits.
type Meanwhile = Box<dyn Fn(&Memory) + Send + Sync>;

pub(crate) struct World {
    pub(crate) tables: Memory,
    pub(crate) scope: Scope,
    pub(crate) options: Options,
    pub(crate) behind: Mutex<Option<String>>,
    pub(crate) meanwhile: Option<Meanwhile>,
    pub(crate) published: Mutex<Vec<UserAggregate>>,
    pub(crate) found: Mutex<Vec<Finding>>,
    clock: AtomicI64,
    folder: tempfile::TempDir,
}

impl World {
    /// Ann's lunch and run are booked, and so is Bob's tea; markers lie about.
    pub(crate) fn new() -> Self {
        let tables = Memory::default();
        tables.entry("1", &entry(ANN, "Food", 650, DAY));
        tables.entry("2", &entry(ANN, "Exercise", 300, DAY));
        tables.entry("3", &entry(BOB, "Drink", 5, EVE));
        tables.entry("4", &entry(ANN, "Nap", 77, DAY));
        tables.row(ANN, DAY, &totals(650, 300, 2));
        tables.row(BOB, EVE, &totals(5, 0, 1));
        for event in 0..5 {
            tables.row(
                &format!("evt#{event}"),
                DAY,
                &json!({ "expiresAt": { "N": "1" } }),
            );
        }
        Self {
            tables,
            scope: Scope {
                endpoint: "https://dynamodb.eu-west-1.amazonaws.com".to_owned(),
                activities: "t_activity_table".to_owned(),
                aggregates: "t_user_aggregate_table".to_owned(),
                user: None,
                date: None,
                include_set: false,
                backfill: false,
            },
            options: Options {
                repair: true,
                wait: 600,
                segments: 3,
            },
            behind: Mutex::default(),
            meanwhile: None,
            published: Mutex::default(),
            found: Mutex::default(),
            clock: AtomicI64::new(1_000),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.folder.path().join("state.json")
    }

    /// Runs the tool until it ends.
    pub(crate) async fn reconcile(&self) -> Result<Summary, WorkError> {
        work(
            &self.tables,
            Some(self),
            &self.scope,
            &self.options,
            &self.state(),
            self,
        )
        .await
    }

    /// Seconds that were waited.
    pub(crate) fn waited(&self) -> i64 {
        self.clock.load(Ordering::Relaxed) - 1_000
    }

    /// The findings: user, date and result.
    pub(crate) fn findings(&self) -> Vec<(String, String, Resolution)> {
        let found = self.found.lock().unwrap();
        let mut found: Vec<_> = found
            .iter()
            .map(|finding| (finding.user.clone(), finding.date.clone(), finding.verdict))
            .collect();
        found.sort_by(|left, right| (&left.0, &left.1).cmp(&(&right.0, &right.1)));
        found
    }

    /// A row's consumed, burned and version; 0 where it has none.
    pub(crate) fn totals(&self, user: &str, date: &str) -> (i64, i64, i64) {
        let row = self.tables.stored(user, date).unwrap_or_default();
        let number = |name: &str| {
            row[name]["N"]
                .as_str()
                .map_or(0, |digits| digits.parse().unwrap())
        };
        (
            number("caloriesConsumed"),
            number("caloriesBurned"),
            number("version"),
        )
    }
}

#[async_trait]
impl Monitor for World {
    fn now(&self) -> i64 {
        self.clock.load(Ordering::Relaxed)
    }

    async fn wait_until(&self, then: i64, _: &str) {
        self.clock.store(then, Ordering::Relaxed);
        if let Some(meanwhile) = &self.meanwhile {
            meanwhile(&self.tables);
        }
    }

    async fn check_caught_up(&self) -> Result<(), String> {
        self.behind.lock().unwrap().clone().map_or(Ok(()), Err)
    }

    fn log(&self, _: &str) {}

    fn report(&self, finding: &Finding) {
        self.found.lock().unwrap().push(finding.clone());
    }
}

#[async_trait]
impl Publisher for World {
    async fn publish(&self, totals: &UserAggregate) -> Result<(), PublishError> {
        self.published.lock().unwrap().push(totals.clone());
        Ok(())
    }
}

/// An entry as the resolvers write it.
pub(crate) fn entry(user: &str, category: &str, kcal: i64, date: &str) -> Value {
    json!({
        "userid": { "S": user }, "category": { "S": category }, "date": { "S": date },
        "creationDateTime": { "S": format!("{date}T12:00:00.000Z") }, "caloriesConsumed": { "N": kcal.to_string() },
    })
}

/// A row of totals as the aggregation writes it.
pub(crate) fn totals(consumed: i64, burned: i64, version: i64) -> Value {
    json!({
        "caloriesConsumed": { "N": consumed.to_string() }, "caloriesBurned": { "N": burned.to_string() },
        "version": { "N": version.to_string() },
    })
}
