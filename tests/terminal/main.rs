//! The real program in a pty, behind a terminal emulator.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a broken assumption ends a test"
)]

#[path = "../support/terminal.rs"]
mod terminal;

#[cfg(debug_assertions)]
mod panics;
mod sessions;
mod system;
mod whole_loop;

use std::{
    path::Path,
    process::{Command, Output},
};

use terminal::Program;

const BINARY: &str = env!("CARGO_BIN_EXE_caltrack-tui");

fn data_dir() -> tempfile::TempDir {
    tempfile::tempdir().expect("a directory")
}

/// Starts on a fresh directory and presses Enter; ends on a live Today.
fn started(data: &Path) -> Program {
    let mut program = Program::screens(data, 120, 40);
    program.wait_for("Press Enter to start on this computer");
    program.press("\r");
    program.wait_for("live");
    program
}

/// Types a line into the quick line.
fn log(program: &mut Program, line: &str) {
    program.press("a");
    program.press(line);
    program.wait_for(line);
    program.press("\r");
}

/// Runs a command.
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
