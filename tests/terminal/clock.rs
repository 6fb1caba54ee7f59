//! A clock that is set while the program runs: faults-logger.md F38.

use super::*;

/// Seconds of a day.
const DAY: u32 = 86_400;

#[test]
fn the_next_day_is_shown_without_a_key_once_the_clock_is_set() {
    let place = data_dir();
    let shim = place.path().join("clock.so");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .arg(&shim)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/terminal/clock.c"))
        .status();
    assert!(built.expect("a C compiler, which the build needs too").success());
    let forward = place.path().join("forward");
    std::fs::write(&forward, "0").expect("the directory can be written");
    let mut command = CommandBuilder::new(BINARY);
    command.env("LD_PRELOAD", &shim);
    command.env("CALTRACK_TEST_CLOCK", &forward);
    let mut program = Program::spawn(command, &place.path().join("data"), 120, 40);
    program.wait_for("Press Enter to start on this computer");
    program.press("\r");
    program.wait_for("● live");
    let shown = program.contents();
    let mut words = shown.lines().nth(1).expect("a header").split_whitespace().skip(1);
    let today: jiff::civil::Date = words.next().expect("a date").parse().expect("a date");

    std::fs::write(&forward, DAY.to_string()).expect("the directory can be written");
    let tomorrow = today.tomorrow().expect("a day");
    program.wait_for(&format!("{tomorrow}  today"));
    program.press("q");
    assert!(program.wait_exit().success());
}
