//! The log file: never the terminal, which belongs to the screens and to commands' output.

use std::path::Path;

use tracing_appender::{
    non_blocking::{NonBlockingBuilder, WorkerGuard},
    rolling::{RollingFileAppender, Rotation},
};
use tracing_subscriber::EnvFilter;

/// Says what is logged, as in `CALTRACK_LOG=debug`.
const VARIABLE: &str = "CALTRACK_LOG";
const USUAL: &str = "warn,caltrack_tui=info,caltrack_local_backend=info,caltrack_aggregator=info";
/// Lines that wait for the disk; where more come, some are dropped. The room for them is taken at the start, and the library's own
/// 128,000 are 4 MB of it.
const WAITING: usize = 4_096;
/// Days of logs that are kept.
const KEPT: usize = 5;

/// Begins logging to `<directory>/caltrack.<day>.log`. What is still unwritten is written when the guard is dropped.
///
/// `None` where the directory can't be written: a program without a log file still works.
pub fn start(directory: &Path) -> Option<WorkerGuard> {
    // The appender would complain about an absent directory on standard error.
    std::fs::create_dir_all(directory).ok()?;
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("caltrack")
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
    EnvFilter::try_from_env(VARIABLE).unwrap_or_else(|_| EnvFilter::new(USUAL))
}
