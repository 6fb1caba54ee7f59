//! Whether a backend that can't be opened lacks room on the disk.

use std::path::Path;

use caltrack_local_backend::StartError;
use caltrack_private_files as private_files;

use super::EmbeddedError;
use caltrack_client::config::is_full;

/// As much as `SQLite` takes at once: the index of its write-ahead log grows by 32 KiB.
const NEEDED: usize = 64 * 1024;

/// Why the backend can't be opened.
///
/// `SQLite` reports a full disk as "disk I/O error" where the index of its write-ahead log can't grow, as it does a broken disk.
/// Writing a file of the same size tells the two apart.
pub(super) fn start_error(directory: &Path, error: &StartError) -> EmbeddedError {
    if private_files::try_writing(directory, NEEDED).is_err_and(|error| is_full(&error)) {
        EmbeddedError::DiskFull(directory.to_owned())
    } else {
        EmbeddedError::Start {
            message: error.to_string(),
            advice: error.advice(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_with_room_is_not_full_and_nothing_is_left_in_it() {
        let dir = tempfile::tempdir().unwrap();
        private_files::try_writing(dir.path(), NEEDED).unwrap();
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
        let absent = private_files::try_writing(&dir.path().join("absent"), NEEDED).unwrap_err();
        assert!(!is_full(&absent));
        #[cfg(target_os = "linux")]
        {
            use std::io::Write as _;
            let mut full = std::fs::File::options().write(true).open("/dev/full").unwrap();
            assert!(is_full(&full.write_all(&[0]).unwrap_err()));
        }
    }
}
