//! The password prompt: whatever interrupts it, the terminal is as it was.

use super::*;

/// Runs `sign-up` by a shell that says afterwards how it ended and how the terminal is. The program's number is in a file.
fn asked(place: &Path, shell: &[&str]) -> Program {
    asked_by(place, shell, "stty -a")
}

/// As [`asked`], by a shell that runs a command when the program has ended or stopped.
fn asked_by(place: &Path, shell: &[&str], after: &str) -> Program {
    let number = place.join("number");
    let script = format!(
        "sh -c 'echo $$ >\"{}\"; exec \"{BINARY}\" sign-up bob'; echo \"ended by $?\"; {after}; read line; fg; echo \"then by $?\"",
        number.display()
    );
    let mut command = CommandBuilder::new("/bin/sh");
    command.args(shell);
    command.args(["-c", &script]);
    let program = Program::spawn(command, &place.join("data"), 120, 40);
    program.wait_for("New password of bob");
    program
}

fn number(place: &Path) -> String {
    let number = std::fs::read_to_string(place.join("number")).expect("a number");
    number.trim().to_owned()
}

fn assert_restored(program: &Program, after: &str) {
    program.wait_for("icanon");
    program.wait_for("min = ");
    let shown = program.contents();
    for mode in ["-icanon", "-echo ", "-isig", "-opost", "-icrnl"] {
        assert!(!shown.contains(mode), "{mode} after {after}:\n{shown}");
    }
}

#[test]
fn a_signal_at_the_prompt_gives_the_terminal_back() {
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129), ("QUIT", 131)] {
        let data = data_dir();
        let program = asked(data.path(), &[]);
        kill(signal, &number(data.path()));
        program.wait_for(&format!("ended by {code}"));
        assert_restored(&program, signal);
    }
}

#[test]
fn ctrl_c_at_the_prompt_interrupts() {
    let data = data_dir();
    let mut program = asked(data.path(), &["-m"]);
    program.press("Correct\x03");
    program.wait_for("ended by 130");
    assert_restored(&program, "Ctrl-C");
    assert!(!program.contents().contains("Correct"));
}

/// The command hosts the box, and releases it as well.
#[test]
fn ctrl_z_at_the_prompt_stops_and_the_shell_brings_the_question_back() {
    let data = data_dir();
    let mut program = asked(data.path(), &["-m"]);
    program.press("Correct-\x1a");
    program.wait_for("ended by");
    assert_restored(&program, "Ctrl-Z");
    assert!(run(&data.path().join("data"), &["today"]).status.success());

    program.press("\n");
    let asked_twice = |screen: &vt100::Screen| screen.contents().matches("New password of bob").count() == 2;
    program.wait_until("the question again", asked_twice);
    // What was typed before is kept.
    program.press("Horse-7!\r");
    program.wait_for("The same again");
    program.press("Correct-Horse-7!\r");
    program.wait_for("made the account bob");
    program.wait_for("then by 0");
}

/// A stop that can't be caught leaves the modes to the shell, and `fg` must not show what is typed.
#[test]
fn a_prompt_that_was_stopped_by_force_hides_what_is_typed_after_fg() {
    let data = data_dir();
    let mut program = asked_by(data.path(), &["-m"], "stty sane");
    kill("STOP", &number(data.path()));
    program.wait_for("ended by");
    program.press("\n");
    let asked_twice = |screen: &vt100::Screen| screen.contents().matches("New password of bob").count() == 2;
    program.wait_until("the question again", asked_twice);
    program.press("Correct-Horse-7!\r");
    program.wait_for("The same again");
    assert!(!program.contents().contains("Correct"), "{}", program.contents());
}

/// timeout(1) puts its command in the background: it must not be stopped along with it.
#[cfg(target_os = "linux")]
#[test]
fn a_prompt_without_the_terminal_is_ended_by_timeout() {
    let data = data_dir();
    let mut command = CommandBuilder::new("/bin/sh");
    let script = format!("timeout 1 '{BINARY}' sign-up bob; echo \"ended by $?\"; stty -a; read line");
    command.args(["-c", &script]);
    let program = Program::spawn(command, &data.path().join("data"), 120, 40);
    program.wait_for("ended by 124");
    assert_restored(&program, "timeout");
}
