//! The same numbers everywhere: a random log of a year on Today, History, Trends, and in `today`, `totals` and `list`.

use std::{collections::BTreeMap, fmt::Write as _};

use jiff::{ToSpan as _, civil::Date};
use serde_json::Value;

use super::*;

const DAYS: i64 = 365;

/// What a day's entries add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Sums {
    consumed: i64,
    burned: i64,
}

/// Numbers that follow from a seed (Knuth's MMIX generator).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// A log up to `today` as a file of `import`, and its sums by day.
fn log_of_a_year(today: Date) -> (String, BTreeMap<Date, Sums>) {
    let mut random = Random(20_261_130);
    let mut csv = "id,date,creationDateTime,category,type,name,note,quantity,unit,food,protein,fat,carbohydrate,caloriesConsumed\n"
        .to_owned();
    let mut sums: BTreeMap<Date, Sums> = BTreeMap::new();
    let types = [
        ("Food", "Breakfast"),
        ("Food", "Lunch"),
        ("Food", "Dinner"),
        ("Drink", "Coffee"),
        ("Exercise", "Run"),
    ];
    let mut number = 0_u64;
    for ago in (0..DAYS).rev() {
        let date = today - ago.days();
        // A few days without a log.
        let count = if (1..DAYS - 1).contains(&ago) && random.below(20) == 0 {
            0
        } else {
            1 + random.below(6)
        };
        for _ in 0..count {
            let (category, kind) = types[usize::try_from(random.below(5)).expect("small")];
            let kcal = random.below(900);
            let (hour, minute) = (random.below(11), random.below(60));
            number += 1;
            let _ = writeln!(
                csv,
                "019ab000-0000-7000-8000-{number:012},{date},{date}T{hour:02}:{minute:02}:00.000Z,{category},{kind},,,,,,,,,{kcal}"
            );
            let day = sums.entry(date).or_default();
            let kcal = i64::try_from(kcal).expect("small");
            match category {
                "Exercise" => day.burned += kcal,
                _ => day.consumed += kcal,
            }
        }
    }
    (csv, sums)
}

fn json(data: &Path, arguments: &[&str]) -> Value {
    let output = run(data, &[arguments, &["--json"]].concat());
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The figures behind the day on the lines of the screen that begin with a weekday and a date.
fn rows(screen: &vt100::Screen) -> BTreeMap<Date, Vec<i64>> {
    let mut rows = BTreeMap::new();
    for line in screen.contents().lines() {
        let line = line.trim_start_matches(['│', '>', ' ']);
        let mut words = line.split_whitespace().skip(1);
        if let Some(Ok(date)) = words.next().map(str::parse::<Date>) {
            let figures = words.map_while(|word| word.parse::<i64>().ok());
            rows.insert(date, figures.take(3).collect());
        }
    }
    rows
}

/// Turns the pages of a list of days until a year was seen, and compares every row.
fn compare(program: &mut Program, place: &str, sums: &BTreeMap<Date, Sums>, today: Date) {
    let first = today - (DAYS - 1).days();
    let mut seen = BTreeMap::new();
    loop {
        let page = program.inspect(rows);
        seen.extend(page.clone());
        if seen.contains_key(&first) {
            break;
        }
        program.press("\u{1b}[6~");
        program.wait_until("another page", |screen| rows(screen) != page);
    }
    assert!(seen.contains_key(&today));
    for (date, figures) in seen.into_iter().filter(|(date, _)| *date >= first) {
        let expected = sums.get(&date).map_or_else(Vec::new, |sums| {
            vec![sums.consumed, sums.burned, sums.consumed - sums.burned]
        });
        assert_eq!(figures, expected, "{place}, {date}");
    }
}

#[test]
fn screens_and_commands_agree_on_a_random_log_of_a_year() {
    let data = data_dir();
    let today = json(data.path(), &["today"]);
    let today: Date = today["date"].as_str().expect("a day").parse().expect("a day");
    let (csv, sums) = log_of_a_year(today);
    let file = data.path().join("year.csv");
    std::fs::write(&file, csv).expect("a file");
    let imported = json(data.path(), &["import", file.to_str().expect("UTF-8")]);
    assert_eq!(imported["skipped"], serde_json::json!([]));

    let from = (today - (DAYS - 1).days()).to_string();
    let totals = json(
        data.path(),
        &["totals", "--from", &from, "--to", &today.to_string()],
    );
    let listed = json(
        data.path(),
        &["list", "--from", &from, "--to", &today.to_string()],
    );
    let mut by_list: BTreeMap<Date, Sums> = BTreeMap::new();
    for entry in listed.as_array().expect("a list") {
        let logged_on = entry["date"].as_str().expect("a day").parse().expect("a day");
        let kcal = entry["caloriesConsumed"].as_i64().expect("kcal");
        let listed_day = by_list.entry(logged_on).or_default();
        match entry["category"].as_str() {
            Some("Exercise") => listed_day.burned += kcal,
            _ => listed_day.consumed += kcal,
        }
    }
    assert_eq!(by_list, sums, "`list`");
    let totals = totals.as_array().expect("a list");
    assert_eq!(totals.len(), usize::try_from(DAYS).expect("small"));
    for day in totals {
        let counted_on: Date = day["date"].as_str().expect("a day").parse().expect("a day");
        let sum = sums.get(&counted_on).copied().unwrap_or_default();
        let shown = (day["caloriesConsumed"].as_i64(), day["caloriesBurned"].as_i64());
        assert_eq!(
            shown,
            (Some(sum.consumed), Some(sum.burned)),
            "`totals`, {counted_on}"
        );
    }
    let sum = sums[&today];
    let shown = json(data.path(), &["today"]);
    assert_eq!(shown["caloriesConsumed"].as_i64(), Some(sum.consumed));
    assert_eq!(shown["caloriesBurned"].as_i64(), Some(sum.burned));
    let remaining = 2_000 - sum.consumed + sum.burned;
    assert_eq!(shown["remaining"].as_i64(), Some(remaining));

    let mut program = Program::screens(data.path(), 120, 40);
    program.wait_for("● live");
    program.wait_for(&format!("consumed {}", sum.consumed));
    program.wait_for(&format!("burned {}", sum.burned));
    program.wait_for(&format!("remaining {remaining}"));
    program.press("2");
    program.wait_for("of the target");
    compare(&mut program, "History", &sums, today);
    program.press("3]]v");
    program.wait_for("365 days");
    program.wait_for("spent");
    compare(&mut program, "Trends", &sums, today);
    program.press("q");
    assert!(program.wait_exit().success());
}
