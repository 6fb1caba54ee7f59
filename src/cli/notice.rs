//! Notices for the person at the terminal.

use std::io::{self, Write as _};

/// Writes a line to standard error, beside the command's output.
pub(super) fn notice(text: &str) {
    // Standard error may be closed.
    let _ = writeln!(io::stderr(), "{}", caltrack_domain::clean(text));
}
