//! What the system tells a program from outside.

use std::io;

use crossterm::event::EventStream;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// A signal's meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// To end: SIGTERM, SIGINT, or the terminal was closed.
    End,
    /// It goes on after a stop: somebody else has had the terminal.
    GoOn,
    /// The terminal has another size.
    Resized,
}

/// All that reaches the program from outside: one reader of keys for its whole life, as a second one would miss what the first one
/// had begun to read.
pub(super) struct Outside {
    /// Keys, pasted texts and sizes.
    pub(super) input: EventStream,
    /// Signals.
    pub(super) signals: Signals,
}

impl Outside {
    /// Listens from now on. To be called inside the runtime.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            input: EventStream::new(),
            signals: Signals::listen()?,
        })
    }
}

/// The signals that are listened to.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
    resume: Signal,
    /// Asked of the system itself: no reader of keys can lose it.
    resize: Signal,
}

impl Signals {
    /// Listens from now on.
    fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
            resume: signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?,
            resize: signal(SignalKind::window_change())?,
        })
    }

    /// The next one.
    pub(super) async fn next(&mut self) -> Told {
        tokio::select! {
            _ = self.terminate.recv() => Told::End,
            _ = self.interrupt.recv() => Told::End,
            _ = self.hang_up.recv() => Told::End,
            _ = self.resume.recv() => Told::GoOn,
            _ = self.resize.recv() => Told::Resized,
        }
    }
}

/// Stops this program and what runs with it in the shell's job, until the shell resumes them. Where no shell could, the system
/// passes it over.
pub(super) fn stop() -> io::Result<()> {
    rustix::process::kill_current_process_group(rustix::process::Signal::TSTP)?;
    Ok(())
}
