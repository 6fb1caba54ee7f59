//! Keys and signals.

use std::io;

use super::{keys::Keyboard, signals::Signals};

pub(super) struct TerminalInput {
    pub(super) keyboard: Keyboard,
    pub(super) signals: Signals,
}

impl TerminalInput {
    /// Starts listening. To be called inside the runtime.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            signals: Signals::listen()?,
            keyboard: Keyboard::open()?,
        })
    }
}
