//! Keys and pasted texts, from the terminal's bytes.
//!
//! The decoder is our own, for no library does all of this: an escape sequence that arrives in pieces is one key, however it
//! was cut; a lone Esc is a key after a moment; replies of the terminal (OSC, DCS, APC, reports) are no keys, however late they
//! come; and the end of the terminal is noticed on the very descriptor that keys come from.

mod csi;
mod decoder;
mod reader;

use std::{collections::VecDeque, io};

use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};

pub(super) use self::reader::Source;
use self::{decoder::Decoder, reader::Reader};
use crate::app::Key;

/// What was done at the keyboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    /// A key was pressed.
    Key(Key),
    /// A text was pasted.
    Paste(String),
}

/// The keyboard of the terminal. One at a time: a second one would miss what the first one had begun to read.
pub(crate) struct Keyboard {
    /// Ends the reader when dropped.
    _reader: Option<Reader>,
    bytes: mpsc::Receiver<Vec<u8>>,
    decoder: Decoder,
    decoded: VecDeque<Input>,
    /// When what has arrived so far counts as complete.
    due: Option<Instant>,
}

impl Keyboard {
    /// Reads from standard input where that is a terminal, else from the controlling terminal. Its mode is left alone.
    ///
    /// # Errors
    ///
    /// Where there is no terminal, or no thread to be had.
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

    /// The next one; none once the terminal is gone. Nothing is lost where the future is dropped.
    pub(crate) async fn next(&mut self) -> Option<Input> {
        loop {
            if let Some(input) = self.decoded.pop_front() {
                return Some(input);
            }
            tokio::select! {
                // What has arrived comes first: a busy program is no reason to cut a sequence.
                biased;
                bytes = self.bytes.recv() => self.decoder.feed(&bytes?, &mut self.decoded),
                () = at(self.due) => self.decoder.expire(&mut self.decoded),
            }
            self.due = self.decoder.patience().map(|patience| Instant::now() + patience);
        }
    }
}

/// Completes then; without a time, never.
async fn at(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
