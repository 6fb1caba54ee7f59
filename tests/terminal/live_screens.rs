//! Every screen moves when another program writes, without a key.

use super::*;

fn changed(data: &Path, arguments: &[&str]) {
    let done = run(data, arguments);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn all_five_screens_follow_a_second_program() {
    let data = data_dir();
    let mut program = started(data.path());
    // A target for protein, which the Profile screen compares with the day.
    program.press("5");
    program.wait_for("Targets");
    program.press("j\r");
    program.wait_for("grams a day");
    program.press("120\r");
    program.wait_for("120 g a day");

    changed(data.path(), &["log", "Food", "Lunch", "600", "--protein", "21"]);
    program.wait_for("21 so far");
    changed(data.path(), &["profile", "--target", "1850"]);
    program.wait_for("1850 kcal a day");

    program.press("4");
    program.wait_for("remaining 1250");
    changed(data.path(), &["log", "Food", "Snacks", "50"]);
    program.wait_for("remaining 1200");

    program.press("3");
    program.wait_for("a day: consumed 650");
    program.wait_for("Lunch 92 %");
    changed(data.path(), &["log", "Food", "Lunch", "350"]);
    program.wait_for("a day: consumed 1000");
    program.wait_for("Lunch 95 %");

    program.press("2");
    program.wait_for("54 %");
    changed(data.path(), &["log", "Exercise", "Run", "75"]);
    program.wait_for("50 %");

    program.press("1");
    program.wait_for("burned 75");
    changed(data.path(), &["add", "dinner 111 soup"]);
    program.wait_for("consumed 1111");
    program.wait_for("Soup");
    program.press("q");
    assert!(program.wait_exit().success());
}
