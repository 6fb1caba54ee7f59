//! The real program in a pty, behind a terminal emulator.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a broken assumption ends a test"
)]

#[path = "../support/terminal.rs"]
mod terminal;

#[cfg(target_os = "linux")]
mod clock;
mod demo;
mod drafts;
mod import;
mod jobs;
mod keys;
mod live_screens;
mod outbox;
#[cfg(debug_assertions)]
mod panics;
mod prompts;
mod real_day;
mod recovery;
mod same_numbers;
mod sessions;
mod system;
mod whole_account;
mod whole_loop;

use std::{
    path::Path,
    process::{Command, Output},
};

use portable_pty::CommandBuilder;
use terminal::Program;

const BINARY: &str = env!("CARGO_BIN_EXE_caltrack-tui");

fn data_dir() -> tempfile::TempDir {
    tempfile::tempdir().expect("a directory")
}

/// Starts on a fresh directory, presses Enter and waits for a live Today.
fn started(data: &Path) -> Program {
    let mut program = Program::screens(data, 120, 40);
    program.wait_for("Press Enter to start on this computer");
    program.press("\r");
    program.wait_for("● live");
    program
}

/// Starts the screens as a job of a shell. Once they are stopped, Enter continues them in the foreground.
fn as_a_job(data: &Path) -> Program {
    let mut command = CommandBuilder::new("/bin/sh");
    command.args(["-m", "-c", &format!("'{BINARY}'; echo stopped; read line; fg")]);
    Program::spawn(command, data, 120, 40)
}

/// The id of the process that hosts the box of a data directory, from its lock file.
fn host(data: &Path) -> String {
    let text = std::fs::read_to_string(data.join("backend.lock")).expect("a lock file");
    let number = text
        .strip_prefix("process ")
        .and_then(|rest| rest.split_once(' '));
    number.expect("the host's id").0.to_owned()
}

/// Sends a signal, such as `TERM`, by kill(1).
fn kill(signal: &str, process: &str) {
    let status = Command::new("kill")
        .args([&format!("-{signal}"), process])
        .status();
    assert!(status.expect("kill(1) runs").success());
}

/// Logs a line.
fn log(program: &mut Program, line: &str) {
    program.press("a");
    program.press(line);
    program.wait_for(line);
    program.press("\r");
}

/// Runs a command of the program to its end.
fn run(data: &Path, arguments: &[&str]) -> Output {
    Command::new(BINARY)
        .args(arguments)
        .env("CALTRACK_DATA_DIR", data)
        .env("TZ", terminal::noon::zone())
        .env_remove("CALTRACK_PROFILE")
        .env_remove("CALTRACK_CONFIG")
        .output()
        .expect("the program runs")
}
