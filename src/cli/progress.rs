//! The progress of an import, a restore or a copy, on standard error.

use std::{
    io::{self, IsTerminal as _, Write as _},
    time::{Duration, Instant},
};

use super::notice::notice;

/// The time between two reports: a terminal shows each in the same line.
const AT_TERMINAL: Duration = Duration::from_millis(100);
const ELSEWHERE: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(super) struct Progress {
    all: usize,
    last: Instant,
    is_terminal: bool,
    is_shown: bool,
}

impl Progress {
    pub(super) fn of(all: usize) -> Self {
        Self {
            all,
            last: Instant::now(),
            is_terminal: io::stderr().is_terminal(),
            is_shown: false,
        }
    }

    /// Reports how many rows are done, if it is time to.
    pub(super) fn report(&mut self, done: usize) {
        let pause = if self.is_terminal { AT_TERMINAL } else { ELSEWHERE };
        if self.last.elapsed() < pause {
            return;
        }
        self.last = Instant::now();
        let text = format!("{done} of {} rows", self.all);
        if self.is_terminal {
            self.is_shown = true;
            // Standard error may be closed.
            let _ = write!(io::stderr(), "\r{text} ");
        } else {
            notice(&text);
        }
    }

    /// Ends the line of the terminal.
    pub(super) fn end(&self) {
        if self.is_shown {
            let _ = writeln!(io::stderr());
        }
    }
}
