//! Signals, and stopping and continuing as a job of a shell.

use std::{io, time::Duration};

use rustix::{
    io::Errno,
    process::{
        Signal as Number, getpgrp, getpid, getsid, kill_current_process_group, kill_process,
        test_kill_process,
    },
};
use tokio::signal::unix::{Signal as Stream, SignalKind, signal};

use super::keys::Source;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// End: SIGTERM, SIGINT, SIGQUIT, or SIGHUP because the terminal was closed. The signal's number.
    Terminate(i32),
    /// Stop until continued: SIGTSTP, by Ctrl-Z or from another process.
    Stop,
    /// It was continued after a stop: another program has used the terminal.
    Continue,
    /// The terminal has another size.
    WindowChange,
}

/// Asks this program and the other processes of its job to stop, as the terminal does for Ctrl-Z.
///
/// # Errors
///
/// The signal can't be sent.
pub(crate) fn ask_to_stop() -> io::Result<()> {
    Ok(kill_current_process_group(Number::TSTP)?)
}

/// Asks this program alone to stop, since it needs the terminal and another job has it. Other processes of its job, such as
/// `timeout`, continue.
///
/// # Errors
///
/// The signal can't be sent.
pub(crate) fn ask_to_stop_alone() -> io::Result<()> {
    Ok(kill_process(getpid(), Number::TSTP)?)
}

/// Interrupts this program and the other processes of its job, as the terminal does for Ctrl-C.
///
/// # Errors
///
/// The signal can't be sent.
pub(crate) fn ask_to_end() -> io::Result<()> {
    Ok(kill_current_process_group(Number::INT)?)
}

/// The signals that end a program, for programs that have changed the terminal's mode.
pub(crate) struct TerminationSignals {
    terminate: Stream,
    interrupt: Stream,
    quit: Stream,
    hang_up: Stream,
}

impl TerminationSignals {
    /// Starts listening. This replaces the system's default action for the rest of the process.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// The next one's number.
    pub(crate) async fn next(&mut self) -> i32 {
        let number = tokio::select! {
            _ = self.terminate.recv() => Number::TERM,
            _ = self.interrupt.recv() => Number::INT,
            _ = self.quit.recv() => Number::QUIT,
            _ = self.hang_up.recv() => Number::HUP,
        };
        number.as_raw()
    }
}

/// The signals of job control.
pub(crate) struct JobControl {
    stop: Stream,
    resume: Stream,
}

/// The time between the stops of a job that is continued in the background. It stops again, as if it had used the terminal;
/// a signal that ends it arrives together with the one that continues it.
const BETWEEN: Duration = Duration::from_millis(50);

impl JobControl {
    /// Starts listening. This replaces the system's default action for the rest of the process.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            stop: signal(SignalKind::from_raw(Number::TSTP.as_raw()))?,
            resume: signal(SignalKind::from_raw(Number::CONT.as_raw()))?,
        })
    }

    pub(crate) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.stop.recv() => Signal::Stop,
            _ = self.resume.recv() => Signal::Continue,
        }
    }

    /// Whether a shell can continue a stopped job. A process group without one can't be stopped from the
    /// terminal: the system ignores SIGTSTP (POSIX, "orphaned process group"), and so must a program that catches it. A
    /// session's leader has none; other groups have one for as long as the leader lives.
    pub(crate) fn can_be_resumed() -> bool {
        let Ok(leader) = getsid(None) else {
            return false;
        };
        leader != getpgrp() && matches!(test_kill_process(leader), Ok(()) | Err(Errno::PERM))
    }

    /// Stops this process until it is continued; if it needs the terminal, in the foreground. The terminal and the box
    /// must have been released before.
    ///
    /// # Errors
    ///
    /// The process can't send itself SIGSTOP.
    pub(crate) async fn stop_here(&mut self, needs_terminal: bool) -> io::Result<()> {
        loop {
            // An earlier SIGCONT doesn't count.
            while futures_util::FutureExt::now_or_never(self.resume.recv()).is_some() {}
            kill_process(getpid(), Number::STOP)?;
            // The stop may come a moment later than the call returns.
            self.resume.recv().await;
            if !needs_terminal || in_foreground() {
                return Ok(());
            }
            tokio::time::sleep(BETWEEN).await;
            // `fg` may follow `bg` at once.
            if in_foreground() {
                return Ok(());
            }
        }
    }

    /// Stops a job that was continued in the background until it is in the foreground, which it may be already.
    ///
    /// # Errors
    ///
    /// As [`Self::stop_here`].
    pub(crate) async fn stop_in_background(&mut self) -> io::Result<()> {
        if in_foreground() {
            return Ok(());
        }
        self.stop_here(true).await
    }
}

/// Whether this program is in the terminal's foreground; true if there is no terminal.
pub(crate) fn in_foreground() -> bool {
    let Ok(terminal) = Source::open() else {
        return true;
    };
    rustix::termios::tcgetpgrp(terminal).map_or(true, |group| group == getpgrp())
}

/// The signals that the screens listen to.
pub(super) struct Signals {
    endings: TerminationSignals,
    job: JobControl,
    /// A signal of the system, which the reader of keys can't lose.
    resize: Stream,
}

impl Signals {
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            endings: TerminationSignals::listen()?,
            job: JobControl::listen()?,
            resize: signal(SignalKind::window_change())?,
        })
    }

    pub(super) async fn next(&mut self) -> Signal {
        tokio::select! {
            number = self.endings.next() => Signal::Terminate(number),
            signal = self.job.next() => signal,
            _ = self.resize.recv() => Signal::WindowChange,
        }
    }

    /// Stops until it is continued; the number of a signal that ends the program where one comes first.
    pub(super) async fn stop_here(&mut self) -> io::Result<Option<i32>> {
        tokio::select! {
            biased;
            number = self.endings.next() => Ok(Some(number)),
            stopped = self.job.stop_here(true) => stopped.map(|()| None),
        }
    }

    /// As [`Signals::stop_here`], for a job that was continued in the background.
    pub(super) async fn stop_in_background(&mut self) -> io::Result<Option<i32>> {
        tokio::select! {
            biased;
            number = self.endings.next() => Ok(Some(number)),
            stopped = self.job.stop_in_background() => stopped.map(|()| None),
        }
    }
}
