//! Who hosts the box, written into the lock file for those who ask.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, Write as _},
    path::Path,
};

/// What a program does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It shows the screens.
    Screens,
    /// It runs one command.
    Command,
    /// It serves a TCP port.
    Serve,
}

impl Role {
    const fn name(self) -> &'static str {
        match self {
            Self::Screens => "the screens",
            Self::Command => "a command",
            Self::Serve => "serve",
        }
    }
}

/// Writes down who holds the lock. A failure costs others the answer, no more.
pub(super) fn note(lock: &File, role: Role) {
    let write = |mut file: &File| -> io::Result<()> {
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "process {} ({})", std::process::id(), role.name())
    };
    if let Err(error) = write(lock) {
        tracing::warn!(%error, "who hosts the backend can't be written down");
    }
}

/// Whether the holder, as [`named`], runs one command and so ends soon. One that took the lock this very moment has no name yet.
pub(super) fn ends_soon(holder: &str) -> bool {
    holder == UNNAMED || holder.ends_with(&format!("({})", Role::Command.name()))
}

const UNNAMED: &str = "another program";

/// Who wrote last. To be asked while somebody holds the lock.
pub(super) fn named(lock: &Path) -> String {
    const LONGEST: u64 = 80;
    let mut text = String::new();
    let read = caltrack_private_files::open(lock, File::options().read(true))
        .and_then(|file| file.take(LONGEST).read_to_string(&mut text));
    let text = caltrack_domain::clean(text.trim());
    if read.is_err() || text.is_empty() {
        UNNAMED.to_owned()
    } else {
        text
    }
}
