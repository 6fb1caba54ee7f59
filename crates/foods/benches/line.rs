//! The time of a key in the quick line: `cargo bench -p caltrack-foods --bench line`.
//!
//! Each line is typed key by key over the tables and 20,000 own names; a row has median and 95th percentile of a key, and
//! their ratio to the median of one exact lookup.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench ends by panicking and reports by printing"
)]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use caltrack_domain::{
    Category,
    line::{Lookup, Own, Setting, read},
};
use caltrack_foods::{OwnNames, WithOwn, table};
use jiff::civil::date;

const OWN_NAMES: usize = 20_000;
const ROUNDS: usize = 20;

const LINES: [&str; 10] = [
    "bannana",
    "lunch 2 eggs 140",
    "yesterday @12:30 lunch: 150g chicken breast, 200g boiled potatoes, broccoli 100g # with Anna",
    "run 5km 25 min",
    "asdfgh qwerty",
    "own grilled salmon 1200",
    "cup of tea with milk",
    "½ avocado, 2 slices toast",
    "khinkali",
    "10000 steps",
];

fn main() {
    let started = Instant::now();
    let table = black_box(table());
    let foods = table.foods();
    println!("unpacking {} foods: {:?}", foods.len(), started.elapsed());
    let own = foods.iter().cycle().take(OWN_NAMES).zip(0_u32..);
    let own = own.map(|(food, number)| Own {
        name: format!("own {} {number}", food.name),
        category: food.category.to_owned(),
        kind: "Lunch".to_owned(),
        kcal: 100 + number % 500,
        quantity: Some(1.0),
        unit: Some("portion".to_owned()),
        grams: None,
        macros: [None; 3],
        food: None,
    });
    let started = Instant::now();
    let own = OwnNames::of(own.collect());
    println!("indexing {OWN_NAMES} own names: {:?}", started.elapsed());
    let lookup = WithOwn {
        own: &[&own],
        library: &OwnNames::default(),
        habits: &[],
        table,
    };
    let category = |name: &str, types: &[&str]| Category {
        name: name.to_owned(),
        types: types.iter().map(|kind| (*kind).to_owned()).collect(),
    };
    let categories = [
        category("Drink", &["Tea", "Coffee", "Shake", "Juice"]),
        category("Exercise", &["Walk", "Run", "Cardio", "Weights"]),
        category("Food", &["Breakfast", "Lunch", "Dinner", "Snacks"]),
    ];
    let setting = Setting {
        today: date(2026, 11, 30),
        hour: 12,
        categories: &categories,
        kg: 70.0,
        lookup: &lookup,
    };
    let exact = median(&mut timed(ROUNDS * 50, || {
        drop(black_box(lookup.named("banana")));
    }));
    println!("one exact lookup: {exact:?}");
    println!("{:<60} {:>12} {:>12} {:>8}", "line", "median", "p95", "ratio");
    let mut all = Vec::new();
    for line in LINES {
        let mut keys = Vec::new();
        for end in line.char_indices().skip(1).map(|(at, _)| at).chain([line.len()]) {
            let typed = line.get(..end).expect("a prefix");
            keys.extend(timed(ROUNDS, || drop(black_box(read(typed, &setting)))));
        }
        report(line, &mut keys, exact);
        all.extend(keys);
    }
    report("all", &mut all, exact);
}

fn timed(rounds: usize, mut run: impl FnMut()) -> Vec<Duration> {
    let once = |_| {
        let started = Instant::now();
        run();
        started.elapsed()
    };
    (0..rounds).map(once).collect()
}

fn median(times: &mut [Duration]) -> Duration {
    percentile(times, 50)
}

fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times
        .get((times.len() * percent / 100).min(times.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

fn report(line: &str, keys: &mut [Duration], exact: Duration) {
    let (half, most) = (percentile(keys, 50), percentile(keys, 95));
    let ratio = half.as_secs_f64() / exact.as_secs_f64();
    let line: String = line.chars().take(58).collect();
    println!("{line:<60} {half:>12.1?} {most:>12.1?} {ratio:>8.0}");
}
