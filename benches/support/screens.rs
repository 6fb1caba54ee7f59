//! Starts and ends the real program's screens for benches.

use std::{path::Path, time::Duration};

use crate::terminal::Program;

pub(crate) const COLUMNS: u16 = 120;
pub(crate) const ROWS: u16 = 40;
pub(crate) const WELCOME: &str = "Press Enter to start on this computer";

/// Starts on a new data directory, creates the account, and waits until the screens are live.
pub(crate) fn started(data: &Path) -> Program {
    let mut program = Program::screens(data, COLUMNS, ROWS);
    program.wait_for(WELCOME);
    program.press("\r");
    program.wait_for("live");
    program
}

/// Starts on a data directory with an account, and waits until the screens are live.
pub(crate) fn live(data: &Path) -> Program {
    let program = Program::screens(data, COLUMNS, ROWS);
    program.wait_for("live");
    program
}

pub(crate) fn quit(mut program: Program) {
    program.press("q");
    program.wait_exit();
}

/// The times from each start to its first full frame.
pub(crate) fn starts(data: &Path, times: usize) -> Vec<Duration> {
    let start = |_| {
        let program = Program::screens(data, COLUMNS, ROWS);
        // The totals line and the footer are the last of a full frame.
        let shown = program.wait_until("Today", |screen| {
            let text = screen.contents();
            text.contains("consumed ") && text.contains("quit")
        });
        let took = shown - program.started;
        program.wait_for("live");
        quit(program);
        took
    };
    (0..times).map(start).collect()
}
