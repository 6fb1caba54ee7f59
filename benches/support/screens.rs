//! The real program's screens, as benches start and end them.

use std::{path::Path, time::Duration};

use crate::terminal::Program;

pub(crate) const COLUMNS: u16 = 120;
pub(crate) const ROWS: u16 = 40;
pub(crate) const WELCOME: &str = "Press Enter to start on this computer";

/// On a new data directory: makes the account, and waits until it is live.
pub(crate) fn started(data: &Path) -> Program {
    let mut program = Program::screens(data, COLUMNS, ROWS);
    program.wait_for(WELCOME);
    program.press("\r");
    program.wait_for("live");
    program
}

/// On a data directory with an account, live.
pub(crate) fn live(data: &Path) -> Program {
    let program = Program::screens(data, COLUMNS, ROWS);
    program.wait_for("live");
    program
}

pub(crate) fn quit(mut program: Program) {
    program.press("q");
    program.wait_exit();
}

/// From each start to its first full frame.
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
