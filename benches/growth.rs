//! The figures of one log while it grows from 10² to 10⁶ entries, 100 a day. `cargo bench --bench growth`.
//!
//! Loopback only and bounded: it ends by itself, after about 20 minutes. `CALTRACK_BENCH_ENTRIES` sets the last size. The box runs in
//! the real program in a pty, the clients in this process. The log is kept under `target/bench-growth`: an existing one is
//! measured from its present size on.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a bench prints, and ends at a broken assumption"
)]

#[path = "support/creates.rs"]
mod creates;
#[path = "support/process.rs"]
#[expect(dead_code, reason = "the terminal's bench uses the rest")]
mod process;
#[path = "support/screens.rs"]
mod screens;
#[path = "../tests/support/terminal.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod terminal;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use caltrack_client::api::Client;
use jiff::{Span, ToSpan as _, Zoned, civil::Date};
use screens::{live, quit, started};
use tokio::runtime::Runtime;

const SIZES: [usize; 5] = [100, 1_000, 10_000, 100_000, 1_000_000];
const PER_DAY: usize = 100;
const CLIENTS: usize = 32;
const CREATES: usize = 3_000;
const READS: usize = 200;
const EVENTS: usize = 200;
const STARTS: usize = 20;
/// Days ago, beyond the growing log: measured entries are logged there, so that today's list keeps its 100 entries.
const FAR_BACK: usize = 12_000;

fn main() {
    let largest = std::env::var("CALTRACK_BENCH_ENTRIES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(1_000_000);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    caltrack_client::api::install_crypto();
    let data = &Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench-growth");
    let made = data.join("made");
    let mut have: usize = std::fs::read_to_string(&made)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    if have == 0 {
        drop(std::fs::remove_dir_all(data));
        std::fs::create_dir_all(data).expect("target/ is writable");
        quit(started(data));
    }

    println!(
        "| entries | creates/s, 32 clients: acknowledged | in the total | create, 1 client: p50 / p95 | a day of 100: p50 / p95 | \
         7 days' totals: p50 / p95 | event after the response: p95 | start → frame: p50 / p95 | memory | tables.db |\n\
         |---|---|---|---|---|---|---|---|---|---|"
    );
    for size in SIZES {
        if size < have || size > largest {
            continue;
        }
        let host = live(data);
        runtime.block_on(creates::log(data, have..size, CLIENTS, |entry| entry / PER_DAY));
        have = size;
        runtime.block_on(creates::wait_for_total(data, size / PER_DAY, size));
        quit(host);
        std::fs::write(&made, size.to_string()).expect("target/ is writable");
        println!("{}", row(&runtime, data, size));
    }
}

/// Measures one size of the log; returns a row of the table.
fn row(runtime: &Runtime, data: &Path, size: usize) -> String {
    let days_ago = untouched(runtime, data);
    let starts = sorted(screens::starts(data, STARTS));
    let host = live(data);
    let api = creates::client(data);
    let today = Zoned::now().date();
    let week = today.saturating_sub(6.days());
    let day = runtime.block_on(timed(READS, async || {
        let day = api.day(today).await.expect("a day");
        assert!(day.activities.len() >= PER_DAY);
    }));
    let totals = runtime.block_on(timed(READS, async || {
        assert!(!api.totals(week, today).await.expect("totals").is_empty());
    }));
    let heard = runtime.block_on(creates::events(data, EVENTS, days_ago + 1));
    let single = sorted(heard.iter().map(|heard| heard.acknowledged).collect());
    let events = sorted(heard.iter().map(|heard| heard.event).collect());
    let began = Instant::now();
    let acknowledged = runtime.block_on(creates::log(data, 0..CREATES, CLIENTS, move |_| days_ago));
    runtime.block_on(until_total(&api, today, days_ago));
    let counted = began.elapsed();
    let memory = process::resident_mib(host.pid());
    quit(host);
    let bytes = std::fs::metadata(data.join("backend/tables.db"))
        .expect("the tables")
        .len();
    let rate = |took: Duration| CREATES as f64 / took.as_secs_f64();
    format!(
        "| {size} | {:.0} | {:.0} | {} | {} | {} | {:.2} ms | {} | {memory:.0} MiB | {:.0} MB |",
        rate(acknowledged),
        rate(counted),
        shown(&single),
        shown(&day),
        shown(&totals),
        ms(percentile(&events, 95)),
        shown(&starts),
        bytes as f64 / 1e6
    )
}

/// A day, in days ago, without measured entries.
fn untouched(runtime: &Runtime, data: &Path) -> usize {
    let host = live(data);
    let api = creates::client(data);
    let today = Zoned::now().date();
    let (from, to) = (
        today.saturating_sub(13_000.days()),
        today.saturating_sub(days(FAR_BACK)),
    );
    let totals = runtime.block_on(api.totals(from, to)).expect("totals");
    quit(host);
    FAR_BACK + 2 * totals.iter().filter(|day| day.version > 0).count()
}

fn days(count: usize) -> Span {
    i64::try_from(count).expect("a few years").days()
}

/// Polls the day's total until it includes all entries.
async fn until_total(api: &Client, today: Date, days_ago: usize) {
    let date = today.saturating_sub(days(days_ago));
    for _ in 0..30_000 {
        let days = api.totals(date, date).await.expect("totals");
        if days
            .first()
            .is_some_and(|day| usize::try_from(day.calories_consumed) == Ok(CREATES))
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("the totals never came");
}

async fn timed(times: usize, mut what: impl AsyncFnMut()) -> Vec<Duration> {
    let mut values = Vec::with_capacity(times);
    for _ in 0..times {
        let began = Instant::now();
        what().await;
        values.push(began.elapsed());
    }
    sorted(values)
}

fn sorted(mut values: Vec<Duration>) -> Vec<Duration> {
    values.sort_unstable();
    values
}

fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    sorted[((sorted.len() - 1) * percent).div_ceil(100)]
}

fn shown(sorted: &[Duration]) -> String {
    format!(
        "{:.1} / {:.1} ms",
        ms(percentile(sorted, 50)),
        ms(percentile(sorted, 95))
    )
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
