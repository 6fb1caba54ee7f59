//! Whether a backend that can't be opened lacks room on the disk.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

use caltrack_local_backend::StartError;

use super::EmbeddedError;
use crate::config::is_full;

/// As much as `SQLite` takes at once: the index of its write-ahead log grows by 32 KiB.
const NEEDED: usize = 64 * 1024;

/// Why the backend can't be opened.
///
/// `SQLite` reports a full disk as "disk I/O error" where the index of its write-ahead log can't grow, as it does a broken disk.
/// Writing a file of the same size tells the two apart.
pub(super) fn start_error(directory: &Path, error: &StartError) -> EmbeddedError {
    if lacks_room(directory) {
        EmbeddedError::DiskFull(directory.to_owned())
    } else {
        EmbeddedError::Start(error.to_string())
    }
}

fn lacks_room(directory: &Path) -> bool {
    let trial = directory.join(format!(".room-{}", std::process::id()));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&trial)
        .and_then(fill);
    if written.is_ok() || written.as_ref().is_err_and(is_full) {
        // If it can't be removed, it does no harm.
        let _ = fs::remove_file(&trial);
    }
    written.is_err_and(|error| is_full(&error))
}

fn fill(mut file: File) -> io::Result<()> {
    file.write_all(&vec![0; NEEDED])?;
    // Some file systems find room only now.
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_one_with_room_and_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        assert!(!lacks_room(dir.path()));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        assert!(!lacks_room(&dir.path().join("absent")));
        #[cfg(target_os = "linux")]
        {
            let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
            assert!(is_full(&fill(full).unwrap_err()));
        }
    }
}
