//! The import of a file on the screens.

use std::fmt::Write as _;

use super::*;

/// A diary of the day, with more rows than the history remembers of other steps.
fn diary(data: &Path, rows: usize) -> String {
    let output = run(data, &["today", "--format", "{date}"]);
    let today = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let mut text = "Day,Time,Group,Food Name,Amount,Energy (kcal)\n".to_owned();
    for row in 0..rows {
        writeln!(
            text,
            "{today},08:{:02},Breakfast,Food {row},1.00 g,1.00",
            row % 60
        )
        .expect("a string");
    }
    text
}

#[test]
fn a_file_is_previewed_imported_and_taken_back_as_one_step_after_another_change() {
    let data = data_dir();
    let directory = data_dir();
    let mut program = started(data.path());
    let file = directory.path().join("servings.csv");
    std::fs::write(file, diary(data.path(), 1_020)).expect("a file");
    log(&mut program, "lunch 650");
    program.wait_for("consumed 650");
    program.press(":import a file\r");
    program.wait_for("the path of a file");
    program.press(&format!("{}/ser\t", directory.path().display()));
    program.wait_for("servings.csv");
    program.press("\r");
    program.wait_for("new: 1020 entries");
    program.press("\r");
    // Each part has the time limit of a wait.
    for least in [250, 500, 750, 1_000] {
        program.wait_until(&format!("{least} rows"), |screen| {
            let text = screen.contents();
            let done = text.split("importing: ").nth(1);
            let done = done.and_then(|rest| rest.split(' ').next()?.parse().ok());
            text.contains("rows imported") || done.is_some_and(|done: u32| done >= least)
        });
    }
    program.wait_for("1020 rows imported");
    program.wait_for("consumed 1670");
    program.press("\r");
    program.wait_gone("1020 rows imported");
    log(&mut program, "dinner 400");
    program.wait_for("consumed 2070");
    program.press("u");
    program.wait_for("consumed 1670");
    program.press("u");
    program.wait_for("consumed 650");
    program.press("q");
    assert!(program.wait_exit().success());
}
