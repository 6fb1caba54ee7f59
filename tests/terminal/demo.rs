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

fn files(directory: &Path) -> usize {
    std::fs::read_dir(directory).expect("a directory").count()
}
