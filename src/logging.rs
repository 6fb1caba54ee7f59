//! The log file: never the terminal, which belongs to the screens and to commands' output.

use std::{io, path::Path};

use caltrack_private_files as private_files;

use tracing_appender::{
    non_blocking::{NonBlockingBuilder, WorkerGuard},
    rolling::{RollingFileAppender, Rotation},
};
use tracing_subscriber::EnvFilter;

/// Says what is logged, as in `CALTRACK_LOG=debug`.
const VARIABLE: &str = "CALTRACK_LOG";
const USUAL: &str = "warn,caltrack=info";
/// What the names of log files begin with.
const PREFIX: &str = "caltrack";
/// Lines that wait for the disk; where more come, some are dropped. The room for them is taken at the start, and the library's own
/// 128,000 are 4 MB of it.
const WAITING: usize = 4_096;
/// Days of logs that are kept.
const KEPT: usize = 5;

/// Begins logging to `<directory>/caltrack.<day>.log`. What is still unwritten is written when the guard is dropped.
///
/// `None` where the directory can't be written: a program without a log file still works.
pub fn start(directory: &Path) -> Option<WorkerGuard> {
    prepare(directory).ok()?;
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix(PREFIX)
        .filename_suffix("log")
        .max_log_files(KEPT)
        .build(directory)
        .ok()?;
    let (writer, guard) = NonBlockingBuilder::default()
        .buffered_lines_limit(WAITING)
        .finish(file);
    tracing_subscriber::fmt()
        .with_env_filter(filter())
        .with_ansi(false)
        .with_writer(writer)
        .try_init()
        .ok()?;
    Some(guard)
}

/// Makes sure that the directory is there, and that it and the logs in it are the user's alone. The appender would complain
/// about an absent directory on standard error, and follow a link.
fn prepare(directory: &Path) -> io::Result<()> {
    private_files::create_directory(directory)?;
    private_files::close_directory(directory)?;
    for entry in directory.read_dir()? {
        let entry = entry?;
        if entry
            .file_name()
            .as_encoded_bytes()
            .starts_with(PREFIX.as_bytes())
        {
            private_files::close(&entry.path())?;
        }
    }
    Ok(())
}

/// Begins logging to standard error, for a program that serves.
pub fn to_standard_error() {
    // An error says that somebody logs already.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter())
        .with_ansi(false)
        .with_writer(std::io::stderr)
        .try_init();
}

fn filter() -> EnvFilter {
    // An empty variable counts as unset; the library would take it for "errors alone".
    let chosen = std::env::var(VARIABLE).ok().filter(|chosen| !chosen.is_empty());
    chosen
        .and_then(|chosen| EnvFilter::try_new(chosen).ok())
        .unwrap_or_else(|| EnvFilter::new(USUAL))
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::{
        fs,
        os::unix::fs::{PermissionsExt as _, symlink},
    };

    use super::*;

    #[test]
    fn old_logs_are_closed_to_others_and_a_link_is_not_written_through() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("log");
        fs::create_dir(&log).unwrap();
        fs::set_permissions(&log, fs::Permissions::from_mode(0o755)).unwrap();
        let old = log.join("caltrack.2026-11-23.log");
        fs::write(&old, "old").unwrap();
        fs::set_permissions(&old, fs::Permissions::from_mode(0o644)).unwrap();
        prepare(&log).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&log), mode(&old)), (0o700, 0o600));

        symlink(dir.path().join("precious"), log.join("caltrack.2026-11-24.log")).unwrap();
        assert!(prepare(&log).unwrap_err().to_string().contains("symbolic link"));
    }
}
