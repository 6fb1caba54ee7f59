//! The program `caltrack-tui`.

use std::{process::ExitCode, thread};

/// Bytes of the main thread's stack: Linux's default. The size of the process's first stack depends on `ulimit -s`.
const STACK: usize = 8 * 1024 * 1024;

fn main() -> color_eyre::Result<ExitCode> {
    caltrack_allocator::share_arenas();
    // The system allocates its pages when they are used.
    let worker = thread::Builder::new()
        .name("main".to_owned())
        .stack_size(STACK)
        .spawn(run);
    match worker.map(thread::JoinHandle::join) {
        Ok(Ok(code)) => code,
        // The panic has been reported.
        Ok(Err(_panic)) => Ok(ExitCode::from(101)),
        // The system refuses a thread, so the first one does the work.
        Err(_) => run(),
    }
}

fn run() -> color_eyre::Result<ExitCode> {
    color_eyre::install()?;
    let mut frames = 0_u64;
    let draw = move |frame: &mut ratatui::Frame<'_>, state: &_| {
        caltrack_tui::view::draw(frame, state);
        frames += 1;
        panic_on_demand(frames);
    };
    let find = caltrack_tui::view::target_at;
    Ok(caltrack_tui::cli::run(std::env::args_os(), draw, find))
}

/// Panics in the middle of the second frame if `CALTRACK_TEST_PANIC` is set, where a panic leaves most behind
/// (CONTRIBUTING.md). No release has this.
#[cfg(debug_assertions)]
fn panic_on_demand(frames: u64) {
    assert!(
        frames < 2 || caltrack_client::config::variable("CALTRACK_TEST_PANIC").is_none(),
        "requested by CALTRACK_TEST_PANIC"
    );
}

#[cfg(not(debug_assertions))]
const fn panic_on_demand(_frames: u64) {}
