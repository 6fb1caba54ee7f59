//! The costs of an entry with many users and shards, in virtual time: larger plans of `tests/simulation`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench panics where it fails, and prints"
)]

#[path = "../tests/simulation/chance.rs"]
mod chance;
#[path = "../tests/simulation/cloud.rs"]
mod cloud;
#[path = "../tests/simulation/entries.rs"]
mod entries;
#[path = "../tests/simulation/report.rs"]
mod report;
#[path = "../tests/simulation/shards.rs"]
mod shards;

use shards::{Plan, run};

fn main() {
    let calm = Plan {
        crash: 0.0,
        again: 0.0,
        throttled: 0.0,
        unpublished: 0.0,
        ..Plan::small()
    };
    let plans = [
        // Few users, so that no two records share a transaction.
        (
            "calm, few",
            Plan {
                writes: 20_000,
                per_second: 2,
                users: 100,
                days: 2,
                shards: 4,
                ..calm.clone()
            },
        ),
        (
            "calm, many",
            Plan {
                writes: 300_000,
                per_second: 5_000,
                users: 100_000,
                days: 2,
                shards: 32,
                ..calm.clone()
            },
        ),
        // A program that imports years of one user's log.
        (
            "calm, one user imports",
            Plan {
                writes: 100_000,
                per_second: 2_000,
                users: 1,
                days: 300,
                shards: 8,
                ..calm.clone()
            },
        ),
        (
            "calm, one hot day",
            Plan {
                writes: 100_000,
                per_second: 2_000,
                users: 1,
                days: 1,
                shards: 8,
                ..calm.clone()
            },
        ),
        (
            "rough, many",
            Plan {
                writes: 300_000,
                per_second: 5_000,
                users: 100_000,
                days: 2,
                shards: 32,
                // 1 in 20, after the function's own two retries.
                unpublished: 0.000_125,
                ..Plan::small()
            },
        ),
    ];
    for (name, plan) in plans.into_iter().chain(in_parallel(&calm)) {
        let report = run(&plan);
        report.assert_exact();
        println!("{name}: {report}\n");
    }
}

/// A new table has some 4 shards; ten concurrent invocations for each (`ParallelizationFactor`) are modelled as ten times as many.
fn in_parallel(calm: &Plan) -> [(&'static str, Plan); 4] {
    let new_table = |shards| Plan {
        writes: 30_000,
        per_second: 1_000,
        users: 100_000,
        days: 2,
        shards,
        ..calm.clone()
    };
    let import = |shards| Plan {
        writes: 30_000,
        per_second: 2_000,
        users: 1,
        days: 300,
        shards,
        ..calm.clone()
    };
    [
        ("calm, a new table", new_table(4)),
        ("calm, a new table, factor 10", new_table(40)),
        ("calm, a short import", import(8)),
        ("calm, a short import, factor 10", import(80)),
    ]
}
