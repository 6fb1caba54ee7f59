//! Events of live changes through the replica's thread, and how long other operations wait meanwhile.
//! `cargo bench --bench burst`; `CALTRACK_BENCH_RATE` sets the events a second.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench prints, and ends at a broken assumption"
)]

use std::time::{Duration, Instant};

use caltrack_client::{
    replica::{Change, Replica},
    sync::{Report, start},
};
use caltrack_domain::{Activity, ChangeKind, Entry};
use jiff::{ToSpan as _, civil::Date};
use tokio::{sync::mpsc, time::interval};

const SECONDS: usize = 10;
const RATE: usize = 2_000;
/// Groups of events a second: sync applies together what has arrived.
const GROUPS: usize = 50;
const SUB: &str = "sub-ada";
const LAST: Date = jiff::civil::date(2026, 11, 23);

fn entry(number: usize) -> Activity {
    let moment = LAST.at(12, 0, 0, 0).in_tz("UTC").unwrap().timestamp();
    let moment = moment + i64::try_from(number % 40_000).unwrap().milliseconds();
    Activity {
        id: format!("id-{number}"),
        owner: SUB.to_owned(),
        entry: Entry {
            name: Some(format!("dish {}", number % 500)),
            ..Entry::new(LAST, moment, "Food", "Lunch", 650)
        },
        rev: 1,
    }
}

fn main() {
    let rate = std::env::var("CALTRACK_BENCH_RATE").ok();
    let rate: usize = rate.and_then(|rate| rate.parse().ok()).unwrap_or(RATE);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(measure(rate));
}

async fn measure(rate: usize) {
    let directory = tempfile::tempdir().unwrap();
    let replica = Replica::open(&directory.path().join("cache.db")).unwrap().replica;
    let (sender, mut reports) = mpsc::channel::<Report>(64);
    let (handle, thread) = start(replica, "local".to_owned(), sender);
    let read = tokio::spawn(async move {
        let mut count = 0;
        while reports.recv().await.is_some() {
            count += 1;
        }
        count
    });
    handle.show(SUB, LAST).await;
    let events = {
        let handle = handle.clone();
        tokio::spawn(async move {
            let mut times = Vec::new();
            let mut ticks = interval(Duration::from_secs(1) / u32::try_from(GROUPS).unwrap());
            let per_group = rate / GROUPS;
            for group in 0..SECONDS * GROUPS {
                ticks.tick().await;
                let changes = (group * per_group..(group + 1) * per_group)
                    .map(|number| Change::Entry(ChangeKind::Created, entry(number)));
                let began = Instant::now();
                handle.apply(SUB, changes.collect()).await;
                times.push(began.elapsed());
            }
            times
        })
    };
    // A key that shows something else: it reads the replica.
    let mut keys = Vec::new();
    let mut ticks = interval(Duration::from_millis(23));
    while !events.is_finished() {
        ticks.tick().await;
        let began = Instant::now();
        let found = handle.run(SUB, |replica, owner| replica.search(owner, "dish 7", 20));
        found.await.unwrap();
        keys.push(began.elapsed());
    }
    let applied = events.await.unwrap();
    let stored = handle.run(SUB, |replica, owner| replica.summary(owner, LAST));
    let stored = stored.await.flatten().unwrap().proof.entries;
    drop(handle);
    thread.join();
    println!(
        "| events a second | stored | reports | a group of {}: p50 / p95 | a search meanwhile: p50 / p95 / longest |\n\
         |---|---|---|---|---|\n| {rate} | {stored} of {} | {} | {} / {} | {} / {} / {} |",
        rate / GROUPS,
        rate / GROUPS * GROUPS * SECONDS,
        read.await.unwrap(),
        at(&applied, 50),
        at(&applied, 95),
        at(&keys, 50),
        at(&keys, 95),
        at(&keys, 100),
    );
}

fn at(times: &[Duration], percent: usize) -> String {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let time = sorted[((sorted.len() - 1) * percent).div_ceil(100)];
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}
