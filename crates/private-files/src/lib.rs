//! Files and directories for the current user alone, whatever the umask says.
//!
//! A program that writes below a directory named by its user must not be redirected elsewhere: a directory that belongs
//! to another user can hold symbolic links to the user's own files, and named pipes that never answer. So directories
//! and files of other users are refused, links are not followed (`O_NOFOLLOW`, open(2)), and only regular files are
//! read or written.

mod directory;
mod file;
mod metadata;
mod stamp;
#[cfg(unix)]
#[cfg(test)]
mod tests;
mod untrusted;

use std::io;

pub use directory::{
    check_directory, close_directory, create_directory, is_open_to_others, sync_directory, try_writing,
};
pub use file::{close, create, length, open, prepare_database, read, read_settings, replace};
pub use stamp::Stamp;
pub use untrusted::Untrusted;

/// Makes the process create files and directories that only its user can access, including those of libraries
/// (umask(2)).
pub fn restrict_process() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// Whether a write failed because the disk, or the user's quota of it, is full.
pub fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}
