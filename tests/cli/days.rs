//! Days: lists of one or several, totals, and today's figures in a text of one's own.

use rstest::rstest;

use super::*;

/// Kcal of the listed entries.
fn kcal(list: &Value) -> Vec<u64> {
    let list = list.as_array().expect("a list");
    list.iter()
        .map(|entry| entry["caloriesConsumed"].as_u64().expect("kcal"))
        .collect()
}

#[test]
fn entries_of_a_day_or_of_several_are_listed_by_moment() {
    let place = Place::fresh();
    for (kcal, date) in [("3", "today"), ("1", "-2d"), ("4", "+1d"), ("2", "yesterday")] {
        place.json(&["log", "Food", "Lunch", kcal, "--date", date, "--at", "12:00"]);
    }
    for (arguments, listed) in [
        (&["list"][..], &[3][..]),
        (&["list", "yesterday"], &[2]),
        (&["list", "-2d"], &[1]),
        (&["list", "--date", "-2d"], &[1]),
        (&["list", "--from", "-2d"], &[1, 2, 3]),
        (&["list", "--from", "-1d", "--to", "+1d"], &[2, 3, 4]),
        (&["list", "--to", "-1d"], &[1, 2]),
    ] {
        assert_eq!(kcal(&place.json(arguments)), listed, "{arguments:?}");
    }
    let days = place.run(&["list", "--from", "-2d"]).out;
    let yesterday = jiff::Zoned::now().date().yesterday().unwrap().to_string();
    assert!(days.starts_with("date "), "{days}");
    assert!(days.lines().nth(2).unwrap().starts_with(&yesterday), "{days}");
}

#[rstest]
#[case(&["list", "today", "--date", "today"])]
#[case(&["list", "today", "--from", "today"])]
#[case(&["list", "--date", "today", "--to", "today"])]
fn a_day_and_a_range_exclude_each_other(#[case] arguments: &[&str]) {
    let place = Place::fresh();
    let error = place.run(&[arguments, &["--json"]].concat()).error(2);
    assert_eq!(error["kind"], "usage");
}

#[test]
fn totals_are_ascending_with_empty_days() {
    let place = Place::fresh();
    place.json(&["log", "Food", "Lunch", "650", "--date", "-1d"]);
    let totals = place.json(&["totals", "--from", "-2d", "--to", "+1d"]);
    let consumed: Vec<i64> = totals
        .as_array()
        .unwrap()
        .iter()
        .map(|day| day["caloriesConsumed"].as_i64().unwrap())
        .collect();
    assert_eq!(consumed, [0, 650, 0, 0]);
    assert_eq!(
        (&totals[0]["version"], &totals[0]["target"]),
        (&0.into(), &2000.into())
    );
}

#[test]
fn todays_figures_fill_a_format() {
    let place = Place::fresh();
    place.json(&["add", "lunch", "650"]);
    let run = place.run(&[
        "today",
        "--format",
        "{remaining} left of {target}{weight} {{{connection}}}",
    ]);
    assert_eq!((run.code, run.out.as_str()), (0, "1350 left of 2000 {live}\n"));
    let json = place.json(&["today", "--format", "{net}"]);
    assert_eq!(json["net"], 650);
}

#[rstest]
#[case("{remainin} left", "did you mean `remaining`?")]
#[case("{kcal}", "known are date, caloriesConsumed")]
#[case("{remaining", "no counterpart")]
fn an_unknown_name_of_a_format_is_wrong_usage(#[case] format: &str, #[case] says: &str) {
    let place = Place::fresh();
    let error = place.run(&["today", "--format", format, "--json"]).error(2);
    assert_eq!(error["kind"], "usage");
    assert!(error["message"].as_str().unwrap().contains(says), "{error}");
    assert!(!place.data.exists(), "nothing was made");
}

#[test]
fn a_narrow_terminal_shows_every_line_whole() {
    let place = Place::fresh();
    let name = "面包 with a long name";
    place.json(&["log", "Food", "Breakfast", "12345", "--name", name]);
    for command in ["list", "today", "totals"] {
        let mut program = terminal::Program::start(&place.data, &[command], 40, 24);
        program.wait_exit();
        let shown = program.contents();
        assert!(shown.contains("12345"), "{shown}");
        let lines: Vec<&str> = shown.lines().collect();
        if let Some(heading) = lines.iter().position(|line| line.starts_with("time")) {
            let row = lines[heading + 1];
            assert!(
                row.contains("12345") && row.contains('…') && row.trim_end().len() > 35,
                "{shown}"
            );
        }
    }
}

/// A line of the watched figures.
fn line(watched: &mut impl std::io::BufRead) -> Value {
    let mut line = String::new();
    watched.read_line(&mut line).expect("a line");
    serde_json::from_str(&line).expect("JSON")
}

#[test]
fn watch_prints_today_at_once_and_at_every_change_until_interrupted() {
    let place = Place::fresh();
    place.json(&["add", "lunch", "650"]);
    let mut child = place
        .command(&["watch", "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut watched = std::io::BufReader::new(child.stdout.take().unwrap());
    let first = line(&mut watched);
    assert_eq!(
        (&first["caloriesConsumed"], &first["remaining"]),
        (&650.into(), &1350.into())
    );
    assert_eq!(first.get("activities"), None);
    place.json(&["add", "run", "300"]);
    let second = line(&mut watched);
    assert_eq!(
        (&second["caloriesBurned"], &second["remaining"]),
        (&300.into(), &1650.into())
    );
    let id = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn the_lines_of_watch_have_a_format_too() {
    let place = Place::fresh();
    let error = place
        .run(&["watch", "--format", "{activities}", "--json"])
        .error(2);
    assert_eq!(error["kind"], "usage");
    let mut child = place
        .command(&["watch", "--format", "{remaining} left"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut watched = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    std::io::BufRead::read_line(&mut watched, &mut line).unwrap();
    assert_eq!(line, "2000 left\n");
    // Its reader ends; the next change ends the program.
    drop(watched);
    place.json(&["add", "lunch", "650"]);
    assert!(child.wait().unwrap().success());
}
