//! The command line: everything that works without the screens.

mod account;
mod account_data;
mod add;
mod arguments;
mod backup;
mod body;
mod candidates;
mod challenges;
mod commands;
mod configure;
mod context;
mod copy;
mod delete_account;
mod demo;
mod doctor;
mod edit_day;
mod error;
mod export;
mod find;
mod format;
mod ids;
mod import;
mod job_control;
mod json;
mod keys;
mod local_days;
mod local_log;
mod measures;
mod notice;
mod now;
mod outbox;
mod output;
mod own_names;
mod packaging;
mod parts;
mod profile_settings;
mod progress;
mod prompt;
mod quick_line;
mod read;
mod repeat;
mod sending;
mod serve;
mod sync;
mod table;
mod tally;
mod themes;
mod undo;
mod values;
mod waiting;
mod watch;
mod write;

use std::{
    ffi::OsString,
    io::{self, Write as _},
    process::ExitCode,
};

use caltrack_private_files as private_files;
use clap::Parser as _;
use ratatui::Frame;

use self::{
    arguments::{Cli, Invocation},
    error::CommandError,
    output::{ignore_broken_pipe, unwritten},
};
use crate::{
    app::State,
    runtime::{self, FindTarget},
};
use caltrack_client::config::{Config, Overrides, variable};

/// Runs the program with its arguments and returns its exit code: 0 done, 1 failed, 2 wrong usage or value, 3 not signed
/// in, 4 unreachable, 130 interrupted. `draw` draws the frames of the screens, `find` finds what is clicked on them.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    draw: impl FnMut(&mut Frame<'_>, &State),
    find: FindTarget,
) -> ExitCode {
    private_files::restrict_process();
    match packaging::complete() {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(error) => return print_clap(&error, false),
    }
    let arguments = quick_line::separate(arguments.into_iter().collect());
    // Errors are in JSON as well, even if the other arguments are invalid.
    let json = arguments.iter().any(|argument| argument == "--json");
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return print_clap(&error, json),
    };
    let overrides = Overrides {
        profile: cli
            .profile
            .or_else(|| Some(variable("CALTRACK_PROFILE")?.to_string_lossy().into_owned())),
        data_dir: cli
            .data_dir
            .or_else(|| Some(variable("CALTRACK_DATA_DIR")?.into())),
        config: cli.config.or_else(|| Some(variable("CALTRACK_CONFIG")?.into())),
        theme: cli.theme,
    };
    let color = variable("NO_COLOR").is_none();
    let load = |overrides| Config::load(overrides, !color).map_err(CommandError::from);
    let exit_code = match cli.invocation {
        None => load(overrides)
            .and_then(|config| Ok(runtime::run(&config, draw, find)?))
            .map(|()| ExitCode::SUCCESS),
        Some(Invocation::Demo) => load(overrides)
            .and_then(|config| demo::run(config, draw, find))
            .map(|()| ExitCode::SUCCESS),
        Some(Invocation::Completions { shell }) => {
            packaging::completions(shell).map(|output| output.print(json))
        }
        Some(Invocation::Man { to }) => match to {
            Some(directory) => packaging::manuals(&directory),
            None => packaging::manual(),
        }
        .map(|output| output.print(json)),
        Some(Invocation::Themes) => load(overrides).map(|config| themes::run(&config).print(json)),
        Some(Invocation::Keys) => load(overrides).map(|config| keys::run(&config.keys).print(json)),
        Some(Invocation::Serve(arguments)) => load(overrides)
            .and_then(|config| serve::run(&config, arguments))
            .map(|()| ExitCode::SUCCESS),
        Some(Invocation::Doctor(arguments)) => Ok(doctor::run(load(overrides), &arguments, json)),
        Some(Invocation::Foods(arguments)) => find::foods(&arguments.query).map(|output| output.print(json)),
        // The profile that the arguments name may not exist yet.
        Some(Invocation::Configure(arguments)) => {
            configure::run(&overrides, arguments).map(|output| output.print(json))
        }
        Some(Invocation::Command(command)) => load(overrides)
            .and_then(|config| commands::run(&config, command, json))
            .map(|output| output.print(json)),
    };
    exit_code.unwrap_or_else(|error| error.report(json))
}

/// Prints what clap returns instead of arguments: help and version, or an error.
fn print_clap(error: &clap::Error, json: bool) -> ExitCode {
    if !error.use_stderr() {
        let written = error.print().and_then(|()| io::stdout().flush());
        return match ignore_broken_pipe(written) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => unwritten(&error).report(json),
        };
    }
    if json {
        return CommandError::from_clap(error).report(true);
    }
    let _ = error.print();
    ExitCode::from(error::USAGE)
}
