//! Start, log, watch the totals, quit and start again.

use super::*;

#[test]
fn a_meal_and_a_run_are_there_after_a_restart() {
    let data = data_dir();
    let mut program = started(data.path());
    log(&mut program, "lunch 650");
    program.wait_for("consumed 650");
    log(&mut program, "run 300");
    program.wait_for("burned 300");
    program.wait_for("remaining 1650");
    program.press("q");
    assert!(program.wait_exit().success());

    let again = Program::screens(data.path(), 120, 40);
    again.wait_for("consumed 650");
    again.wait_for("burned 300");
    again.wait_for("● live");
}

#[test]
fn an_entry_of_a_second_terminal_changes_the_totals_of_the_first_without_a_key() {
    let data = data_dir();
    let program = started(data.path());
    let logged = run(data.path(), &["log", "Food", "Lunch", "650"]);
    assert!(
        logged.status.success(),
        "{}",
        String::from_utf8_lossy(&logged.stderr)
    );
    program.wait_for("consumed 650");
    program.wait_for("Lunch");
}

#[test]
fn edit_delete_and_undo_change_the_totals() {
    let data = data_dir();
    let mut program = started(data.path());
    log(&mut program, "dinner 400");
    program.wait_for("consumed 400");
    program.press("e");
    program.wait_for("Edit entry");
    program.press("\x15500\r");
    program.wait_for("consumed 500");
    program.press("d");
    program.wait_for("consumed 0");
    program.press("u");
    program.wait_for("consumed 500");
    program.press("u");
    program.wait_for("consumed 400");
    program.press("u");
    program.wait_for("consumed 0");
    program.press("q");
    assert!(program.wait_exit().success());
}

#[test]
fn when_the_first_of_two_programs_ends_the_second_continues() {
    let data = data_dir();
    let mut first = started(data.path());
    log(&mut first, "breakfast 400");
    first.wait_for("consumed 400");

    let mut second = Program::screens(data.path(), 120, 40);
    second.wait_for("consumed 400");
    second.wait_for("● live");
    first.press("q");
    assert!(first.wait_exit().success());

    log(&mut second, "lunch 600");
    second.wait_for("consumed 1000");
    second.wait_for("● live");
}

#[test]
fn when_the_first_of_two_programs_is_killed_the_second_continues() {
    let data = data_dir();
    let mut first = started(data.path());
    log(&mut first, "breakfast 400");
    first.wait_for("consumed 400");

    let second = Program::screens(data.path(), 120, 40);
    second.wait_for("● live");
    first.signal("KILL");
    first.wait_exit();

    // The command joins the host, or becomes it.
    let logged = run(data.path(), &["log", "Food", "Lunch", "600"]);
    assert!(
        logged.status.success(),
        "{}",
        String::from_utf8_lossy(&logged.stderr)
    );
    second.wait_for("consumed 1000");
    second.wait_for("● live");
}

#[test]
fn the_terminal_is_restored_after_quit_and_after_sigterm() {
    let data = data_dir();
    for end in ["quit", "TERM", "HUP", "INT", "QUIT"] {
        let mut program = Program::screens(data.path(), 80, 24);
        program.wait_until("the alternate screen", vt100::Screen::alternate_screen);
        program.wait_for("caltrack");
        match end {
            "quit" => program.press("q"),
            signal => program.signal(signal),
        }
        program.wait_exit();
        program.inspect(|screen| {
            assert!(!screen.alternate_screen(), "after {end}");
            assert!(!screen.hide_cursor(), "after {end}");
            assert!(!screen.bracketed_paste(), "after {end}");
            assert!(!screen.application_cursor(), "after {end}");
        });
    }
}

#[test]
fn every_size_is_usable_or_reported_as_too_small() {
    let data = data_dir();
    let mut program = started(data.path());
    log(&mut program, "lunch 650");
    program.wait_for("consumed 650");
    for (columns, rows) in [
        (40, 10),
        (200, 60),
        (1, 1),
        (20, 5),
        (80, 24),
        (3, 50),
        (200, 2),
        (40, 12),
    ] {
        program.resize(columns, rows);
        program.press("jk");
    }
    program.resize(120, 40);
    program.wait_for("consumed 650");
    program.resize(40, 10);
    program.wait_for("consumed 650");
}

#[test]
fn a_line_that_can_t_be_logged_stays_with_the_reason() {
    let data = data_dir();
    let mut program = started(data.path());
    program.press("alunch -5\r");
    program.wait_for("`-5` is negative");
    program.wait_for("lunch -5");
}

#[test]
fn every_acknowledged_log_survives_kill_nine_exactly_once() {
    let data = data_dir();
    drop(started(data.path()));
    let mut acknowledged = Vec::new();
    for round in 0..4_u64 {
        // The host is killed while commands log; they take over, or retry with the same id.
        let mut host = Program::screens(data.path(), 80, 24);
        host.wait_for("● live");
        let logger = {
            let data = data.path().to_owned();
            std::thread::spawn(move || {
                (0..6)
                    .filter_map(|_| {
                        let done = run(&data, &["log", "Food", "Snacks", "7"]);
                        done.status
                            .success()
                            .then(|| String::from_utf8_lossy(&done.stdout).trim().to_owned())
                    })
                    .collect::<Vec<_>>()
            })
        };
        host.wait_until("some entries", |screen| {
            screen.contents().matches("Snacks").count() >= usize::try_from(round % 3).unwrap_or(0)
        });
        host.signal("KILL");
        host.wait_exit();
        acknowledged.extend(logger.join().expect("the logger ends"));
    }
    let listed = run(data.path(), &["list", "--json"]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).expect("JSON");
    let ids: Vec<&str> = listed
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|entry| entry["id"].as_str())
        .collect();
    for id in &acknowledged {
        assert_eq!(ids.iter().filter(|listed| *listed == id).count(), 1, "{id}");
    }
    let today = run(data.path(), &["today", "--json"]);
    let today: serde_json::Value = serde_json::from_slice(&today.stdout).expect("JSON");
    assert_eq!(today["caloriesConsumed"].as_u64(), Some(7 * ids.len() as u64));
    assert!(!acknowledged.is_empty());
}
