//! The first frame, sizes, colours and the end of the terminal.

use super::*;

#[test]
fn a_fresh_directory_offers_to_start_here_and_to_sign_in() {
    let data = data_dir();
    let mut program = Program::screens(data.path(), 80, 24);
    program.wait_for("Press Enter to start on this computer");
    program.wait_for("Sign in");
    assert!(program.bytes() > 0);
    program.press("q");
    assert!(program.wait_exit().success());
    assert!(!program.contents().contains("Sign in"));
}

#[test]
fn ctrl_z_leaves_the_terminal_to_the_shell_until_fg() {
    let data = data_dir();
    let mut program = as_a_job(data.path());
    program.wait_for("Press Enter to start on this computer");
    program.press("\x1a");
    program.wait_for("stopped");
    program.inspect(|screen| {
        assert!(!screen.alternate_screen());
        assert!(!screen.hide_cursor());
        assert!(!screen.bracketed_paste());
    });
    program.press("\n");
    program.wait_gone("stopped");
    program.wait_until("the alternate screen", vt100::Screen::alternate_screen);
    program.wait_for("Press Enter to start on this computer");
    program.press("q");
    program.wait_exit();
}

#[test]
fn a_backend_that_can_t_be_opened_is_reported_on_the_whole_screen_and_after_it() {
    let data = data_dir();
    let backend = data.path().join("backend");
    std::fs::create_dir(&backend).expect("a directory");
    std::fs::write(backend.join("version"), "99\n").expect("a file");
    let mut program = Program::screens(data.path(), 80, 24);
    program.wait_for("can't start");
    program.wait_for("newer version");
    program.resize(40, 12);
    program.wait_for("q Quit");
    program.press("q");
    assert_eq!(program.wait_exit().exit_code(), 1);
    program.inspect(|screen| {
        assert!(!screen.alternate_screen());
        assert!(screen.contents().contains("newer"));
    });
}

#[test]
fn a_data_directory_that_can_t_be_made_is_reported_on_the_whole_screen() {
    let data = data_dir();
    let file = data.path().join("file");
    std::fs::write(&file, "a letter").expect("a file");
    let mut program = Program::screens(&file, 80, 24);
    program.wait_for("can't be written");
    program.signal("TERM");
    assert_eq!(program.wait_exit().exit_code(), 1);
    assert!(!program.inspect(vt100::Screen::alternate_screen));
}

#[test]
fn sixty_changes_of_size_break_nothing() {
    let data = data_dir();
    let mut program = Program::screens(data.path(), 120, 40);
    program.wait_for("Press Enter to start on this computer");
    for round in 0..60_u16 {
        let (columns, rows) = (1 + round * 37 % 200, 1 + round * 17 % 60);
        program.resize(columns, rows);
        program.press("jk");
    }
    program.resize(30, 8);
    program.wait_for("too small");
    program.resize(120, 40);
    program.wait_for("start on this computer");
    program.press("q");
    assert!(program.wait_exit().success());
}

#[test]
fn without_colours_nothing_is_coloured() {
    let data = data_dir();
    let mut command = CommandBuilder::new("/usr/bin/env");
    command.args(["NO_COLOR=1", BINARY]);
    let program = Program::spawn(command, data.path(), 80, 24);
    program.wait_for("Press Enter to start on this computer");
    program.inspect(|screen| {
        let (rows, columns) = screen.size();
        for row in 0..rows.get() {
            for column in 0..columns.get() {
                let cell = screen.cell(row, column).expect("a cell");
                assert_eq!(cell.fgcolor(), vt100::Color::Default);
                assert_eq!(cell.bgcolor(), vt100::Color::Default);
            }
        }
    });
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_that_closes_ends_the_program_even_without_a_signal() {
    let data = data_dir();
    // In a session of its own it gets no SIGHUP and has to detect the end by poll(2).
    ends_with_its_terminal(&data, &["/usr/bin/setsid", "--wait", BINARY]);
}

/// Keys are read from the controlling terminal then, and its end is detected there.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_that_closes_ends_the_program_without_a_standard_input() {
    let data = data_dir();
    // The shell leads the session: it alone gets SIGHUP, and ignores it.
    let script = format!("trap '' HUP; '{BINARY}' </dev/null; :");
    ends_with_its_terminal(&data, &["/bin/sh", "-c", &script]);
}

#[cfg(target_os = "linux")]
fn ends_with_its_terminal(data: &tempfile::TempDir, arguments: &[&str]) {
    let pty = portable_pty::native_pty_system()
        .openpty(portable_pty::PtySize::default())
        .expect("a pty");
    let mut command = CommandBuilder::from_argv(arguments.iter().map(Into::into).collect());
    command.cwd(data.path());
    command.env("CALTRACK_DATA_DIR", data.path());
    command.env("TERM", "xterm-256color");
    let mut session = pty.slave.spawn_command(command).expect("the program starts");
    drop(pty.slave);
    let mut shown = pty.master.try_clone_reader().expect("the pty's output");
    let mut start = [0; 512];
    std::io::Read::read_exact(&mut shown, &mut start).expect("a first frame");
    let log = run_until_hosted(data.path());
    drop((shown, pty.master));

    // The lock of the box is free once the program no longer hosts it.
    let (ended, end) = std::sync::mpsc::channel();
    std::thread::spawn(move || ended.send(log.lock()));
    end.recv_timeout(crate::terminal::PATIENCE)
        .expect("the program ends")
        .expect("a lock");
    drop(session.kill());
    drop(session.wait());
}

/// Waits until the program hosts the box, and opens the lock file.
#[cfg(target_os = "linux")]
fn run_until_hosted(data: &std::path::Path) -> std::fs::File {
    let deadline = std::time::Instant::now() + crate::terminal::PATIENCE;
    while !data.join("backend.sock").exists() {
        assert!(std::time::Instant::now() < deadline, "the box is not hosted");
        std::thread::yield_now();
    }
    std::fs::File::open(data.join("backend.lock")).expect("the lock's file")
}

/// A buffer of 65,535 × 65,535 cells would take 206 GB.
#[test]
fn a_terminal_that_claims_an_enormous_size_is_used_in_part() {
    use std::io::{Read as _, Write as _};

    let data = data_dir();
    let size = portable_pty::PtySize {
        rows: u16::MAX,
        cols: u16::MAX,
        ..portable_pty::PtySize::default()
    };
    let pty = portable_pty::native_pty_system().openpty(size).expect("a pty");
    let mut command = CommandBuilder::new(BINARY);
    command.env("CALTRACK_DATA_DIR", data.path());
    command.env("TERM", "xterm-256color");
    let mut program = pty.slave.spawn_command(command).expect("the program starts");
    drop(pty.slave);
    let mut shown = pty.master.try_clone_reader().expect("the pty's output");
    let mut keyboard = pty.master.take_writer().expect("the pty's input");
    let (drawn, frame) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let (mut text, mut chunk) = (Vec::new(), vec![0; 65_536]);
        while let Ok(length @ 1..) = shown.read(&mut chunk) {
            text.extend_from_slice(&chunk[..length]);
            if String::from_utf8_lossy(&text).contains("start on this computer") {
                // The test may be over.
                let _ = drawn.send(());
                text.clear();
            }
        }
    });
    frame
        .recv_timeout(crate::terminal::PATIENCE)
        .expect("a first frame");
    keyboard.write_all(b"q").expect("the program reads");
    assert!(program.wait().expect("an end").success());
}
