//! The commands and their arguments.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// A calorie logger for the terminal. Without a command it opens the screens.
#[derive(Debug, Parser)]
#[command(name = "caltrack-tui", version, about, max_term_width = 100)]
pub(super) struct Cli {
    /// The backend to use, by its name in config.toml; `local` is in the box [env: `CALTRACK_PROFILE`]
    #[arg(long, global = true, value_name = "NAME")]
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
    Man,
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
    /// Show the totals and entries of today
    ///
    /// With --json, `connection` is `live`: the output is the backend's present state. If the backend can't be reached, the command
    /// fails with exit code 4.
    Today(TodayArguments),
    /// Print today's figures, at once and at every change, until interrupted
    ///
    /// With --json, each line is an object.
    Watch(TodayArguments),
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

#[derive(Debug, Args)]
pub(super) struct DoctorArguments {
    /// Replace a damaged outbox.db or cache.db by a new one first: of the outbox, all that can be read is copied; the old file
    /// is kept beside it
    #[arg(long)]
    pub(super) recover: bool,
}

#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// A loopback address; port 0 picks one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:20002")]
    pub(super) listen: SocketAddr,
    /// A certificate chain (PEM), for https and wss
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(super) tls_cert: Option<PathBuf>,
    /// The certificate's key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(super) tls_key: Option<PathBuf>,
    /// A web origin whose pages may use the backend, such as `http://localhost:5173`; may be repeated
    #[arg(long, value_name = "ORIGIN")]
    pub(super) allow_origin: Vec<String>,
    /// Also serve AWS's own APIs, DynamoDB's and Cognito's for administrators, to clients that sign with the key in the file that is
    /// printed as `credentialsFile`; the key doesn't change between starts
    #[arg(long)]
    pub(super) expose_aws: bool,
}

#[derive(Debug, Args)]
pub(super) struct AddArguments {
    /// `[day] [@time] [type:] item [, item …] [# note]`, where an item is kcal, a food or an activity; `-` for standard input
    #[arg(required = true, value_name = "TEXT")]
    pub(super) text: Vec<String>,
    #[command(flatten)]
    pub(super) moment: MomentArguments,
    /// A UUID for the first entry, from which those of the others follow: repeating the command with it logs nothing twice; the id of another entry is rejected
    #[arg(long, value_name = "UUID")]
    pub(super) id: Option<String>,
    /// Log nothing, and print what would be logged
    #[arg(long)]
    pub(super) dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct FoodsArguments {
    /// A name or a part of it
    #[arg(required = true, value_name = "QUERY")]
    pub(super) query: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct SearchArguments {
    /// Words, or their beginnings
    #[arg(required = true, value_name = "TEXT")]
    pub(super) text: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct LogArguments {
    /// A category, such as Food
    pub(super) category: String,
    /// A type of the category, such as Lunch
    #[arg(value_name = "TYPE")]
    pub(super) kind: String,
    /// A whole number from 0 to 99999
    #[arg(allow_hyphen_values = true)]
    pub(super) kcal: String,
    /// What was eaten or done
    #[arg(long, allow_hyphen_values = true)]
    pub(super) name: Option<String>,
    /// A note
    #[arg(long, allow_hyphen_values = true)]
    pub(super) note: Option<String>,
    #[command(flatten)]
    pub(super) moment: MomentArguments,
    #[command(flatten)]
    pub(super) figures: FigureArguments,
    /// A UUID for the entry: repeating the command with it logs nothing twice; the id of another entry is rejected
    #[arg(long, value_name = "UUID")]
    pub(super) id: Option<String>,
}

/// When something was eaten or done.
#[derive(Debug, Args)]
pub(super) struct MomentArguments {
    /// The day: 2026-11-23, today, yesterday, tomorrow, mon (the latest), -1d, +1d
    #[arg(long, allow_hyphen_values = true, value_name = "DAY")]
    pub(super) date: Option<String>,
    /// The time of day: 07:30, 7:30pm
    #[arg(long, allow_hyphen_values = true, value_name = "TIME")]
    pub(super) at: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct ListArguments {
    /// The day, today by default: 2026-11-23, today, yesterday, tomorrow, mon (the latest), -1d, +1d
    #[arg(allow_hyphen_values = true, value_name = "DAY", conflicts_with_all = ["date", "from", "to"])]
    pub(super) day: Option<String>,
    /// The day
    #[arg(long, allow_hyphen_values = true, value_name = "DAY", conflicts_with_all = ["from", "to"])]
    pub(super) date: Option<String>,
    #[command(flatten)]
    pub(super) range: RangeArguments,
}

#[derive(Debug, Args)]
pub(super) struct TodayArguments {
    /// Print this text with the values of JSON members, as in `{remaining} left`
    #[arg(long, allow_hyphen_values = true, value_name = "TEXT")]
    pub(super) format: Option<String>,
}

/// Several days.
#[derive(Debug, Args)]
pub(super) struct RangeArguments {
    /// The first day; by default six days before the last one
    #[arg(long, allow_hyphen_values = true, value_name = "DAY")]
    pub(super) from: Option<String>,
    /// The last day; today by default
    #[arg(long, allow_hyphen_values = true, value_name = "DAY")]
    pub(super) to: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct ExportArguments {
    /// csv and json are read again by `import`; ledger is for hledger
    #[arg(long, value_enum, default_value_t = ExportFormat::Csv)]
    pub(super) format: ExportFormat,
    /// The first day; by default the first one with entries
    #[arg(long, allow_hyphen_values = true, value_name = "DAY")]
    pub(super) from: Option<String>,
    /// The last day; by default the last one with entries
    #[arg(long, allow_hyphen_values = true, value_name = "DAY")]
    pub(super) to: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ExportFormat {
    /// Entries, one a row
    Csv,
    /// Profile, weights and entries
    Json,
    /// A journal of kcal and grams
    Ledger,
    /// Markdown, a table for each day
    Md,
}

#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    /// The files; `-` for standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Log nothing, and report what would be imported
    #[arg(long)]
    pub(super) dry_run: bool,
    /// The tracker: other files are refused; for tables of unknown trackers, a name for the notes
    #[arg(long, value_name = "NAME")]
    pub(super) source: Option<String>,
    /// Import rows again that were imported before, under new ids
    #[arg(long)]
    pub(super) again: bool,
    /// Which column has what, in tables of unknown trackers: `date=0,name=Food,kcal=3`; numbers start at 0
    #[arg(long, value_name = "KEY=COLUMN,…")]
    pub(super) map: Option<String>,
    /// The order of day and month, where the file leaves a doubt: day-first or month-first
    #[arg(long, value_name = "ORDER")]
    pub(super) dates: Option<String>,
    /// The sign before decimals, where the file leaves a doubt: point or comma
    #[arg(long, value_name = "SIGN")]
    pub(super) decimal: Option<String>,
    /// The unit of weights, where the file names none: kg, lb or st
    #[arg(long, value_name = "UNIT")]
    pub(super) weights: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct BackupArguments {
    /// The file; an earlier backup there is replaced
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct RestoreArguments {
    /// The file that `backup` wrote
    #[arg(value_name = "FILE", required_unless_present = "snapshot")]
    pub(super) file: Option<PathBuf>,
    /// Go back to the tables of a day: the box on this computer keeps seven daily snapshots, which `doctor` names
    ///
    /// What is replaced becomes a snapshot itself. Accounts and passwords stay as they are.
    #[arg(long, value_name = "NAME", conflicts_with = "file")]
    pub(super) snapshot: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct CopyArguments {
    /// The profile with the other account; `local` is this computer
    #[arg(long, value_name = "PROFILE")]
    pub(super) to: String,
}

#[derive(Debug, Args)]
pub(super) struct DeleteAccountArguments {
    /// Confirm without a question; it has to be given twice
    #[arg(long, action = clap::ArgAction::Count)]
    pub(super) yes: u8,
}

#[derive(Debug, Args)]
pub(super) struct EditDayArguments {
    /// The day, today by default: 2026-11-23, today, yesterday, mon (the latest), -1d
    #[arg(allow_hyphen_values = true, value_name = "DAY")]
    pub(super) day: Option<String>,
    /// Apply the changes without a question
    #[arg(long)]
    pub(super) yes: bool,
}

#[derive(Debug, Args)]
pub(super) struct EditArguments {
    /// The entry's id, or 4 characters or more of its beginning or end, as `list` shows it; `last` for the one that was logged last
    pub(super) id: String,
    /// A whole number from 0 to 99999
    #[arg(long, allow_hyphen_values = true)]
    pub(super) kcal: Option<String>,
    /// A category, such as Food
    #[arg(long)]
    pub(super) category: Option<String>,
    /// A type of the category, such as Lunch
    #[arg(long = "type", value_name = "TYPE")]
    pub(super) kind: Option<String>,
    #[command(flatten)]
    pub(super) moment: MomentArguments,
    /// What was eaten or done; empty to remove it
    #[arg(long, allow_hyphen_values = true)]
    pub(super) name: Option<String>,
    /// A note; empty to remove it
    #[arg(long, allow_hyphen_values = true)]
    pub(super) note: Option<String>,
    #[command(flatten)]
    pub(super) figures: FigureArguments,
}

/// The figures of an entry besides its kcal. An empty one is removed.
#[derive(Debug, Args)]
pub(super) struct FigureArguments {
    /// How much was eaten or done, in units
    #[arg(long, allow_hyphen_values = true, value_name = "NUMBER")]
    pub(super) quantity: Option<String>,
    /// What the quantity counts: g, ml, portion, min, km
    #[arg(long, allow_hyphen_values = true)]
    pub(super) unit: Option<String>,
    /// Grams of protein, with at most one decimal
    #[arg(long, allow_hyphen_values = true, value_name = "GRAMS")]
    pub(super) protein: Option<String>,
    /// Grams of fat
    #[arg(long, allow_hyphen_values = true, value_name = "GRAMS")]
    pub(super) fat: Option<String>,
    /// Grams of carbohydrate
    #[arg(long, allow_hyphen_values = true, value_name = "GRAMS")]
    pub(super) carbohydrate: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct DeleteArguments {
    /// The entries' ids, or 4 characters or more of the beginning or end of each; `last` for the entry that was logged last
    #[arg(required = true, value_name = "ID")]
    pub(super) ids: Vec<String>,
}

/// Values of the profile; an empty one is removed.
#[derive(Debug, Args)]
pub(super) struct ProfileArguments {
    /// kcal per day, from today on; earlier days keep their target
    #[arg(
        long,
        allow_hyphen_values = true,
        value_name = "KCAL",
        conflicts_with = "targets"
    )]
    pub(super) target: Option<String>,
    /// kcal by weekday, from today on: seven numbers, Monday first, with commas between
    #[arg(long, allow_hyphen_values = true, value_name = "KCAL,…")]
    pub(super) targets: Option<String>,
    /// Body height
    #[arg(long, allow_hyphen_values = true, value_name = "CM")]
    pub(super) height: Option<String>,
    /// Body weight, from which the body mass index follows; `weight` notes a day's as well
    #[arg(long, allow_hyphen_values = true, value_name = "KG")]
    pub(super) weight: Option<String>,
    /// The time zone of days, such as Europe/Berlin; empty for the computer's
    #[arg(long, allow_hyphen_values = true, value_name = "ZONE")]
    pub(super) time_zone: Option<String>,
    /// The time at which a day begins, such as 04:00: what is logged earlier counts for the day before
    #[arg(long, allow_hyphen_values = true, value_name = "HH:MM")]
    pub(super) day_starts_at: Option<String>,
    /// Whether burned kcal are added to what remains
    #[arg(long, value_name = "BOOLEAN")]
    pub(super) count_exercise: Option<bool>,
}

#[derive(Debug, Args)]
pub(super) struct WeightArguments {
    /// The weight in kg; empty to remove the day's
    #[arg(allow_hyphen_values = true)]
    pub(super) kg: Option<String>,
    /// The day, today by default; without a weight, the last one that was noted until that day is shown
    #[arg(long, allow_hyphen_values = true, value_name = "DAY")]
    pub(super) date: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct SignInArguments {
    /// The user name
    pub(super) user: Option<String>,
    #[command(flatten)]
    pub(super) password: PasswordArguments,
}

#[derive(Debug, Args)]
pub(super) struct SignOutArguments {
    /// Remove the copy of the log from this computer too; without a session, that of every user of the profile
    #[arg(long)]
    pub(super) forget: bool,
}

/// The source of a password.
#[derive(Debug, Args)]
pub(super) struct PasswordArguments {
    /// Read the password from standard input; otherwise it is read from the environment variable
    /// `CALTRACK_PASSWORD` or the terminal
    #[arg(long)]
    pub(super) password_stdin: bool,
}

#[derive(Debug, Args)]
pub(super) struct SignUpArguments {
    /// The user name
    pub(super) user: String,
    /// The e-mail address for codes
    #[arg(long, value_name = "ADDRESS")]
    pub(super) email: Option<String>,
    #[command(flatten)]
    pub(super) password: PasswordArguments,
}

#[derive(Debug, Args)]
pub(super) struct ConfirmArguments {
    /// The user name
    pub(super) user: String,
    /// Six digits; without them, a new code is sent
    pub(super) code: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct ForgotPasswordArguments {
    /// The user name
    pub(super) user: String,
    /// The code that was sent
    #[arg(long)]
    pub(super) code: Option<String>,
    /// Also end every session of the account; otherwise they continue
    #[arg(long, requires = "code")]
    pub(super) sign_out_everywhere: bool,
    #[command(flatten)]
    pub(super) password: PasswordArguments,
}

#[derive(Debug, Args)]
pub(super) struct ConfigureArguments {
    /// The name of the profile: letters, digits, `-` and `_`
    pub(super) name: String,
    /// A file with the output of `aws cloudformation describe-stacks`; `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "amplify_outputs")]
    pub(super) stack_outputs: Option<PathBuf>,
    /// Amplify's `amplify_outputs.json` or `amplifyconfiguration.json`; `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(super) amplify_outputs: Option<PathBuf>,
    /// The AppSync API: `https://….appsync-api.REGION.amazonaws.com/graphql`
    #[arg(long, value_name = "URL")]
    pub(super) graphql_endpoint: Option<String>,
    /// The AWS region, such as eu-west-1; by default that of the user pool's id
    #[arg(long)]
    pub(super) region: Option<String>,
    /// The id of the user pool, such as `eu-west-1_AbC123`
    #[arg(long, value_name = "ID")]
    pub(super) user_pool_id: Option<String>,
    /// The id of the pool's app client, which must have no secret
    #[arg(long, value_name = "ID")]
    pub(super) client_id: Option<String>,
    /// The address for subscriptions, if it isn't derived from that of the API
    #[arg(long, value_name = "URL")]
    pub(super) realtime_endpoint: Option<String>,
    /// The address of the user pool, if it isn't AWS's of the region
    #[arg(long, value_name = "URL")]
    pub(super) cognito_endpoint: Option<String>,
    /// The id of the identity pool, stored with the profile; signing in by the user pool doesn't need it
    #[arg(long, value_name = "ID")]
    pub(super) identity_pool_id: Option<String>,
}
