//! `demo`: screens full of an invented log, and nothing left behind.

use super::*;

#[test]
fn the_demo_is_full_says_so_and_leaves_nothing_behind() {
    let place = data_dir();
    let rooms = data_dir();
    let data = place.path().join("data");
    let mut command = CommandBuilder::new(BINARY);
    command.arg("demo");
    command.env("TMPDIR", rooms.path());
    let mut program = Program::spawn(command, &data, 120, 40);
    program.wait_for("remaining");
    program.wait_for("Oatmeal with berries");
    program.wait_for("demo");
    program.wait_for("live");
    program.press("2");
    program.wait_for("History");
    program.press("3");
    program.wait_for("kg");
    assert_eq!(files(rooms.path()), 1);
    program.press("q");
    assert!(program.wait_exit().success());
    assert_eq!(files(rooms.path()), 0);
    assert!(!data.exists(), "nothing of one's own is touched");
}

/// The directory takes a while to be filled.
#[test]
fn the_demo_says_at_once_what_it_does_and_takes_the_keys_that_are_typed_meanwhile() {
    let (mut program, rooms) = filling();
    // The terminal's own echo is off by now.
    program.press("3");
    program.wait_for("30 days");
    program.press("q");
    assert!(program.wait_exit().success());
    assert_eq!(files(rooms.path()), 0);
}

#[test]
fn ctrl_c_ends_the_demo_while_it_is_filled_and_leaves_nothing_behind() {
    for end in ["\u{3}", "q"] {
        let (mut program, rooms) = filling();
        program.press(end);
        assert!(program.wait_exit().success());
        program.inspect(|screen| {
            assert!(!screen.alternate_screen() && !screen.hide_cursor());
        });
        assert_eq!(files(rooms.path()), 0);
    }
}

/// A demo that is being filled, and where its directory is.
fn filling() -> (Program, tempfile::TempDir) {
    let rooms = data_dir();
    let mut command = CommandBuilder::new(BINARY);
    command.arg("demo");
    command.env("TMPDIR", rooms.path());
    let program = Program::spawn(command, &rooms.path().join("none"), 120, 40);
    program.wait_for("a year of invented log");
    (program, rooms)
}

fn files(directory: &Path) -> usize {
    std::fs::read_dir(directory).expect("a directory").count()
}
