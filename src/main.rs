//! The program `caltrack-tui`.

use std::process::ExitCode;

fn main() -> color_eyre::Result<ExitCode> {
    color_eyre::install()?;
    Ok(caltrack_tui::cli::run(std::env::args_os()))
}
