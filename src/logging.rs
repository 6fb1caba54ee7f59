//! The log file. Nothing is logged to the terminal, where it would disturb the screens and the output of commands.

use std::{io, path::Path};

use caltrack_private_files as private_files;
use tracing_appender::{
    non_blocking::{NonBlockingBuilder, WorkerGuard},
    rolling::{RollingFileAppender, Rotation},
};
use tracing_subscriber::EnvFilter;

/// The environment variable with the log filter, as in `CALTRACK_LOG=debug`.
const VARIABLE: &str = "CALTRACK_LOG";
const DEFAULT_FILTER: &str = "warn,caltrack=info";
/// The start of the names of log files.
const PREFIX: &str = "caltrack";
/// Capacity of the queue of lines; when it is full, lines are dropped. It is allocated at the start: the library's default of
/// 128,000 lines takes 4 MB.
const MAX_LINES: usize = 4_096;
/// Days for which logs are kept.
const MAX_FILES: usize = 5;

/// Starts logging to `<directory>/caltrack.<day>.log`. Dropping the guard writes the remaining lines.
///
/// `None` if the directory can't be written: the program works without a log file.
pub fn start(directory: &Path) -> Option<WorkerGuard> {
    prepare(directory).ok()?;
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix(PREFIX)
        .filename_suffix("log")
        .max_log_files(MAX_FILES)
        .build(directory)
        .ok()?;
    let (writer, guard) = NonBlockingBuilder::default()
        .buffered_lines_limit(MAX_LINES)
        .finish(file);
    tracing_subscriber::fmt()
        .with_env_filter(filter())
        .with_ansi(false)
        .with_writer(writer)
        .try_init()
        .ok()?;
    Some(guard)
}

/// Creates the directory, and closes it and its logs to other users. The appender would report an absent directory on
/// standard error, and follow a link.
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

/// Starts logging to standard error, for `serve`.
pub fn to_standard_error() {
    // An error means that logging has started already.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter())
        .with_ansi(false)
        .with_writer(std::io::stderr)
        .try_init();
}

fn filter() -> EnvFilter {
    // An empty variable counts as unset; the library would only log errors then.
    let chosen = std::env::var(VARIABLE).ok().filter(|chosen| !chosen.is_empty());
    chosen
        .and_then(|chosen| EnvFilter::try_new(chosen).ok())
        .unwrap_or_else(|| EnvFilter::new(DEFAULT_FILTER))
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
