//! The terminal, the log and the data after a panic. Only builds with debug assertions panic on demand (CONTRIBUTING.md).

use portable_pty::CommandBuilder;

use super::*;

/// Runs a shell script whose program panics in its second frame.
fn panicking(data: &Path, script: &str) -> Program {
    let mut command = CommandBuilder::new("/bin/sh");
    command.args(["-c", script]);
    command.env("CALTRACK_TEST_PANIC", "1");
    command.env("RUST_BACKTRACE", "0");
    let mut program = Program::spawn(command, data, 120, 40);
    program.wait_for("Press Enter to start on this computer");
    program.press("j");
    program
}

#[test]
fn a_panic_restores_the_terminal_and_its_report_stays_readable() {
    let data = data_dir();
    let script = format!("echo before; '{BINARY}'; echo \"ended by $?\"; stty -a; read line");
    let mut program = panicking(data.path(), &script);
    program.wait_for("ended by 101");
    program.wait_for("icanon");
    program.look(|screen| {
        assert!(!screen.alternate_screen());
        assert!(!screen.hide_cursor());
        assert!(!screen.bracketed_paste());
    });
    let shown = program.contents();
    let order = ["before", "requested by", "in the log: ", "ended by", "icanon"].map(|text| shown.find(text));
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{shown}");
    assert!(!shown.contains("Press Enter"), "{shown}");
    for mode in ["-icanon", "-echo ", "-isig", "-opost", "-icrnl"] {
        assert!(!shown.contains(mode), "{mode} after a panic:\n{shown}");
    }
    program.press("\n");
    program.wait_exit();
}

#[test]
fn a_panic_is_reported_on_standard_error_with_the_path_of_the_log() {
    let data = data_dir();
    let elsewhere = data_dir();
    let errors = elsewhere.path().join("errors");
    let script = format!("exec '{BINARY}' 2>'{}'", errors.display());
    let mut program = panicking(data.path(), &script);
    assert_eq!(program.wait_exit().exit_code(), 101);
    let report = std::fs::read_to_string(errors).expect("a report");
    let reason = "requested by CALTRACK_TEST_PANIC";
    let log = data.path().join("log");
    assert!(report.contains(reason), "{report}");
    assert!(
        report.contains(&format!("in the log: {}", log.display())),
        "{report}"
    );
    assert!(!report.contains("\u{1b}[?"), "{report}");
    assert!(!program.contents().contains(reason));
    assert!(!program.look(vt100::Screen::alternate_screen));

    let logged = std::fs::read_dir(log).expect("the log").any(|file| {
        let file = file.expect("a log file").path();
        std::fs::read_to_string(file).expect("a log").contains(reason)
    });
    assert!(logged);
}

#[test]
fn after_a_panic_the_next_start_finds_everything() {
    let data = data_dir();
    assert!(
        run(data.path(), &["log", "Food", "Lunch", "650"])
            .status
            .success()
    );
    let script = format!("exec '{BINARY}'");
    let mut command = CommandBuilder::new("/bin/sh");
    command.args(["-c", &script]);
    command.env("CALTRACK_TEST_PANIC", "1");
    let mut program = Program::spawn(command, data.path(), 120, 40);
    assert_eq!(program.wait_exit().exit_code(), 101);
    let mut program = Program::screens(data.path(), 120, 40);
    program.wait_for("● live");
    program.wait_for("consumed 650");
    program.press("q");
    assert!(program.wait_exit().success());
}
