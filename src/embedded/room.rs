//! Whether the backend can't be opened because the disk is full.

use std::path::Path;

use caltrack_local_backend::StartError;
use caltrack_private_files as private_files;

use super::error::EmbeddedError;

/// Bytes to try: `SQLite` extends the index of its write-ahead log by 32 KiB at once.
const TRIAL_SIZE: usize = 64 * 1024;

/// The error of a backend that can't be opened.
///
/// `SQLite` reports "disk I/O error" for a broken disk, but also for a full one if the index of its write-ahead log can't grow.
/// Writing a file of the same size distinguishes the two.
pub(super) fn start_error(directory: &Path, error: &StartError) -> EmbeddedError {
    if private_files::try_writing(directory, TRIAL_SIZE).is_err_and(|error| private_files::is_full(&error)) {
        EmbeddedError::DiskFull(directory.to_owned())
    } else {
        failure(error)
    }
}

/// A failure of the backend, with the advice of its last sentence.
pub(super) fn failure(error: &impl std::fmt::Display) -> EmbeddedError {
    let text = error.to_string();
    let (message, advice) = text.rsplit_once(". ").unwrap_or((&text, ""));
    EmbeddedError::Start {
        message: message.to_owned(),
        advice: advice.trim_end_matches('.').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_in_a_directory_with_room_succeeds_and_leaves_no_file() {
        let dir = tempfile::tempdir().unwrap();
        private_files::try_writing(dir.path(), TRIAL_SIZE).unwrap();
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
        let absent = private_files::try_writing(&dir.path().join("absent"), TRIAL_SIZE).unwrap_err();
        assert!(!private_files::is_full(&absent));
        #[cfg(target_os = "linux")]
        {
            use std::io::Write as _;
            let mut full = std::fs::File::options().write(true).open("/dev/full").unwrap();
            assert!(private_files::is_full(&full.write_all(&[0]).unwrap_err()));
        }
    }
}
