//! A load of `createActivity` mutations by clients of this process on the box of another.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use caltrack_domain::NewActivity;
use caltrack_tui::{
    api::{Client, SessionFile},
    config::DataDir,
    embedded,
};
use jiff::{Timestamp, ToSpan, Zoned};

const MOST_READS: usize = 600;
const BETWEEN_READS: Duration = Duration::from_millis(200);

/// Logs `entries` by `clients` at once, spread over the last `days`; how long until the last was acknowledged.
pub(crate) async fn log(data: &Path, entries: usize, clients: usize, days: usize) -> Duration {
    let started = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let session = SessionFile::new(data.join("session-local.json"));
            let endpoints = embedded::endpoints(&DataDir::new(data.to_owned())).expect("a socket file");
            let api = Client::new(endpoints, session).expect("a client");
            let share = entries / clients + usize::from(client < entries % clients);
            tokio::spawn(async move {
                for turn in 0..share {
                    api.create_activity(&entry((turn * clients + client) % days.max(1)))
                        .await
                        .expect("acknowledged");
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a client that ends");
    }
    started.elapsed()
}

/// Waits until the totals of the last `days` sum up to `kcal`.
pub(crate) async fn wait_for_total(data: &Path, days: usize, kcal: usize) {
    let session = SessionFile::new(data.join("session-local.json"));
    let endpoints = embedded::endpoints(&DataDir::new(data.to_owned())).expect("a socket file");
    let api = Client::new(endpoints, session).expect("a client");
    let today = Zoned::now().date();
    let first = today.saturating_sub(i64::try_from(days).expect("a few years").days());
    for _ in 0..MOST_READS {
        let totals = api.totals(first, today).await.expect("totals");
        let sum: i64 = totals.iter().map(|day| day.calories_consumed).sum();
        if usize::try_from(sum) == Ok(kcal) {
            return;
        }
        tokio::time::sleep(BETWEEN_READS).await;
    }
    panic!("the totals never became {kcal}");
}

fn entry(days_ago: usize) -> NewActivity {
    let days_ago = i64::try_from(days_ago).expect("a few years");
    NewActivity {
        id: uuid::Uuid::now_v7().to_string(),
        date: Zoned::now().date().saturating_sub(days_ago.days()),
        creation_date_time: Timestamp::now(),
        category: "Food".to_owned(),
        kind: "Lunch".to_owned(),
        kcal: 1,
        name: Some("bench".to_owned()),
        note: None,
        quantity: None,
    }
}
