//! The commands and their arguments.

mod account;
mod backend;
mod data;
mod entries;
mod measures;
mod no_option;
mod reading;

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use clap_complete::Shell;

use super::candidates;

pub(super) use account::{
    ConfirmArguments, ForgotPasswordArguments, PasswordArguments, SignInArguments, SignOutArguments,
    SignUpArguments,
};
pub(super) use backend::{AuthArgument, ConfigureArguments, DoctorArguments, ServeArguments};
pub(super) use data::{
    BackupArguments, CopyArguments, DeleteAccountArguments, EditDayArguments, ExportArguments, ExportFormat,
    ImportArguments, RestoreArguments,
};
pub(super) use entries::{
    AddArguments, DeleteArguments, EditArguments, FigureArguments, LogArguments, MomentArguments,
};
pub(super) use measures::{ProfileArguments, WeightArguments};
pub(super) use reading::{
    FoodsArguments, FormatArguments, ListArguments, RangeArguments, SearchArguments, TodayArguments,
};

/// A calorie logger for the terminal. Without a command it opens the screens.
#[derive(Debug, Parser)]
#[command(name = "caltrack-tui", version, about, max_term_width = 100)]
pub(super) struct Cli {
    /// The backend to use, by its name in config.toml; `local` is in the box [env: `CALTRACK_PROFILE`]
    #[arg(long, global = true, value_name = "NAME", add = candidates::profiles())]
    pub(super) profile: Option<String>,
    /// The directory of everything that is written [env: `CALTRACK_DATA_DIR`]
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) data_dir: Option<PathBuf>,
    /// The configuration file, if it isn't config.toml in the data directory [env: `CALTRACK_CONFIG`]
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// The theme of the screens; `themes` lists them
    #[arg(long, global = true, value_name = "NAME")]
    pub(super) theme: Option<String>,
    /// Print JSON
    #[arg(long, global = true)]
    pub(super) json: bool,
    #[command(subcommand)]
    pub(super) invocation: Option<Invocation>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Invocation {
    #[command(flatten)]
    Command(Command),
    /// Open the screens on a year of invented log, in a directory that is removed afterwards
    ///
    /// Nothing of it touches your own log, or is sent anywhere.
    Demo,
    /// List the keys of the screens, with those of config.toml
    Keys,
    /// List the themes of the screens, those of the directory `themes` beside config.toml included
    Themes,
    /// Print a script that completes the commands and their options in a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    Man {
        /// Write the pages of all commands into this directory instead
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
    /// Serve the backend in the box on a TCP port of this computer, for other clients
    Serve(ServeArguments),
    /// Look up foods and drinks: kcal, portion and source
    Foods(FoodsArguments),
    /// Check that everything works, and what to do if it doesn't; changes nothing without --recover
    ///
    /// The exit code is 0 if everything works, else that of a command with the first failure.
    Doctor(DoctorArguments),
    /// Write a profile: the addresses of a backend, for use as `--profile NAME`
    Configure(ConfigureArguments),
}

/// Commands on the backend of a profile.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Log entries in the syntax of the quick line: `add lunch 650`, `add 2 eggs, toast 60g`, `add run 30m`
    ///
    /// With `-` as the text, each line of standard input is read as one. Nothing is logged if a line has a question.
    Add(AddArguments),
    /// Log an entry and print its id
    Log(LogArguments),
    /// List the entries of a day, or of several
    List(ListArguments),
    /// Show the totals and entries of today, or of another day
    ///
    /// With --json, `connection` is `live`: the output is the backend's present state. If the backend can't be reached, the command
    /// fails with exit code 4.
    Today(TodayArguments),
    /// Print today's figures, at once and at every change, until interrupted
    ///
    /// With --json, each line is an object.
    Watch(FormatArguments),
    /// Show the totals of several days
    Totals(RangeArguments),
    /// List the categories and their types
    Categories,
    /// Find entries by the words of their name, note or type
    Search(SearchArguments),
    #[command(flatten)]
    Data(DataCommand),
    #[command(flatten)]
    Change(ChangeCommand),
    #[command(flatten)]
    Account(AccountCommand),
    /// Show the signed-in user and the backend
    Whoami,
}

/// Commands by which data come in and go out as text.
#[derive(Debug, Subcommand)]
pub(super) enum DataCommand {
    /// Write entries, weights and profile to standard output
    Export(ExportArguments),
    /// Read the files of this program and of other calorie trackers
    ///
    /// Files are recognised by their content: CSV, JSON, XML, xlsx and zip archives, as trackers write them. What is logged already
    /// is not logged again, so that an interrupted import is continued by the same command. `undo` takes all of it back.
    Import(ImportArguments),
    /// Change a day as text in $EDITOR
    EditDay(EditDayArguments),
    /// Write the whole account to one file: entries, weights, profile with its targets, library
    Backup(BackupArguments),
    /// Put a backup into the account: what it lacks is added, and what was changed since stays
    ///
    /// A file that is damaged, cut off or of a newer version is refused, and nothing is changed. An interrupted restore is continued
    /// by the same command; `undo` takes all of it back.
    Restore(RestoreArguments),
    /// Copy the whole account to that of another profile, as from this computer into the cloud
    ///
    /// Ids are kept where they are free. What the other account has already, or changed since, stays. An interrupted copy is
    /// continued by the same command, and compared with the original by the totals of its days.
    Copy(CopyArguments),
    /// Delete the account with everything that it has, for good, after two questions
    DeleteAccount(DeleteAccountArguments),
}

/// Commands that change what is logged, and the user's profile.
#[derive(Debug, Subcommand)]
pub(super) enum ChangeCommand {
    /// Change an entry
    Edit(EditArguments),
    /// Delete entries
    Delete(DeleteArguments),
    /// Undo the last change that was made here, by a command or on the screens
    Undo,
    /// Make the change again that was undone last
    Redo,
    /// List what waits to be sent or was rejected; have it sent again or drop it
    Outbox {
        /// What to do with the queue; `list` by default
        #[command(subcommand)]
        command: Option<OutboxCommand>,
    },
    /// Send what waits, and fetch what changed elsewhere
    Sync,
    /// Show the profile, or change it: target, body, time zone, beginning of the day
    Profile(ProfileArguments),
    /// Show the weight that was noted last, or note a day's
    Weight(WeightArguments),
}

/// Commands on the queue.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(super) enum OutboxCommand {
    /// List the queue
    List,
    /// Send a rejected change again
    Retry {
        /// Its number, as `outbox` lists it
        id: u64,
    },
    /// Drop a change that was rejected or never sent
    Drop {
        /// Its number, as `outbox` lists it
        id: u64,
    },
}

/// Commands about the account, which need no session.
#[derive(Debug, Subcommand)]
pub(super) enum AccountCommand {
    /// Create an account
    SignUp(SignUpArguments),
    /// Confirm a new account with the code that was sent
    Confirm(ConfirmArguments),
    /// Sign in; without a user name, as the account on this computer
    ///
    /// If the user pool requires more than the password (a code, a new password), the terminal or the next line of standard input
    /// provides it.
    SignIn(SignInArguments),
    /// End the session
    SignOut(SignOutArguments),
    /// Replace a forgotten password: requests a code, or with --code sets the new password
    ForgotPassword(ForgotPasswordArguments),
}
