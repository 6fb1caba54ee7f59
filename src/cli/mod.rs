//! The command line: what can be asked for without the screens.

mod account;
mod answer;
mod arguments;
mod backend;
mod configure;
mod doctor;
mod job;
mod json;
mod problem;
mod prompt;
mod read;
mod serve;
mod table;
mod values;
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
    answer::Answer,
    arguments::{Asked, Cli, Command},
    backend::Backend,
    problem::Problem,
};
use crate::{app::State, runtime};
use caltrack_client::config::{Config, Overrides, variable};

/// Runs the program on its arguments, and says how it ended: 0 done, 1 failed, 2 wrong usage or value, 3 not signed in,
/// 4 unreachable, 130 interrupted.
///
/// `draw` draws the frames of the screens.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    draw: impl FnMut(&mut Frame<'_>, &State),
) -> ExitCode {
    private_files::restrict_process();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    // Whoever asked for JSON gets it even where the rest can't be understood.
    let json = arguments.iter().any(|argument| argument == "--json");
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, json),
    };
    let overrides = Overrides {
        profile: cli
            .profile
            .or_else(|| Some(variable("CALTRACK_PROFILE")?.to_string_lossy().into_owned())),
        data_dir: cli
            .data_dir
            .or_else(|| Some(variable("CALTRACK_DATA_DIR")?.into())),
        config: cli.config.or_else(|| Some(variable("CALTRACK_CONFIG")?.into())),
    };
    let done = match cli.asked {
        None => load(overrides)
            .and_then(|config| Ok(runtime::run(&config, draw)?))
            .map(|()| ExitCode::SUCCESS),
        Some(Asked::Serve(arguments)) => load(overrides)
            .and_then(|config| serve::run(&config, arguments))
            .map(|()| ExitCode::SUCCESS),
        Some(Asked::Doctor) => Ok(doctor::run(overrides, json)),
        // The profile that is asked for may be the one that is to be written.
        Some(Asked::Configure(arguments)) => {
            configure::run(&overrides, arguments).map(|answer| answer.print(json))
        }
        Some(Asked::Command(command)) => load(overrides)
            .and_then(|config| execute(&config, command))
            .map(|answer| answer.print(json)),
    };
    done.unwrap_or_else(|problem| problem.report(json))
}

fn load(overrides: Overrides) -> Result<Config, Problem> {
    Ok(Config::load(overrides, variable("NO_COLOR").is_some())?)
}

/// Help and version are answers; everything else is wrong usage.
fn usage(error: &clap::Error, json: bool) -> ExitCode {
    if !error.use_stderr() {
        let written = error.print().and_then(|()| io::stdout().flush());
        return match answer::arrived(written) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => Problem::unwritten(&error, None).report(json),
        };
    }
    if json {
        return Problem::usage(error).report(true);
    }
    let _ = error.print();
    ExitCode::from(problem::USAGE)
}

fn execute(config: &Config, command: Command) -> Result<Answer, Problem> {
    let workers = runtime::workers()?;
    workers.block_on(job::attend(async {
        // What can be told apart from its shape alone is refused before anything is opened.
        let job = command.check()?;
        let backend = Backend::open(config).await?;
        let outcome = job.run(&backend).await;
        backend.close().await;
        outcome
    }))
}

/// A line for the person at the terminal, beside the command's output.
fn say(text: &str) {
    // Nobody may be listening.
    let _ = writeln!(io::stderr(), "{}", caltrack_domain::clean(text));
}
