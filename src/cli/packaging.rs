//! `completions` and `man`: what packagers install beside the program.

use clap::CommandFactory as _;
use clap_complete::Shell;
use serde_json::Value;

use super::{
    arguments::Cli,
    error::CommandError,
    output::{Output, unwritten},
};

/// The program's name on the command line.
const NAME: &str = "caltrack-tui";

/// The completions of a shell: commands, options and their values.
pub(super) fn completions(shell: Shell) -> Output {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), NAME, &mut script);
    output(&script)
}

/// The manual page, in roff.
pub(super) fn manual() -> Result<Output, CommandError> {
    let mut page = Vec::new();
    let manual = clap_mangen::Man::new(Cli::command());
    manual.render(&mut page).map_err(|error| unwritten(&error))?;
    Ok(output(&page))
}

fn output(bytes: &[u8]) -> Output {
    let text = String::from_utf8_lossy(bytes).trim_end().to_owned();
    Output::read(Value::String(text.clone()), text)
}
