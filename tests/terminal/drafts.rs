//! What is typed and not saved: it stays with its program, and is there after that has ended.

use super::*;

#[test]
fn a_typed_line_is_there_after_the_program_was_ended() {
    let data = data_dir();
    drop(started(data.path()));
    for (round, end) in ["TERM", "HUP", "INT", "\x03", "\x1bq"].into_iter().enumerate() {
        let mut program = Program::screens(data.path(), 80, 24);
        program.wait_for("● live");
        let line = format!("lunch 99{round} draft");
        program.press("a");
        program.wait_for("Add to today");
        // What the round before left.
        program.press("\x15");
        program.press(&line);
        program.wait_for(&line);
        match end {
            "TERM" | "HUP" | "INT" => program.signal(end),
            "\x1bq" => {
                program.press("\x1b");
                program.wait_gone("Add to today");
                program.press("q");
            }
            key => program.press(key),
        }
        program.wait_exit();
        let mut again = Program::screens(data.path(), 80, 24);
        again.wait_for(&format!("not logged yet: `{line}`; a continues it"));
        again.press("a");
        again.wait_for(&format!("› {line}"));
        again.press("\x03");
        again.wait_exit();
    }
}

#[test]
fn a_draft_stays_with_its_program_until_that_ends() {
    let data = data_dir();
    let mut program = as_a_job(data.path());
    program.wait_for("Press Enter to start on this computer");
    program.press("\r");
    program.wait_for("● live");
    program.press("a");
    program.wait_for("Add to today");
    program.press("lunch 998 draft");
    program.wait_for("› lunch 998 draft");
    // It is stored before the program stops.
    program.press("\x1a");
    program.wait_for("stopped");

    let mut second = Program::screens(data.path(), 80, 24);
    second.wait_for("● live");
    second.press("a");
    second.wait_for("Add to today");
    second.press("dinner 1 own");
    second.wait_for("› dinner 1 own");
    second.press("\x15\x1b");
    second.wait_gone("Add to today");
    second.signal("KILL");
    second.wait_exit();

    program.press("\n");
    program.wait_for("› lunch 998 draft");
    program.press("\x03");
    program.wait_exit();
    let third = Program::screens(data.path(), 80, 24);
    third.wait_for("not logged yet: `lunch 998 draft`; a continues it");
}

/// Takes the permission to write from everything below a directory. Root may write nevertheless, and hands it to another user.
#[cfg(target_os = "linux")]
fn read_only(data: &Path) -> CommandBuilder {
    let change = |program: &str, argument: &str| {
        let status = Command::new(program).args(["-R", argument]).arg(data).status();
        assert!(status.expect("it runs").success());
    };
    let user = Command::new("id").arg("-u").output().expect("id(1) runs");
    let is_root = user.stdout == b"0\n";
    if is_root {
        change("chown", "65534:65534");
    }
    change("chmod", "a-w");
    if !is_root {
        return CommandBuilder::new(BINARY);
    }
    let mut command = CommandBuilder::new("/usr/bin/setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", BINARY]);
    command
}

#[cfg(target_os = "linux")]
#[test]
fn a_directory_that_can_t_be_written_is_shown_and_keeps_what_is_typed() {
    let data = data_dir();
    let mut program = started(data.path());
    log(&mut program, "lunch 650");
    program.wait_for("consumed 650");
    program.press("q");
    program.wait_exit();

    let mut program = Program::spawn(read_only(data.path()), data.path(), 120, 40);
    program.wait_for("consumed 650");
    program.wait_for("can't be written");
    // It is reported once.
    program.press("k");
    program.wait_gone("can't be written");
    log(&mut program, "dinner 300");
    program.wait_for("Nothing was changed");
    program.wait_for("› dinner 300");
    program.press("\x03");
    assert!(program.wait_exit().success());
    let status = Command::new("chmod")
        .args(["-R", "u+w"])
        .arg(data.path())
        .status();
    assert!(status.expect("it runs").success());
}

#[test]
fn a_typed_weight_is_there_after_the_program_was_ended() {
    let data = data_dir();
    drop(started(data.path()));
    for (round, end) in ["TERM", "HUP", "\x03", "KILL"].into_iter().enumerate() {
        let mut program = Program::screens(data.path(), 100, 30);
        program.wait_for("● live");
        program.press("w");
        program.wait_for("Weight on");
        // What the round before left.
        program.press("\x15");
        let text = format!("80.{round}");
        program.press(&text);
        program.wait_for(&text);
        match end {
            "KILL" => {
                // Esc leaves it, and what was left is stored within a second or so.
                program.press("\x1b");
                program.wait_gone("Weight on");
                wait_for_draft(data.path(), &text);
                program.signal(end);
            }
            "\x03" => program.press(end),
            end => program.signal(end),
        }
        program.wait_exit();
        let mut again = Program::screens(data.path(), 100, 30);
        again.wait_for("not saved yet: weight on");
        again.press("w");
        again.wait_for(&text);
        again.press("\x03");
        again.wait_exit();
    }
}

/// Waits until a text is in the copy of the log, which has the drafts.
fn wait_for_draft(data: &Path, text: &str) {
    let deadline = std::time::Instant::now() + terminal::PATIENCE;
    let has_text = |name: &str| {
        let bytes = std::fs::read(data.join(name)).unwrap_or_default();
        bytes.windows(text.len()).any(|part| part == text.as_bytes())
    };
    while !has_text("cache.db") && !has_text("cache.db-wal") {
        assert!(std::time::Instant::now() < deadline, "no draft is stored");
        std::thread::yield_now();
    }
}
