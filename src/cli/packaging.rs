//! `completions` and `man`: what packagers install beside the program; and the answers to shells that complete a line.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::CommandFactory as _;
use clap_complete::{CompleteEnv, Shell, env::Shells};
use serde_json::Value;

use super::{
    arguments::Cli,
    error::CommandError,
    output::{Output, unwritten},
};

/// The program's name on the command line.
const NAME: &str = "caltrack-tui";
/// The environment variable by which a shell asks for completions; contains its name.
const ASKED: &str = "CALTRACK_COMPLETE";

/// Answers a shell that completes a line; returns whether one has asked.
pub(super) fn complete() -> Result<bool, clap::Error> {
    let directory = std::env::current_dir().ok();
    CompleteEnv::with_factory(Cli::command)
        .var(ASKED)
        .try_complete(std::env::args_os(), directory.as_deref())
}

/// The script by which a shell asks this program for completions.
pub(super) fn completions(shell: Shell) -> Result<Output, CommandError> {
    let mut script = Vec::new();
    let shells = Shells::builtins();
    let found = shells.completer(&shell.to_string());
    let known = found.ok_or_else(|| CommandError::usage(format!("{shell} is no known shell")))?;
    known
        .write_registration(ASKED, NAME, NAME, NAME, &mut script)
        .map_err(|error| unwritten(&error))?;
    Ok(output(&script))
}

/// The manual page, in roff.
pub(super) fn manual() -> Result<Output, CommandError> {
    let mut page = Vec::new();
    let manual = clap_mangen::Man::new(Cli::command());
    manual.render(&mut page).map_err(|error| unwritten(&error))?;
    Ok(output(&page))
}

/// Writes the manual pages of the program and of each command into a directory, which exists.
pub(super) fn manuals(directory: &Path) -> Result<Output, CommandError> {
    let unwritable = |error: io::Error| {
        CommandError::storage(format!(
            "the pages can't be written to {}: {error}",
            directory.display()
        ))
    };
    clap_mangen::generate_to(Cli::command(), directory).map_err(unwritable)?;
    let entries = fs::read_dir(directory).map_err(unwritable)?;
    let mut pages: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "1"))
        .collect();
    pages.sort();
    let pages: Vec<String> = pages.iter().map(|page| page.display().to_string()).collect();
    Ok(Output::read(Value::from(pages.clone()), pages.join("\n")))
}

fn output(bytes: &[u8]) -> Output {
    let text = String::from_utf8_lossy(bytes).trim_end().to_owned();
    Output::read(Value::String(text.clone()), text)
}
