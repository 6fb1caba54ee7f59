//! The first sync of a log of 100,000 entries into a replica, and reading it. `cargo bench --bench sync`.
//!
//! The box, the client that logs and the device that copies run in this process. `CALTRACK_BENCH_ENTRIES` sets the size.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench prints, and ends at a broken assumption"
)]

#[path = "../tests/sync/clock.rs"]
mod clock;
#[path = "../tests/sync/device.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod device;
#[path = "support/process.rs"]
#[expect(dead_code, reason = "other benches use the rest")]
mod process;
#[path = "../tests/sync/proxy.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod proxy;
#[path = "../tests/sync/the_box.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod the_box;

use std::time::{Duration, Instant};

use caltrack_client::{
    api::ConnectionState,
    replica::{NamedEntry, Owner, Replica},
};
use caltrack_domain::{Entry, NewActivity};
use device::Device;
use jiff::{ToSpan as _, civil::Date};
use the_box::TheBox;

const PER_DAY: usize = 100;
const CLIENTS: usize = 32;
const READS: usize = 200;
const LAST: Date = jiff::civil::date(2026, 11, 23);
const DISHES: [&str; 5] = ["lentil curry", "rye bread", "apple", "oat milk", "tomato soup"];

fn main() {
    let entries = std::env::var("CALTRACK_BENCH_ENTRIES")
        .ok()
        .and_then(|n| n.parse().ok());
    let entries: usize = entries.unwrap_or(100_000);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(measure(entries));
}

async fn measure(entries: usize) {
    let the_box = TheBox::start().await;
    log(&the_box, entries).await;
    let counted = the_box.signed_in("counted", &the_box.socket).await;
    let oldest = LAST - i64::try_from(entries / PER_DAY + 1).unwrap().days();
    let expected = u32::try_from(entries).unwrap();
    while counted
        .totals(oldest, LAST)
        .await
        .unwrap()
        .iter()
        .filter_map(|day| day.entries)
        .sum::<u32>()
        < expected
    {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let began = Instant::now();
    let mut device = Device::start(&the_box, "copy", LAST).await;
    device.until(ConnectionState::Live).await;
    let file = device.file();
    let sub = device.sub.clone();
    let owner = Owner {
        profile: "local",
        sub: &sub,
    };
    let copied = |file: &Replica| {
        named(file, owner)
            .iter()
            .map(|named| named.name.uses)
            .sum::<u32>()
            == expected
    };
    while !copied(&file) || !file.unsettled(owner).unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let copied = began.elapsed();
    let requests = device.proxy.requests();
    let search = sorted((0..READS).map(|n| {
        timed(|| {
            file.search(owner, ["l", "le", "rye b", "milk", "tom so"][n % 5], 50)
                .unwrap()
                .len()
        })
    }));
    let day = sorted((0..READS).map(|_| timed(|| file.day(owner, LAST).unwrap().unwrap().entries.len())));
    let names = timed(|| named(&file, owner).len());
    println!(
        "| entries | first sync | requests | search: p50 / p95 | a day of {PER_DAY}: p50 / p95 | names | memory, box and clients included |\n\
         |---|---|---|---|---|---|---|\n\
         | {entries} | {:.1} s | {requests} | {} | {} | {} | {} MiB |",
        copied.as_secs_f64(),
        shown(&search),
        shown(&day),
        ms(names),
        process::resident_mib(std::process::id()),
    );
}

/// Logs entries by concurrent clients, a hundred a day.
async fn log(the_box: &TheBox, entries: usize) {
    let client = the_box.signed_in("log", &the_box.socket).await;
    let tasks: Vec<_> = (0..CLIENTS)
        .map(|first| {
            let client = client.clone();
            tokio::spawn(async move {
                for number in (first..entries).step_by(CLIENTS) {
                    let date = LAST - i64::try_from(number / PER_DAY).unwrap().days();
                    let minute = i64::try_from(number % PER_DAY).unwrap();
                    let moment = date.at(8, 0, 0, 0).in_tz("UTC").unwrap().timestamp() + minute.minutes();
                    let entry = Entry {
                        name: Some(format!("{} {}", DISHES[number % 5], number % 20_000)),
                        ..Entry::new(date, moment, "Food", "Lunch", 1)
                    };
                    let id = uuid::Uuid::now_v7().to_string();
                    client
                        .create_activity(&NewActivity::new(id, entry))
                        .await
                        .unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

/// Every name in a log, with its latest entry.
fn named(replica: &Replica, owner: Owner<'_>) -> Vec<NamedEntry> {
    replica.named_entries(owner, "", u32::MAX, |_| true).unwrap().0
}

fn timed<T>(what: impl FnOnce() -> T) -> Duration {
    let began = Instant::now();
    std::hint::black_box(what());
    began.elapsed()
}

fn sorted(values: impl Iterator<Item = Duration>) -> Vec<Duration> {
    let mut values: Vec<Duration> = values.collect();
    values.sort_unstable();
    values
}

fn shown(sorted: &[Duration]) -> String {
    let at = |percent: usize| ms(sorted[((sorted.len() - 1) * percent).div_ceil(100)]);
    format!("{} / {}", at(50), at(95))
}

fn ms(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1e3)
}
