//! Lines that people type, through `add --dry-run --json` on an empty log and 70 kg: the fixture of `crates/foods`.

use super::{serving::Served, *};

const LINES: &str = include_str!("../../crates/foods/tests/quick_line/lines.jsonl");

/// What a line is to give: `items` with ranges of kcal, or that nothing is logged.
fn wrong(case: &Value, run: &Run) -> Option<String> {
    let expect = case["expect"].as_str().expect("an outcome");
    let accepts = |outcome: &str| match case["accept"].as_array() {
        Some(accepted) => accepted.iter().any(|accepted| accepted == outcome),
        // `ask` and `refuse` differ in words only: nothing is logged.
        None => expect == outcome || expect != "log" && outcome != "log",
    };
    if run.code != 0 {
        let error = run.error(2);
        let outcome = if error["kind"] == "ask" { "ask" } else { "refuse" };
        return (!accepts(outcome)).then(|| error.to_string());
    }
    let logged: Value = serde_json::from_str(&run.out).expect("JSON");
    let logged = logged.as_array().expect("a list");
    let items = case["items"].as_array().expect("a list");
    let is_right = |(expected, item): (&Value, &Value)| {
        let kcal = item["caloriesConsumed"].as_f64().expect("kcal");
        let (lo, hi) = (expected["lo"].as_f64(), expected["hi"].as_f64());
        expected["category"] == item["category"]
            && lo.is_some_and(|lo| lo <= kcal)
            && hi.is_some_and(|hi| kcal <= hi)
    };
    let are_right = accepts("log") && items.len() == logged.len() && items.iter().zip(logged).all(is_right);
    let time = case["time"].as_str();
    let has_time = time.is_none_or(|time| logged.iter().all(|item| item["time"] == time));
    let day = case["day_offset"].as_i64().map(|offset| {
        let today = jiff::Zoned::now().date();
        today.saturating_add(jiff::Span::new().days(offset)).to_string()
    });
    let has_day = day.is_none_or(|day| logged.iter().all(|item| item["date"] == day.as_str()));
    (!(are_right && has_time && has_day)).then(|| format!("SILENT: {}", run.out))
}

#[test]
fn lines_that_people_type_log_what_they_mean_or_ask() {
    let place = Place::fresh();
    let served = Served::start(&place, &[]);
    place.json(&["weight", "70"]);
    let cases: Vec<Value> = LINES
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(cases.len(), 70);
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let line = case["line"].as_str().expect("a line");
            let run = place.run(&["add", "--dry-run", "--json", "--", line]);
            Some(format!("`{line}` {}", wrong(case, &run)?))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of 70:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(place.json(&["list"]), serde_json::json!([]));
    drop(served);
}
