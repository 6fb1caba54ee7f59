//! Whether the file may be written.

use super::error::OutboxError;

/// What may be done with an outbox.
#[derive(Debug, Clone)]
pub enum Access {
    /// Everything.
    Write,
    /// What can be read is read; changes are refused for this reason.
    Read(OutboxError),
}

impl Access {
    /// Whether changes can be saved, else why not.
    ///
    /// # Errors
    ///
    /// The reason.
    pub fn writable(&self) -> Result<(), OutboxError> {
        match self {
            Self::Write => Ok(()),
            Self::Read(reason) => Err(reason.clone()),
        }
    }
}
