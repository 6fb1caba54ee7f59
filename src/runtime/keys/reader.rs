//! Reads the terminal's bytes in a thread of its own.

use std::{
    fs::{File, OpenOptions},
    io::{self, IsTerminal as _, Stdin, stdin},
    os::{
        fd::{AsFd, AsRawFd as _, BorrowedFd},
        unix::net::UnixStream,
    },
    thread,
};

use filedescriptor::{POLLIN, poll, pollfd};
use tokio::sync::mpsc;

/// The most bytes of one read: a terminal's queue has 4,096 bytes on Linux, 1,024 on macOS.
const CHUNK: usize = 4096;
/// Reads that may wait for the program. More bytes wait in the terminal.
const WAITING: usize = 16;

/// The terminal that keys are read from.
pub(in crate::runtime) enum Source {
    Standard(Stdin),
    Controlling(File),
}

impl Source {
    /// Standard input if it is a terminal, else the controlling terminal.
    pub(in crate::runtime) fn open() -> io::Result<Self> {
        let input = stdin();
        if input.is_terminal() {
            return Ok(Self::Standard(input));
        }
        let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
        Ok(Self::Controlling(terminal))
    }
}

impl AsFd for Source {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Standard(input) => input.as_fd(),
            Self::Controlling(file) => file.as_fd(),
        }
    }
}

/// The reading thread. Dropping the reader ends it; it reads no byte that arrives later.
pub(super) struct Reader {
    /// The thread detects that the other end is closed.
    _wake: UnixStream,
}

impl Reader {
    /// Starts the thread. The channel closes when the terminal is closed.
    pub(super) fn start() -> io::Result<(Self, mpsc::Receiver<Vec<u8>>)> {
        let source = Source::open()?;
        let (wake, woken) = UnixStream::pair()?;
        let (sender, bytes) = mpsc::channel(WAITING);
        thread::Builder::new()
            .name("keys".to_owned())
            .spawn(move || read(&source, &woken, &sender))?;
        Ok((Self { _wake: wake }, bytes))
    }
}

/// Reads until the terminal is closed or the receiver is dropped. A program that doesn't lead its session gets no SIGHUP when
/// its terminal is closed: the end of the input is the only sign.
fn read(source: &Source, woken: &UnixStream, sender: &mpsc::Sender<Vec<u8>>) {
    let wanted = |fd| pollfd {
        fd,
        events: POLLIN,
        revents: 0,
    };
    let mut chunk = [0; CHUNK];
    loop {
        // poll(2), or select(2) where poll doesn't support terminals.
        let mut ready = [wanted(source.as_fd().as_raw_fd()), wanted(woken.as_raw_fd())];
        match poll(&mut ready, None) {
            Ok(_) => {}
            Err(filedescriptor::Error::Poll(error)) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                tracing::warn!(%error, "the terminal can't be read any more");
                return;
            }
        }
        let [terminal, woken] = &ready;
        if woken.revents != 0 {
            return;
        }
        if terminal.revents & POLLIN == 0 {
            // Neither bytes nor a signal: it was closed.
            return;
        }
        match rustix::io::read(source, &mut chunk) {
            Ok(0) => return,
            Ok(length) => {
                let bytes = chunk.get(..length).unwrap_or_default().to_vec();
                if sender.blocking_send(bytes).is_err() {
                    return;
                }
            }
            Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => {}
            Err(error) => {
                tracing::info!(%error, "the terminal is gone");
                return;
            }
        }
    }
}
