//! The program `caltrack-tui`.

use std::{process::ExitCode, thread};

/// The stack of the thread that does the work, in bytes: as much as Linux gives the first one. The first one's own follows
/// from `ulimit -s`, and may be anything.
const STACK: usize = 8 * 1024 * 1024;

fn main() -> color_eyre::Result<ExitCode> {
    // The system takes pages of it as they are used.
    let worker = thread::Builder::new()
        .name("main".to_owned())
        .stack_size(STACK)
        .spawn(run);
    match worker.map(thread::JoinHandle::join) {
        Ok(Ok(code)) => code,
        // Its report has been written.
        Ok(Err(_panic)) => Ok(ExitCode::from(101)),
        // No thread to be had: the first one must do.
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
    Ok(caltrack_tui::cli::run(std::env::args_os(), draw))
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
