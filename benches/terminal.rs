//! The real program in a pty: start, keys, idle, memory, two programs, creates. `cargo bench --bench terminal`.
//!
//! `-- first`, `-- wire`, `-- creates` or `-- screens` runs a part. Loopback only, with a time limit. `CALTRACK_BENCH_ENTRIES` sets the size of the large log (100,000).
//! The log is created once, through the API, and kept under `target/bench-log-N`.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::unchecked_time_subtraction,
    reason = "a bench prints, and ends at a broken assumption"
)]

#[path = "support/creates.rs"]
mod creates;
#[path = "support/process.rs"]
mod process;
#[path = "support/screens.rs"]
mod screens;
#[path = "support/stats.rs"]
mod stats;
#[path = "../tests/support/terminal.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod terminal;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use screens::{COLUMNS, ROWS, WELCOME, live, quit, started};
use stats::Samples;
use terminal::Program;

const STARTS: usize = 40;
const KEYS: usize = 400;
/// No person is faster.
const BETWEEN_KEYS: Duration = Duration::from_millis(10);
const ENTRIES_SEEN: usize = 100;
const EVENTS: usize = 500;

fn main() {
    let large = std::env::var("CALTRACK_BENCH_ENTRIES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(100_000);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    caltrack_client::api::install_crypto();

    if wanted("first") {
        for _ in 0..5 {
            first_start(tempfile::tempdir().expect("a directory").path());
        }
    }
    if wanted("wire") {
        let data = tempfile::tempdir().expect("a directory");
        let host = started(data.path());
        let heard = runtime.block_on(creates::events(data.path(), EVENTS, 0));
        quit(host);
        println!();
        stats::head();
        let acknowledged = heard.iter().map(|heard| heard.acknowledged).collect();
        Samples::new("create, one client → acknowledged", "–", acknowledged).print();
        Samples::new(
            "create acknowledged → onCreateActivity at a subscriber",
            "p95 ≤ 1 ms",
            heard.iter().map(|heard| heard.event).collect(),
        )
        .print();
    }
    if wanted("creates") {
        creates(&runtime);
    }
    if !wanted("screens") {
        return;
    }
    let small = tempfile::tempdir().expect("a directory");
    let host = started(small.path());
    runtime.block_on(creates::log(small.path(), 0..10, 1, |_| 0));
    quit(host);
    let kept = large_log(&runtime, large);

    println!("\nscreens at {COLUMNS}×{ROWS}\n");
    stats::head();
    starts("start → first full frame, 10 entries", small.path()).print();
    starts("start → first full frame, large log", &kept).print();
    tabs(&kept).print();
    typed(&kept).print();
    for samples in logged(&kept) {
        samples.print();
    }
    two_programs(&kept).print();
    idle(&kept);
}

/// Whether a part is selected, as in `cargo bench --bench terminal -- creates`. Without a selection all are.
fn wanted(part: &str) -> bool {
    let mut asked = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .peekable();
    asked.peek().is_none() || asked.any(|argument| argument == part)
}

/// A first start: creates the account and waits for the live badge.
fn first_start(data: &Path) {
    let mut program = Program::screens(data, COLUMNS, ROWS);
    let shown = program.wait_for(WELCOME);
    let pressed = Instant::now();
    program.press("\r");
    let live = program.wait_for("live");
    println!(
        "first start on an empty directory → picture: {:.1} ms; Enter → account created, signed in, live: {:.0} ms",
        ms(shown - program.started),
        ms(live - pressed)
    );
    quit(program);
}

/// Creates entries of today; measures until they are acknowledged, and until the host's screen shows their total.
fn creates(runtime: &tokio::runtime::Runtime) {
    println!(
        "\ncreates on one day, durable, against the box of another program\n\n\
         | clients | entries | acknowledged per second | on the host's screen, per second |\n|---|---|---|---|"
    );
    for (clients, entries) in [(1, 2_000), (8, 10_000), (32, 30_000)] {
        let data = tempfile::tempdir().expect("a directory");
        let host = started(data.path());
        let began = Instant::now();
        let took = runtime.block_on(creates::log(data.path(), 0..entries, clients, |_| 0));
        let shown = host.wait_for(&format!("consumed {entries} ")) - began;
        let rate = |took: Duration| entries as f64 / took.as_secs_f64();
        println!(
            "| {clients} | {entries} | {:.0} | {:.0} |",
            rate(took),
            rate(shown)
        );
        quit(host);
    }
}

/// A log of `entries` over the last days, created once.
fn large_log(runtime: &tokio::runtime::Runtime, entries: usize) -> PathBuf {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("target/bench-log-{entries}"));
    let made = data.join("made");
    if !made.exists() {
        drop(std::fs::remove_dir_all(&data));
        std::fs::create_dir_all(&data).expect("target/ is writable");
        let host = started(&data);
        let days = entries / 100;
        let began = Instant::now();
        let took = runtime.block_on(creates::log(&data, 0..entries, 32, move |entry| {
            entry % days.max(1)
        }));
        runtime.block_on(creates::wait_for_total(&data, days, entries));
        println!(
            "\n{entries} entries over {days} days by 32 clients: acknowledged after {:.1} s, aggregated after {:.1} s",
            took.as_secs_f64(),
            began.elapsed().as_secs_f64()
        );
        quit(host);
        std::fs::write(made, "").expect("target/ is writable");
    }
    data
}

fn starts(what: &'static str, data: &Path) -> Samples {
    Samples::new(what, "p95 ≤ 8 ms", screens::starts(data, STARTS))
}

/// Opens one screen after the other.
fn tabs(data: &Path) -> Samples {
    let mut program = live(data);
    let values = (0..KEYS).map(|turn| {
        // The key of each, and a word of its footer that no other one has.
        let (key, word) = [
            ("2", "open the day"),
            ("3", "chart or table"),
            ("4", "less sugar"),
            ("5", "Enter change"),
            ("1", "a add"),
        ][turn % 5];
        std::thread::sleep(BETWEEN_KEYS);
        let pressed = Instant::now();
        program.press(key);
        program.wait_for(word).saturating_duration_since(pressed)
    });
    let values = values.collect();
    quit(program);
    Samples::new(
        "key → painted, each screen in turn",
        "p95 ≤ 1 ms, p99 ≤ 5 ms",
        values,
    )
}

/// Types letters into the quick line; each must show.
fn typed(data: &Path) -> Samples {
    let mut program = live(data);
    program.press("a");
    let mut values = Vec::new();
    let mut typed = String::new();
    for turn in 0..KEYS {
        if typed.len() == 20 {
            program.press(&"\x7f".repeat(typed.len()));
            program.wait_gone(&typed);
            typed.clear();
        }
        let letter = char::from(b'a' + u8::try_from(turn % 26).expect("a letter"));
        typed.push(letter);
        std::thread::sleep(BETWEEN_KEYS);
        let pressed = Instant::now();
        program.press(&letter.to_string());
        values.push(program.wait_for(&typed).saturating_duration_since(pressed));
    }
    // Typed text would come back as a draft.
    program.press("\x15\x1b");
    program.wait_gone("Add to today");
    quit(program);
    Samples::new(
        "key of the quick line → painted with its list",
        "p95 ≤ 2 ms",
        values,
    )
}

/// Enter on a quick line → the screen says that it is logged, with it in the queue; → the queue is empty.
fn logged(data: &Path) -> [Samples; 2] {
    let mut program = live(data);
    let (mut queued, mut acknowledged) = (Vec::new(), Vec::new());
    for kcal in 1..=ENTRIES_SEEN {
        program.press(&format!("alunch {kcal}"));
        program.wait_for(&format!("lunch {kcal}"));
        let pressed = Instant::now();
        program.press("\r");
        let seen = program.wait_for(&format!("logged Lunch {kcal} kcal"));
        queued.push(seen.saturating_duration_since(pressed));
        // `1 queued` in the header, `(+1 queued)` beside the totals.
        let seen = program.wait_until("nothing queued", |screen| !screen.contents().contains("queued"));
        acknowledged.push(seen.saturating_duration_since(pressed));
    }
    quit(program);
    [
        Samples::new("key that logs → painted and queued", "p95 ≤ 5 ms", queued),
        Samples::new("key that logs → acknowledged", "p95 ≤ 15 ms", acknowledged),
    ]
}

/// Enter in one program → the total on the other one's screen.
fn two_programs(data: &Path) -> Samples {
    let mut first = live(data);
    let second = live(data);
    let mut total = consumed(&first);
    let values = (0..ENTRIES_SEEN)
        .map(|_| {
            first.press("alunch 1");
            first.wait_for("lunch 1");
            total += 1;
            let pressed = Instant::now();
            first.press("\r");
            let seen = second.wait_for(&format!("consumed {total} "));
            first.wait_for(&format!("consumed {total} "));
            seen.saturating_duration_since(pressed)
        })
        .collect();
    quit(first);
    quit(second);
    Samples::new("entry → total painted in another program", "p95 ≤ 15 ms", values)
}

/// The day's total on the screen.
fn consumed(program: &Program) -> u64 {
    let text = program.contents();
    let digits = text
        .split("consumed ")
        .nth(1)
        .expect("a total")
        .split_whitespace()
        .next()
        .expect("digits");
    digits.parse().expect("digits")
}

/// Ten seconds without a key: bytes written, processor time, and memory.
fn idle(data: &Path) {
    let program = live(data);
    let calm = Duration::from_secs(2);
    let watched = Duration::from_secs(10);
    std::thread::sleep(calm);
    let (bytes, cpu) = (program.bytes(), process::cpu(program.pid()));
    std::thread::sleep(watched);
    let written = program.bytes() - bytes;
    let share = (process::cpu(program.pid()) - cpu).as_secs_f64() / watched.as_secs_f64() * 100.0;
    println!(
        "\nidle for {} s: {written} bytes drawn (budget 0), {share:.2} % of a core (budget 0.1 %)",
        watched.as_secs()
    );
    println!(
        "memory with the box: {:.1} MiB resident (budget 40 MiB)",
        process::resident_mib(program.pid())
    );
    quit(program);
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
