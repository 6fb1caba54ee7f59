//! The commands and their arguments.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand};

/// A calorie logger for the terminal. Without a command it opens the screens.
#[derive(Debug, Parser)]
#[command(name = "caltrack-tui", version, about, max_term_width = 100)]
pub(super) struct Cli {
    /// The backend to use, by its name in config.toml; `local` is in the box [env: `CALTRACK_PROFILE`]
    #[arg(long, global = true, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// Holds everything that is written [env: `CALTRACK_DATA_DIR`]
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) data_dir: Option<PathBuf>,
    /// The configuration, where it isn't config.toml in the data directory [env: `CALTRACK_CONFIG`]
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Answer in JSON
    #[arg(long, global = true)]
    pub(super) json: bool,
    #[command(subcommand)]
    pub(super) asked: Option<Asked>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Asked {
    #[command(flatten)]
    Command(Command),
    /// Serve the backend in the box on a TCP port of this computer, for other clients
    Serve(ServeArguments),
    /// Look whether everything works, and say what to do where it doesn't; changes nothing
    ///
    /// Ends with 0 where everything works, else as a command would that met the first thing that doesn't.
    Doctor,
    /// Write a profile: a backend by its addresses, to be used by `--profile NAME`
    Configure(ConfigureArguments),
}

/// What is done on a profile's backend, and answered.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Log an entry as typed in the quick line: `add lunch 650`, `add run 300`
    Add(AddArguments),
    /// Log an entry; prints its id
    Log(LogArguments),
    /// A day's entries
    List(ListArguments),
    /// Today's totals and entries
    ///
    /// With --json, `connection` is `live`: this is what the backend says now. Where it can't be reached, nothing is shown from
    /// memory; the command fails with exit code 4.
    Today,
    /// The totals of days
    Totals(TotalsArguments),
    /// The categories and their types
    Categories,
    /// Change an entry
    Edit(EditArguments),
    /// Delete an entry
    Delete(DeleteArguments),
    /// Make an account
    SignUp(SignUpArguments),
    /// Confirm a new account by the code that was sent
    Confirm(ConfirmArguments),
    /// Sign in; without a name, as the account on this computer
    ///
    /// Where the user pool asks for more than the password (a code, a new password), a terminal is asked, or the next line of
    /// standard input answers.
    SignIn(SignInArguments),
    /// End the session
    SignOut,
    /// Replace a forgotten password: has a code sent, and with --code takes the new password
    ForgotPassword(ForgotPasswordArguments),
    /// Who is signed in, and where
    Whoami,
}

#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// A loopback address; port 0 picks one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:20002")]
    pub(super) listen: SocketAddr,
    /// A certificate chain (PEM): https and wss
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(super) tls_cert: Option<PathBuf>,
    /// The certificate's key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(super) tls_key: Option<PathBuf>,
    /// A web origin whose pages may use it, such as `http://localhost:5173`; may be given several times
    #[arg(long, value_name = "ORIGIN")]
    pub(super) allow_origin: Vec<String>,
    /// Serve AWS's own APIs too, DynamoDB's and Cognito's for administrators, to whoever signs with the key in the file that is
    /// printed as `credentialsFile`; the key stays the same from start to start
    #[arg(long)]
    pub(super) expose_aws: bool,
}

#[derive(Debug, Args)]
pub(super) struct AddArguments {
    /// A type, kcal, and what it was
    #[arg(required = true, allow_negative_numbers = true, value_name = "TEXT")]
    pub(super) text: Vec<String>,
    #[command(flatten)]
    pub(super) moment: Moment,
    /// A UUID for it: a repeat by the same one logs nothing twice, and one of another entry is refused
    #[arg(long, value_name = "UUID")]
    pub(super) id: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct LogArguments {
    /// Such as Food
    pub(super) category: String,
    /// Such as Lunch
    #[arg(value_name = "TYPE")]
    pub(super) kind: String,
    /// A whole number from 0 to 99999
    #[arg(allow_hyphen_values = true)]
    pub(super) kcal: String,
    /// What it was
    #[arg(long, allow_hyphen_values = true)]
    pub(super) name: Option<String>,
    /// Anything else worth keeping
    #[arg(long, allow_hyphen_values = true)]
    pub(super) note: Option<String>,
    #[command(flatten)]
    pub(super) moment: Moment,
    /// A UUID for it: a repeat by the same one logs nothing twice, and one of another entry is refused
    #[arg(long, value_name = "UUID")]
    pub(super) id: Option<String>,
}

/// When something was eaten or done.
#[derive(Debug, Args)]
pub(super) struct Moment {
    /// Its day: 2026-11-23, today, yesterday, tomorrow, mon (the last one), -1d, +1d
    #[arg(long, allow_hyphen_values = true, value_name = "DAY")]
    pub(super) date: Option<String>,
    /// Its time of day: 07:30, 7:30pm
    #[arg(long, allow_hyphen_values = true, value_name = "TIME")]
    pub(super) at: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct ListArguments {
    /// Which day: 2026-11-23, today, yesterday, tomorrow, mon (the last one), -1d, +1d
    #[arg(long, allow_hyphen_values = true, value_name = "DAY")]
    pub(super) date: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct TotalsArguments {
    /// The first day; six days before the last one unless given
    #[arg(long, allow_hyphen_values = true, value_name = "DAY")]
    pub(super) from: Option<String>,
    /// The last day; today unless given
    #[arg(long, allow_hyphen_values = true, value_name = "DAY")]
    pub(super) to: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct EditArguments {
    /// The entry's id, as `list` shows it
    pub(super) id: String,
    /// A whole number from 0 to 99999
    #[arg(long, allow_hyphen_values = true)]
    pub(super) kcal: Option<String>,
    /// Such as Food
    #[arg(long)]
    pub(super) category: Option<String>,
    /// Such as Lunch
    #[arg(long = "type", value_name = "TYPE")]
    pub(super) kind: Option<String>,
    #[command(flatten)]
    pub(super) moment: Moment,
    /// What it was; empty to remove it
    #[arg(long, allow_hyphen_values = true)]
    pub(super) name: Option<String>,
    /// Anything else worth keeping; empty to remove it
    #[arg(long, allow_hyphen_values = true)]
    pub(super) note: Option<String>,
    /// How many portions; empty to remove it
    #[arg(long, allow_hyphen_values = true)]
    pub(super) quantity: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct DeleteArguments {
    /// The entry's id, as `list` shows it
    pub(super) id: String,
}

#[derive(Debug, Args)]
pub(super) struct SignInArguments {
    /// The user name
    pub(super) user: Option<String>,
    #[command(flatten)]
    pub(super) password: PasswordArguments,
}

/// Where a password comes from.
#[derive(Debug, Args)]
pub(super) struct PasswordArguments {
    /// Read the password from standard input; else it is taken from the environment's
    /// `CALTRACK_PASSWORD`, or asked for
    #[arg(long)]
    pub(super) password_stdin: bool,
}

#[derive(Debug, Args)]
pub(super) struct SignUpArguments {
    /// The user name
    pub(super) user: String,
    /// For codes
    #[arg(long, value_name = "ADDRESS")]
    pub(super) email: Option<String>,
    #[command(flatten)]
    pub(super) password: PasswordArguments,
}

#[derive(Debug, Args)]
pub(super) struct ConfirmArguments {
    /// The user name
    pub(super) user: String,
    /// Six digits; without them, another code is sent
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
    /// The profile: letters, digits, `-` and `_`
    pub(super) name: String,
    /// What `aws cloudformation describe-stacks` prints; `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "amplify_outputs")]
    pub(super) stack_outputs: Option<PathBuf>,
    /// Amplify's `amplify_outputs.json` or `amplifyconfiguration.json`; `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(super) amplify_outputs: Option<PathBuf>,
    /// The AppSync API: `https://….appsync-api.REGION.amazonaws.com/graphql`
    #[arg(long, value_name = "URL")]
    pub(super) graphql_endpoint: Option<String>,
    /// Such as eu-west-1; else the one that the user pool's id begins with
    #[arg(long)]
    pub(super) region: Option<String>,
    /// Such as `eu-west-1_AbC123`
    #[arg(long, value_name = "ID")]
    pub(super) user_pool_id: Option<String>,
    /// The pool's app client, one without a secret
    #[arg(long, value_name = "ID")]
    pub(super) client_id: Option<String>,
    /// Where it doesn't follow from the API's address
    #[arg(long, value_name = "URL")]
    pub(super) realtime_endpoint: Option<String>,
    /// Where it isn't AWS's of the region
    #[arg(long, value_name = "URL")]
    pub(super) cognito_endpoint: Option<String>,
    /// Kept with the profile; signing in by the user pool needs none
    #[arg(long, value_name = "ID")]
    pub(super) identity_pool_id: Option<String>,
}
