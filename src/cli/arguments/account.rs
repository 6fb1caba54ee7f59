//! The arguments of commands on the account.

use clap::Args;

#[derive(Debug, Args)]
pub(in crate::cli) struct SignInArguments {
    /// The user name
    pub(in crate::cli) user: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) password: PasswordArguments,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct SignOutArguments {
    /// Remove the copy of the log from this computer too; without a session, that of every user of the profile
    #[arg(long)]
    pub(in crate::cli) forget: bool,
}

/// The source of a password.
#[derive(Debug, Args)]
pub(in crate::cli) struct PasswordArguments {
    /// Read the password from standard input; otherwise it is read from the environment variable
    /// `CALTRACK_PASSWORD` or the terminal
    #[arg(long)]
    pub(in crate::cli) password_stdin: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct SignUpArguments {
    /// The user name
    pub(in crate::cli) user: String,
    /// The e-mail address for codes
    #[arg(long, value_name = "ADDRESS")]
    pub(in crate::cli) email: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) password: PasswordArguments,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ConfirmArguments {
    /// The user name
    pub(in crate::cli) user: String,
    /// Six digits; without them, a new code is sent
    pub(in crate::cli) code: Option<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ForgotPasswordArguments {
    /// The user name
    pub(in crate::cli) user: String,
    /// The code that was sent
    #[arg(long)]
    pub(in crate::cli) code: Option<String>,
    /// Also end every session of the account; otherwise they continue
    #[arg(long, requires = "code")]
    pub(in crate::cli) sign_out_everywhere: bool,
    #[command(flatten)]
    pub(in crate::cli) password: PasswordArguments,
}
