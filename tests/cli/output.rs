//! Output to terminals, pipes, a full disk and closed pipes.

use std::{fs::OpenOptions, io::Read as _};

use rstest::rstest;

use super::{terminal::Program, *};

const FULL: &str = "/dev/full";

impl Place {
    /// Runs with a standard output on a full disk.
    fn run_to_full(&self, arguments: &[&str]) -> Run {
        let full = OpenOptions::new().write(true).open(FULL).expect("a full device");
        let output = self
            .command(arguments)
            .stdin(Stdio::null())
            .stdout(full)
            .output()
            .expect("the program ends");
        Run {
            code: output.status.code().expect("an exit code"),
            out: String::new(),
            err: String::from_utf8(output.stderr).expect("text"),
        }
    }

    fn count(&self) -> usize {
        self.json(&["list"]).as_array().expect("a list").len()
    }
}

#[test]
fn an_entry_whose_id_can_t_be_written_is_logged_once_without_advice_to_retry() {
    let place = Place::fresh();
    place.json(&["whoami"]);
    let run = place.run_to_full(&["log", "Food", "Lunch", "1"]);
    assert_eq!(run.code, 1);
    assert!(
        run.err.contains("logged, but the id can't be written"),
        "{}",
        run.err
    );
    assert!(!run.err.contains("try again"), "{}", run.err);
    let list = place.json(&["list"]);
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert!(run.err.contains(list[0]["id"].as_str().unwrap()), "{}", run.err);

    let error = place
        .run_to_full(&["log", "Food", "Lunch", "1", "--json"])
        .error(1);
    assert_eq!(error["kind"], "storage");
    assert_eq!(place.count(), 2);
}

#[rstest]
#[case(&["add", "lunch 5"], "logged, but the output can't be written")]
#[case(&["edit", ID, "--kcal", "7"], "saved, but the output can't be written")]
#[case(&["delete", ID], "deleted, but the output can't be written")]
#[case(&["sign-out"], "signed out, but the output can't be written")]
#[case(&["sign-in"], "signed in, but the output can't be written")]
fn the_change_is_reported_if_the_output_can_t_be_written(#[case] arguments: &[&str], #[case] says: &str) {
    let place = Place::fresh();
    place.json(&["log", "Food", "Lunch", "1", "--id", ID]);
    let run = place.run_to_full(arguments);
    assert_eq!(run.code, 1);
    assert!(run.err.contains(says), "{}", run.err);
    assert!(!run.err.contains("try again"), "{}", run.err);
}

const ID: &str = "0192d4e0-7b3a-7c1e-9f00-000000000000";

#[rstest]
#[case(&["--help"])]
#[case(&["--version"])]
#[case(&["log", "--help"])]
#[case(&["today"])]
#[case(&["doctor"])]
fn an_output_that_can_t_be_written_is_a_failure(#[case] arguments: &[&str]) {
    let place = Place::fresh();
    let run = place.run_to_full(arguments);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.err.contains("the output can't be written"), "{}", run.err);
}

/// The reader chose not to read; a script that takes this for a failure would log the entry again.
#[test]
fn a_closed_pipe_is_no_failure() {
    let place = Place::fresh();
    place.json(&["whoami"]);
    for arguments in [
        &["log", "Food", "Lunch", "1"][..],
        &["add", "lunch 2"],
        &["--help"],
    ] {
        let mut child = place
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert!(child.wait().unwrap().success(), "{arguments:?}");
        assert_eq!(err, "", "{arguments:?}");
    }
    assert_eq!(place.count(), 2);
}

#[test]
fn a_terminal_shows_long_names_cut_and_a_pipe_gets_them_whole_each_with_the_end_of_the_id() {
    let place = Place::fresh();
    let name = "lentil".repeat(33);
    let id = place.json(&["log", "Food", "Lunch", "1", "--name", &name])["id"].clone();
    let id = &id.as_str().unwrap()[28..];
    for (command, columns) in [("list", 80), ("today", 100)] {
        let mut program = Program::start(&place.data, &[command], columns, 24);
        program.wait_exit();
        let shown = program.contents();
        let row = shown
            .lines()
            .find(|line| line.contains("Lunch"))
            .expect("its row");
        assert!(row.ends_with(id) && row.contains("lentil"), "{shown}");
        assert!(row.contains('…'), "{shown}");
    }
    let piped = place.run(&["list"]);
    assert!(
        piped.out.contains(&name) && piped.out.contains(id),
        "{}",
        piped.out
    );
}

#[test]
fn json_escapes_characters_that_a_terminal_hides() {
    let place = Place::fresh();
    let name = "👩\u{200d}🍳 می\u{200c}خواهم";
    let run = place.run(&["log", "Food", "Lunch", "1", "--name", name, "--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains(r"👩\u200d🍳 می\u200cخواهم"), "{}", run.out);
    let entry: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(entry["name"], name);

    let id = "\u{9b}31m\u{e0041}\u{2028}x";
    let failed = place.run(&["delete", id, "--json"]);
    assert!(
        !failed.err.contains(['\u{9b}', '\u{e0041}', '\u{2028}']),
        "{failed:?}"
    );
    assert_eq!(failed.error(1)["kind"], "not_found");
    let told = place.run(&["delete", id]);
    assert!(
        !told.err.contains(['\u{9b}', '\u{e0041}', '\u{2028}']),
        "{told:?}"
    );
}

#[test]
fn today_shows_another_day_too() {
    let place = Place::fresh();
    place.json(&["log", "Food", "Lunch", "650", "--date", "2026-11-20"]);
    place.json(&["weight", "80.5", "--date", "2026-11-20"]);
    let day = place.json(&["today", "--date", "2026-11-20"]);
    assert_eq!(
        (&day["date"], &day["caloriesConsumed"], &day["weight"]),
        (&"2026-11-20".into(), &650.into(), &80.5.into())
    );
    assert_eq!(day["activities"].as_array().map(Vec::len), Some(1));
    let left = place.run(&["today", "--format", "{remaining} left", "--date=2026-11-20"]);
    assert_eq!(left.out, "1350 left\n");
    assert_eq!(place.json(&["today", "--date", "+1d"])["caloriesConsumed"], 0);
    assert_eq!(
        place.run(&["today", "--date", "someday", "--json"]).error(2)["kind"],
        "value"
    );
}
