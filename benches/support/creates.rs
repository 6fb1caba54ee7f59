//! A load of `createActivity` mutations, by clients in this process on the box of another process.

use std::{
    ops::Range,
    path::Path,
    time::{Duration, Instant},
};

use caltrack_client::{
    api::{Client, ConnectionState, RealtimeEvent, SessionFile},
    config::DataDir,
};
use caltrack_domain::{Entry, NewActivity};
use caltrack_tui::embedded;
use jiff::{Timestamp, ToSpan, Zoned};

const MOST_READS: usize = 600;
const BETWEEN_READS: Duration = Duration::from_millis(200);

/// Logs the entries of these numbers by `clients` concurrent clients, each on its day by `days_ago`. Returns the time to
/// the last acknowledgement.
pub(crate) async fn log(
    data: &Path,
    entries: Range<usize>,
    clients: usize,
    days_ago: impl Fn(usize) -> usize + Copy + Send + 'static,
) -> Duration {
    let started = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|number| {
            let api = client(data);
            let share = entries.clone().skip(number).step_by(clients);
            tokio::spawn(async move {
                for entry_number in share {
                    api.create_activity(&entry(days_ago(entry_number)))
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

/// One create whose event a subscriber receives.
pub(crate) struct Heard {
    /// From the request to the response.
    pub(crate) acknowledged: Duration,
    /// From the response to the event; zero if the event comes first.
    pub(crate) event: Duration,
}

/// Logs entries of one day one after the other, while a subscriber receives the events.
pub(crate) async fn events(data: &Path, entries: usize, days_ago: usize) -> Vec<Heard> {
    let api = client(data);
    let (sender, mut events) = tokio::sync::mpsc::channel(1_024);
    let listener = api.clone();
    let listening = tokio::spawn(async move { listener.listen(sender).await });
    while !matches!(
        events.recv().await.expect("a connection"),
        RealtimeEvent::Connection(ConnectionState::Live)
    ) {}
    let mut values = Vec::new();
    for _ in 0..entries {
        let new = entry(days_ago);
        let began = Instant::now();
        let (acknowledged, heard) = tokio::join!(
            async {
                api.create_activity(&new).await.expect("acknowledged");
                Instant::now()
            },
            async {
                loop {
                    if let RealtimeEvent::Activity(_, activity) = events.recv().await.expect("a connection")
                        && activity.id == new.id
                    {
                        return Instant::now();
                    }
                }
            }
        );
        values.push(Heard {
            acknowledged: acknowledged - began,
            event: heard.saturating_duration_since(acknowledged),
        });
    }
    listening.abort();
    values
}

/// Waits until the totals of the last `days` sum up to `kcal`.
pub(crate) async fn wait_for_total(data: &Path, days: usize, kcal: usize) {
    let api = client(data);
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

/// A client of the box that another program hosts, with that program's session.
pub(crate) fn client(data: &Path) -> Client {
    let session = SessionFile::new(data.join("session-local.json"));
    let endpoints = embedded::endpoints(&DataDir::new(data.to_owned())).expect("a socket file");
    Client::new(endpoints, session).expect("a client")
}

fn entry(days_ago: usize) -> NewActivity {
    let days_ago = i64::try_from(days_ago).expect("a few years");
    let day = Zoned::now().date().saturating_sub(days_ago.days());
    NewActivity::new(
        uuid::Uuid::now_v7().to_string(),
        Entry {
            name: Some("bench".to_owned()),
            ..Entry::new(day, Timestamp::now(), "Food", "Lunch", 1)
        },
    )
}
