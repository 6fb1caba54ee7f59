//! What the system tells a program from outside.

use std::{
    future::pending,
    io::{self, IsTerminal as _, stdin},
};

use crossterm::event::EventStream;
use rustix::{
    event::{PollFd, PollFlags, poll},
    io::Errno,
};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::oneshot,
};

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
    closed: Option<oneshot::Receiver<()>>,
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
            closed: Some(closed()),
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
            () = over(&mut self.closed) => Told::End,
        }
    }
}

/// Completes once; without a sender, never.
async fn over(closed: &mut Option<oneshot::Receiver<()>>) {
    if let Some(receiver) = closed {
        let told = receiver.await;
        *closed = None;
        if told.is_ok() {
            return;
        }
    }
    pending::<()>().await;
}

/// Completes when the terminal is closed. A program that isn't the leader of its session gets no SIGHUP then, and the reader of
/// keys would spin on the end of its input for ever. Never, where the standard input is no terminal.
fn closed() -> oneshot::Receiver<()> {
    let (tell, told) = oneshot::channel();
    let input = stdin();
    if !input.is_terminal() {
        return told;
    }
    let watch = move || {
        let mut terminal = [PollFd::new(&input, PollFlags::empty())];
        // An end is reported whether it was asked for or not; a signal may interrupt.
        while matches!(poll(&mut terminal, None), Ok(0) | Err(Errno::INTR)) {}
        // The program may be ending already.
        let _ = tell.send(());
    };
    if let Err(error) = std::thread::Builder::new()
        .name("terminal".to_owned())
        .spawn(watch)
    {
        tracing::warn!(%error, "the terminal's end will not be noticed");
    }
    told
}

/// Stops this program and what runs with it in the shell's job, until the shell resumes them. Where no shell could, the system
/// passes it over.
pub(super) fn stop() -> io::Result<()> {
    rustix::process::kill_current_process_group(rustix::process::Signal::TSTP)?;
    Ok(())
}
