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
    Ok(caltrack_tui::cli::run(std::env::args_os(), draw()))
}

/// Draws a frame of the screens.
#[cfg(not(debug_assertions))]
fn draw() -> impl FnMut(&mut ratatui::Frame<'_>, &caltrack_tui::app::State) {
    caltrack_tui::view::draw
}

/// Draws a frame of the screens. With `CALTRACK_TEST_PANIC` the second one panics in its middle, where a panic leaves most
/// behind (CONTRIBUTING.md). No release has this.
#[cfg(debug_assertions)]
fn draw() -> impl FnMut(&mut ratatui::Frame<'_>, &caltrack_tui::app::State) {
    let mut frames = 0_u64;
    move |frame, state| {
        caltrack_tui::view::draw(frame, state);
        frames += 1;
        assert!(
            frames < 2 || caltrack_client::config::variable("CALTRACK_TEST_PANIC").is_none(),
            "requested by CALTRACK_TEST_PANIC"
        );
    }
}
