//! Many users on many shards, in virtual time, with everything that at-least-once delivery may do: crashes between any two calls,
//! batches that come again whole, halved or an hour late, conflicts of shards that book one day, throttling, an API that fails.
//!
//! A run is determined by its seed. `cargo bench -p caltrack-aggregator --bench simulation` runs it large, and prints what an entry costs.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod chance;
mod cloud;
mod entries;
mod report;
mod shards;

use rstest::rstest;

use shards::{Plan, run};

/// Whatever happens, totals are exact, and what was announced is what is stored.
#[rstest]
fn totals_are_exact_and_publishes_converge(#[values(1, 2, 3, 4)] seed: u64) {
    let report = run(&Plan {
        seed,
        ..Plan::small()
    });
    report.assert_exact();
    assert!(
        report.outdated() <= report.abandoned,
        "days whose last publish is not what is stored: {report}"
    );
    // A run in which nothing went wrong would prove nothing.
    assert!(report.crashes > 10, "{report}");
    assert!(report.duplicates > 100, "{report}");
    assert!(report.conflicts > 0, "{report}");
    assert!(report.committed_and_crashed > 0, "{report}");
    assert!(report.late > 0, "{report}");
}

/// An API that is down for minutes costs announcements, never totals; what wasn't announced is counted as abandoned.
#[rstest]
fn an_api_that_is_down_leaves_totals_right_and_says_what_was_not_announced(#[values(1, 2, 3)] seed: u64) {
    let plan = Plan {
        seed,
        down: Some((10_000, 600_000)),
        ..Plan::small()
    };
    let report = run(&plan);
    report.assert_exact();
    assert!(report.abandoned > 0, "{report}");
    assert!(report.outdated() <= report.abandoned, "{report}");
}

#[test]
fn a_run_is_determined_by_its_seed() {
    let plan = Plan::small();
    let [one, again, other] = [7, 7, 8].map(|seed| run(&Plan { seed, ..plan.clone() }));
    assert_eq!(one.to_string(), again.to_string());
    assert_ne!(one.to_string(), other.to_string());
}

/// One user who logs on all shards at once: the worst that transactions on one item can meet.
#[test]
fn a_hot_day_is_exact_too() {
    let report = run(&Plan {
        users: 1,
        days: 1,
        ..Plan::small()
    });
    report.assert_exact();
    assert_eq!(report.outdated(), 0);
    assert!(report.conflicts > 10, "{report}");
}
