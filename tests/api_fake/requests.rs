//! The queries of screens and commands: each costs money on AWS.

use std::process::Command;

use serde_json::{Value, json};

use crate::{
    fake::{Fake, SUB, soon},
    terminal::Program,
};

/// A fake host of its data directory, with responses for screens and commands.
struct Host {
    fake: Fake,
    /// Held, so that programs use this host.
    _lock: std::fs::File,
}

impl Host {
    fn start() -> Self {
        let fake = Fake::start();
        fake.signed_in_for(3000);
        let lock = std::fs::File::create(fake.dir.path().join("backend.lock")).unwrap();
        lock.lock().unwrap();
        let entry = json!({"id": "019ab000-0000-7000-8000-000000000001", "userid": SUB, "category": "Food", "type": "Lunch",
            "caloriesConsumed": 77, "creationDateTime": "2026-11-23T12:00:00.000Z", "date": "2026-11-23", "rev": 1});
        let answers = [
            (
                "Day",
                json!({"getUserAggregate": null, "listActivitiesByDate": {"items": [], "nextToken": null}}),
            ),
            (
                "ListUserAggregatesByDate",
                json!({"listUserAggregatesByDate": {"items": [], "nextToken": null}}),
            ),
            ("GetUser", json!({"getUser": null})),
            ("ListActivityCategories", categories(&["Lunch", "Dinner"])),
            ("CreateActivity", json!({"createActivity": entry})),
        ];
        for (name, answer) in answers {
            fake.script().by_name.insert(name.to_owned(), answer);
        }
        Self { fake, _lock: lock }
    }

    /// The operations since the last call, in alphabetical order.
    fn asked(&self) -> Vec<String> {
        let asked = std::mem::take(&mut self.fake.script().asked);
        let name = |body: &Value| body["operationName"].as_str().unwrap().to_owned();
        let mut names: Vec<String> = asked.iter().map(name).collect();
        names.sort();
        names
    }

    /// Runs the screens until they show the day, are live and have logged an entry; returns their operations.
    async fn start_screens(&mut self) -> Vec<String> {
        let mut program = Program::screens(self.fake.dir.path(), 120, 40);
        let mut peer = self.fake.connection().await;
        peer.go_live().await;
        soon(async {
            while !self.has_asked("Day") {
                tokio::task::yield_now().await;
            }
        })
        .await;
        // On another thread, since the fake runs on this one. All queries of the start come before the entry.
        let shown = tokio::task::spawn_blocking(move || {
            program.wait_for("live");
            program.press("alunch 77\r");
            program.wait_for("logged");
            program.press("q");
            assert!(program.wait_exit().success());
        });
        shown.await.unwrap();
        self.asked()
    }

    fn has_asked(&self, operation: &str) -> bool {
        let script = self.fake.script();
        script.asked.iter().any(|body| body["operationName"] == operation)
    }

    async fn run(&self, arguments: &[&str]) -> (bool, Vec<String>) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_caltrack-tui"));
        command
            .args(arguments)
            .env("CALTRACK_DATA_DIR", self.fake.dir.path());
        command
            .env_remove("CALTRACK_PROFILE")
            .env_remove("CALTRACK_CONFIG");
        let output = tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap();
        (output.status.success(), self.asked())
    }
}

fn categories(types: &[&str]) -> Value {
    let items = json!([{"category": "Food", "type": types}]);
    json!({"listActivityCategories": {"items": items, "nextToken": null}})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_queries_everything_once_and_categories_once_a_day() {
    let mut host = Host::start();
    let totals = "ListUserAggregatesByDate";
    // Once a day, the totals of all days are listed, and not only the newest.
    assert_eq!(
        host.start_screens().await,
        [
            "CreateActivity",
            "Day",
            "GetUser",
            "ListActivityCategories",
            totals,
            totals
        ]
    );
    assert_eq!(
        host.start_screens().await,
        ["CreateActivity", "Day", "GetUser", totals]
    );
    // Commands use the categories that the screens have cached.
    assert_eq!(
        host.run(&["log", "Food", "Lunch", "77"]).await,
        (true, vec!["CreateActivity".to_owned()])
    );
}

/// The library comes with the profile, which the first command on a computer queries for its clock.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_add_on_a_computer_knows_the_library() {
    let host = Host::start();
    let library = json!({"food:1": {"at": "2026-11-20T08:00:00Z", "value":
        {"name": "Ostrich stew", "category": "Food", "type": "Lunch", "kcal": 410}}});
    let user = json!({"id": SUB, "username": "alice", "caloriesTargetPerDay": 2000, "rev": 2, "library": library.to_string()});
    let answer = json!({"getUser": user});
    host.fake.script().by_name.insert("GetUser".to_owned(), answer);
    // Without kcal of its own, an unknown food asks for them.
    let (is_known, asked) = host.run(&["add", "--dry-run", "ostrich stew"]).await;
    assert!(is_known, "{asked:?}");
    assert_eq!(asked, ["GetUser", "ListActivityCategories"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn log_queries_categories_once_a_day_and_for_an_unknown_type() {
    let host = Host::start();
    // The profile's clock decides on the day; this computer keeps it.
    let alone = vec!["CreateActivity".to_owned()];
    let both = [alone.clone(), vec!["ListActivityCategories".to_owned()]].concat();
    let first = ["CreateActivity", "GetUser", "ListActivityCategories"];
    assert_eq!(
        host.run(&["log", "Food", "Lunch", "77"]).await,
        (true, first.map(ToOwned::to_owned).to_vec())
    );
    assert_eq!(
        host.run(&["log", "Food", "Lunch", "77"]).await,
        (true, alone.clone())
    );
    assert_eq!(host.run(&["add", "lunch", "77"]).await, (true, alone.clone()));
    // A type that was added in the meantime.
    host.fake.script().by_name.insert(
        "ListActivityCategories".to_owned(),
        categories(&["Lunch", "Brunch"]),
    );
    assert_eq!(host.run(&["log", "Food", "Brunch", "77"]).await, (true, both));
    assert_eq!(host.run(&["log", "Food", "Brunch", "77"]).await, (true, alone));
}
