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

use std::{ffi::OsString, io::Write as _, process::ExitCode};

use clap::Parser as _;

use self::{
    answer::Answer,
    arguments::{Asked, Cli, Command},
    backend::Backend,
    problem::Problem,
};
use crate::{
    config::{Config, Overrides},
    runtime,
};

/// Runs the program on its arguments, and says how it ended: 0 done, 1 failed, 2 wrong usage or value, 3 not signed in,
/// 4 unreachable, 130 interrupted.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    // Whoever asked for JSON gets it even where the rest can't be understood.
    let json = arguments.iter().any(|argument| argument == "--json");
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, json),
    };
    let overrides = Overrides {
        profile: cli.profile,
        data_dir: cli.data_dir,
        config: cli.config,
    };
    let done = match cli.asked {
        None => load(overrides)
            .and_then(|config| Ok(runtime::run(&config)?))
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
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Ok(Config::load(overrides, no_color)?)
}

/// Help and version are answers; everything else is wrong usage.
fn usage(error: &clap::Error, json: bool) -> ExitCode {
    if !error.use_stderr() {
        // A reader that has seen enough is no failure.
        let _ = error.print();
        return ExitCode::SUCCESS;
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
    let _ = writeln!(std::io::stderr(), "{text}");
}
