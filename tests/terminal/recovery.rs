//! `doctor --recover` beside open screens.

use super::*;

/// Fills a page in the middle of a file, as a damaged disk does.
fn damage(path: &Path) {
    let mut bytes = std::fs::read(path).expect("a file");
    bytes.truncate(bytes.len() / 4_096 * 4_096);
    let at = bytes.len() / 2 / 4_096 * 4_096;
    bytes[at..at + 4_096].fill(0x5a);
    std::fs::write(path, bytes).expect("it can be written");
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn screens_that_use_the_outbox_keep_it_where_it_is() {
    let data = data_dir();
    let mut program = started(data.path());
    log(&mut program, "lunch 650");
    program.wait_for("consumed 650");
    program.press("q");
    program.wait_exit();
    let mut program = as_a_job(data.path());
    program.wait_for("● live");
    program.wait_for("consumed 650");
    // Stopped, they send nothing, and have the file open.
    program.press("\x1a");
    program.wait_for("stopped");
    let whole = std::fs::read(data.path().join("outbox.db")).expect("a file");
    damage(&data.path().join("outbox.db"));
    let refused = text(&run(data.path(), &["doctor", "--recover"]));
    assert!(
        refused.contains("another program uses") && refused.contains("nothing was changed"),
        "{refused}"
    );
    std::fs::write(data.path().join("outbox.db"), whole).expect("it can be written");
    program.press("\n");
    log(&mut program, "dinner 300");
    program.wait_for("consumed 950");
    program.press("q");
    program.wait_exit();
}

#[test]
fn screens_on_a_damaged_outbox_save_into_the_recovered_one() {
    let data = data_dir();
    let mut program = started(data.path());
    log(&mut program, "lunch 650");
    program.wait_for("consumed 650");
    program.press("q");
    program.wait_exit();
    let path = data.path().join("outbox.db");
    std::fs::write(&path, "no database").expect("it can be written");

    let mut program = Program::screens(data.path(), 160, 40);
    program.wait_for("is damaged");
    let recovered = text(&run(data.path(), &["doctor", "--recover"]));
    assert!(recovered.contains("outbox.db is new"), "{recovered}");
    log(&mut program, "dinner 300");
    program.wait_for("consumed 950");
    program.wait_gone("queued");
    program.press("q");
    program.wait_exit();
}
