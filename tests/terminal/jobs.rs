//! Programs that are stopped by a key, a shell or a signal: programs on the same directory report it instead of waiting.

use super::*;

/// The screens as a job of a shell, on a live Today.
fn live_job(data: &Path) -> Program {
    let mut program = as_a_job(data);
    program.wait_for("Press Enter to start on this computer");
    program.press("\r");
    program.wait_for("● live");
    program
}

fn logged(data: &Path, line: &str) {
    let done = run(data, &["add", line]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn suspended_screens_release_the_box_and_host_it_again() {
    let data = data_dir();
    let mut program = live_job(data.path());
    program.press("\x1a");
    program.wait_for("stopped");
    logged(data.path(), "lunch 201");
    program.press("\n");
    program.wait_for("consumed 201");
    program.wait_for("● live");
    logged(data.path(), "dinner 300");
    program.wait_for("consumed 501");

    // SIGTSTP has the same effect as the key.
    let mut again = live_again(program, data.path());
    kill("TSTP", &host(data.path()));
    again.wait_for("stopped");
    logged(data.path(), "snacks 99");
    again.press("\n");
    again.wait_for("consumed 600");
    again.press("q");
    again.wait_exit();
}

/// The next job on the same directory.
fn live_again(mut before: Program, data: &Path) -> Program {
    before.press("q");
    before.wait_exit();
    let program = as_a_job(data);
    program.wait_for("● live");
    program
}

#[test]
fn screens_beside_suspended_ones_continue_and_are_joined() {
    let data = data_dir();
    let mut first = live_job(data.path());
    let mut second = Program::screens(data.path(), 120, 40);
    second.wait_for("● live");
    first.press("\x1a");
    first.wait_for("stopped");
    log(&mut second, "lunch 300");
    second.wait_for("consumed 300");
    first.press("\n");
    first.wait_for("consumed 300");
    log(&mut first, "dinner 400");
    second.wait_for("consumed 700");
}

/// Waits until a process is stopped by a signal (state `T` of proc(5)). An earlier `fg` would continue it before it stops.
#[cfg(target_os = "linux")]
fn wait_stopped(process: &str) {
    let deadline = std::time::Instant::now() + terminal::PATIENCE;
    loop {
        let status = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("a process");
        let (_, state) = status.rsplit_once(") ").expect("a state behind the name");
        if state.starts_with('T') {
            return;
        }
        assert!(std::time::Instant::now() < deadline, "{status}");
        std::thread::yield_now();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn screens_that_are_continued_in_the_background_stop_again_without_the_box() {
    let data = data_dir();
    let mut command = CommandBuilder::new("/bin/sh");
    let script = format!("'{BINARY}'; bg; echo continued; read line; fg");
    command.args(["-m", "-c", &script]);
    let mut program = Program::spawn(command, data.path(), 120, 40);
    program.wait_for("Press Enter to start on this computer");
    program.press("\r");
    program.wait_for("● live");
    let screens = host(data.path());
    program.press("\x1a");
    program.wait_for("continued");
    logged(data.path(), "lunch 201");
    wait_stopped(&screens);
    assert!(!program.inspect(vt100::Screen::alternate_screen));
    program.press("\n");
    program.wait_for("consumed 201");
    program.press("q");
    program.wait_exit();
}

/// The shell sets the terminal's modes while it is in the foreground.
#[cfg(target_os = "linux")]
#[test]
fn screens_that_were_stopped_by_sigstop_are_continued_by_one_fg() {
    for in_the_background in [false, true] {
        let data = data_dir();
        let mut command = CommandBuilder::new("/bin/sh");
        // The blank parts the word from what was under the cursor.
        let script = format!("'{BINARY}'; stty sane; echo ' stopped'; read line; fg");
        command.args(["-m", "-c", &script]);
        let mut program = Program::spawn(command, data.path(), 120, 40);
        program.wait_for("Press Enter to start on this computer");
        program.press("\r");
        program.wait_for("● live");
        // The last frame: one that is cut by the signal would hide the shell's word.
        program.wait_for("consumed 0");
        let screens = host(data.path());
        kill("STOP", &screens);
        program.wait_for("stopped");
        if in_the_background {
            kill("CONT", &screens);
            program.wait_until("the shell's screen", |screen| !screen.alternate_screen());
            logged(data.path(), "lunch 201");
            wait_stopped(&screens);
        }
        program.press("\n");
        program.wait_until("the screens", |screen| {
            screen.alternate_screen() && !screen.contents().contains("stopped")
        });
        program.wait_for("● live");
        program.wait_for(if in_the_background {
            "consumed 201"
        } else {
            "consumed 0"
        });
        // In raw mode, a key arrives without the end of a line.
        program.press("q");
        program.wait_exit();
    }
}

#[test]
fn a_suspended_serve_releases_the_box_and_serves_the_same_port_again() {
    let data = data_dir();
    let mut command = CommandBuilder::new("/bin/sh");
    let script = format!("'{BINARY}' serve --listen 127.0.0.1:0; echo ' stopped'; read line; fg");
    command.args(["-m", "-c", &script]);
    let mut program = Program::spawn(command, data.path(), 200, 40);
    program.wait_for("graphqlEndpoint");
    let shown = program.contents();
    let (_, address) = shown
        .split_once(r#""cognitoEndpoint":"http://"#)
        .expect("an address");
    let address = address.split('"').next().expect("an address").to_owned();
    program.press("\x1a");
    program.wait_for("stopped");
    logged(data.path(), "lunch 201");
    program.press("\n");
    let deadline = std::time::Instant::now() + terminal::PATIENCE;
    while std::net::TcpStream::connect(&address).is_err() {
        assert!(std::time::Instant::now() < deadline, "{}", program.contents());
        std::thread::yield_now();
    }
    // It hosts the box again, and commands join it.
    logged(data.path(), "dinner 300");
    assert_eq!(program.contents().matches("graphqlEndpoint").count(), 1);
    program.press("\x03");
    program.wait_exit();
}

/// SIGSTOP can't be caught, so the box can't be released: other programs report its host and the remedy.
#[test]
fn a_host_that_was_stopped_by_sigstop_is_named_by_each_program_that_waits_for_it() {
    let data = data_dir();
    let mut first = started(data.path());
    let mut guest = Program::screens(data.path(), 120, 40);
    guest.wait_for("● live");
    let pid = first.pid().to_string();
    assert_eq!(host(data.path()), pid);
    first.signal("STOP");

    let advice = format!("kill -CONT {pid}");
    // The copy of the day is shown, and the entry is queued.
    for (arguments, code) in [
        (&["today"][..], 0),
        (&["add", "lunch 650"], 4),
        (&["sign-in"], 4),
        (&["doctor"], 4),
    ] {
        let failed = run(data.path(), arguments);
        let report = String::from_utf8_lossy(&[failed.stdout, failed.stderr].concat()).into_owned();
        assert_eq!(failed.status.code(), Some(code), "{arguments:?}: {report}");
        assert!(
            report.contains(&format!("process {pid} (the screens)")),
            "{report}"
        );
        assert!(report.contains(&advice) && report.contains("`fg`"), "{report}");
        assert!(
            !report.contains("proxy") && !report.contains("network"),
            "{report}"
        );
    }
    // Screens that start now report it, and so do those that it hosts.
    let late = Program::screens(data.path(), 120, 40);
    late.wait_for(&advice);
    log(&mut guest, "lunch 650");
    guest.wait_for(&advice);

    first.signal("CONT");
    late.wait_for("● live");
    // Both entries are in the outbox, and follow by themselves.
    guest.wait_for("consumed 1300");
    late.wait_for("consumed 1300");
    first.wait_for("consumed 1300");
}
