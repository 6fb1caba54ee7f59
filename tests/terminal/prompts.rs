//! The password prompt: the terminal is restored after every interruption.

use super::*;

/// Runs `sign-up` in a shell that prints the exit code and the terminal's modes afterwards. The process id is in a file.
fn prompted(place: &Path, shell: &[&str]) -> Program {
    prompted_before(place, shell, "stty -a")
}

/// As [`prompted`], with the shell's command for when the program has ended or stopped.
fn prompted_before(place: &Path, shell: &[&str], after: &str) -> Program {
    let pid = place.join("pid");
    let script = format!(
        "sh -c 'echo $$ >\"{}\"; exec \"{BINARY}\" sign-up bob'; echo \"ended by $?\"; {after}; read line; fg; echo \"then by $?\"",
        pid.display()
    );
    let mut command = CommandBuilder::new("/bin/sh");
    command.args(shell);
    command.args(["-c", &script]);
    let program = Program::spawn(command, &place.join("data"), 120, 40);
    program.wait_for("New password of bob");
    program
}

fn pid(place: &Path) -> String {
    let pid = std::fs::read_to_string(place.join("pid")).expect("a process id");
    pid.trim().to_owned()
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
fn a_signal_at_the_prompt_restores_the_terminal() {
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129), ("QUIT", 131)] {
        let data = data_dir();
        let program = prompted(data.path(), &[]);
        kill(signal, &pid(data.path()));
        program.wait_for(&format!("ended by {code}"));
        assert_restored(&program, signal);
    }
}

#[test]
fn ctrl_c_at_the_prompt_interrupts() {
    let data = data_dir();
    let mut program = prompted(data.path(), &["-m"]);
    program.press("Correct\x03");
    program.wait_for("ended by 130");
    assert_restored(&program, "Ctrl-C");
    assert!(!program.contents().contains("Correct"));
}

/// The command hosts the box, and releases it while it is stopped.
#[test]
fn ctrl_z_at_the_prompt_stops_and_fg_asks_again() {
    let data = data_dir();
    let mut program = prompted(data.path(), &["-m"]);
    program.press("Correct-\x1a");
    program.wait_for("ended by");
    assert_restored(&program, "Ctrl-Z");
    assert!(run(&data.path().join("data"), &["today"]).status.success());

    program.press("\n");
    let asked_twice = |screen: &vt100::Screen| screen.contents().matches("New password of bob").count() == 2;
    program.wait_until("the question again", asked_twice);
    // What was typed before is kept.
    program.press("Horse-7!\r");
    program.wait_for("New password again");
    program.press("Correct-Horse-7!\r");
    program.wait_for("created the account bob");
    program.wait_for("then by 0");
}

/// SIGSTOP can't be caught: the shell sets the modes, and after `fg` the password must not be echoed.
#[test]
fn a_prompt_that_was_stopped_by_sigstop_hides_the_password_after_fg() {
    let data = data_dir();
    let mut program = prompted_before(data.path(), &["-m"], "stty sane");
    kill("STOP", &pid(data.path()));
    program.wait_for("ended by");
    program.press("\n");
    let asked_twice = |screen: &vt100::Screen| screen.contents().matches("New password of bob").count() == 2;
    program.wait_until("the question again", asked_twice);
    program.press("Correct-Horse-7!\r");
    program.wait_for("New password again");
    assert!(!program.contents().contains("Correct"), "{}", program.contents());
}

/// timeout(1) runs its command in the background; the prompt must end by its signal instead of stopping (SIGTTIN).
#[cfg(target_os = "linux")]
#[test]
fn a_prompt_in_the_background_is_ended_by_timeout() {
    let data = data_dir();
    let mut command = CommandBuilder::new("/bin/sh");
    let script = format!("timeout 1 '{BINARY}' sign-up bob; echo \"ended by $?\"; stty -a; read line");
    command.args(["-c", &script]);
    let program = Program::spawn(command, &data.path().join("data"), 120, 40);
    program.wait_for("ended by 124");
    assert_restored(&program, "timeout");
}
