//! Keys and pasted texts, from the terminal's bytes.
//!
//! The decoder is our own, since no library does all of this: an escape sequence that arrives in pieces is one key, wherever it
//! was cut; a lone Esc is a key after a moment; replies of the terminal (OSC, DCS, APC, reports) are no keys, however late they
//! arrive; and the end of the terminal is detected on the descriptor that keys come from.

mod csi;
mod decoder;
mod input;
mod reader;

use std::{collections::VecDeque, io};

use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};

pub(crate) use self::input::Input;
pub(super) use self::reader::Source;
use self::{decoder::Decoder, reader::Reader};

/// The keyboard of the terminal. Only one may be open: a second one would miss bytes that the first one has read.
pub(crate) struct Keyboard {
    /// Ends the reader when dropped.
    _reader: Option<Reader>,
    bytes: mpsc::Receiver<Vec<u8>>,
    decoder: Decoder,
    decoded: VecDeque<Input>,
    /// When the bytes that have arrived count as complete.
    due: Option<Instant>,
}

impl Keyboard {
    /// Reads from standard input if it is a terminal, else from the controlling terminal. Its mode stays as it is.
    ///
    /// # Errors
    ///
    /// If there is no terminal, or no thread can be started.
    pub(crate) fn open() -> io::Result<Self> {
        let (reader, bytes) = Reader::start()?;
        Ok(Self {
            _reader: Some(reader),
            ..Self::of(bytes)
        })
    }

    fn of(bytes: mpsc::Receiver<Vec<u8>>) -> Self {
        Self {
            _reader: None,
            bytes,
            decoder: Decoder::default(),
            decoded: VecDeque::new(),
            due: None,
        }
    }

    /// The next event; none once the terminal is closed. Dropping the future loses nothing.
    pub(crate) async fn next(&mut self) -> Option<Input> {
        loop {
            if let Some(input) = self.decoded.pop_front() {
                return Some(input);
            }
            tokio::select! {
                // Bytes that have arrived come first, so that a busy program doesn't cut a sequence.
                biased;
                bytes = self.bytes.recv() => self.decoder.feed(&bytes?, &mut self.decoded),
                () = at(self.due) => self.decoder.expire(&mut self.decoded),
            }
            self.due = self.decoder.patience().map(|patience| Instant::now() + patience);
        }
    }
}

/// Completes at `due`; never without it.
async fn at(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
