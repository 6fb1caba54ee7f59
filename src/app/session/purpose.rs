//! The forms about the account: their inputs, and the command that each leads to.

use caltrack_domain::checked_user_name;

use super::command::{AccountCommand, Challenge, ChallengeKind, CodeSource};
use crate::app::{
    failure::{Failure, FailureKind},
    input::{action::Action, context::Context, keymap::Keymap, text_field::TextField},
    password::Password,
};

/// Longer than Cognito allows any of them to be.
const LIMIT: usize = 300;
/// Longer than any code, so that one pasted with blanks fits.
const CODE_LIMIT: usize = 16;

/// What a form is for, and what it already knows.
#[derive(Debug, Clone, PartialEq)]
pub enum Purpose {
    /// Sign in by name and password.
    SignIn,
    /// Create a user in the pool.
    SignUp,
    /// Confirm a new user by a code.
    Confirm {
        /// The user name in the pool.
        username: String,
        /// The password as typed before, to sign in right after.
        password: Option<Password>,
    },
    /// Request a code for a forgotten password.
    Forgot,
    /// Replace a forgotten password by its code.
    Reset {
        /// The user name in the pool.
        username: String,
    },
    /// Answer a challenge of the pool.
    Challenge(Challenge),
    /// Replace the current password.
    ChangePassword,
    /// Set up an authenticator of the signed-in user.
    Authenticator {
        /// The user name, which the authenticator shows.
        username: String,
        /// The secret, in base32.
        secret: Password,
    },
}

/// A line of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Its label in front of the text.
    pub label: &'static str,
    /// The text and the cursor.
    pub field: TextField,
    /// Whether it may stay empty.
    pub is_optional: bool,
}

fn text(label: &'static str) -> Input {
    Input {
        label,
        field: TextField::new(LIMIT),
        is_optional: false,
    }
}

fn secret(label: &'static str) -> Input {
    Input {
        field: TextField::secret(LIMIT),
        ..text(label)
    }
}

fn code() -> Input {
    Input {
        field: TextField::new(CODE_LIMIT),
        ..text("Code")
    }
}

const POLICY: &str = "8 characters or more: upper and lower case, a digit and a symbol";

impl Purpose {
    /// Its lines, from the top.
    pub(super) fn inputs(&self) -> Vec<Input> {
        match self {
            Self::SignIn => vec![text("User name"), secret("Password")],
            Self::SignUp => vec![
                text("User name"),
                Input {
                    is_optional: true,
                    ..text("E-mail")
                },
                secret("Password"),
            ],
            Self::Confirm { .. } | Self::Authenticator { .. } => vec![code()],
            Self::Forgot => vec![text("User name")],
            Self::Reset { .. } => vec![code(), secret("New password")],
            Self::Challenge(challenge) => match challenge.kind {
                ChallengeKind::NewPassword => vec![secret("New password")],
                ChallengeKind::Code(_) | ChallengeKind::Enrolment(_) => vec![code()],
            },
            Self::ChangePassword => vec![secret("Password now"), secret("New password")],
        }
    }

    /// The heading of the form.
    pub fn title(&self) -> &'static str {
        match self {
            Self::SignIn => "Sign in",
            Self::SignUp => "Create an account",
            Self::Confirm { .. } => "Confirm the account",
            Self::Forgot | Self::Reset { .. } => "Forgotten password",
            Self::Challenge(challenge) => match challenge.kind {
                ChallengeKind::NewPassword => "Choose a password",
                ChallengeKind::Code(_) => "One more step",
                ChallengeKind::Enrolment(_) => "Set up an authenticator",
            },
            Self::ChangePassword => "Change the password",
            Self::Authenticator { .. } => "Set up an authenticator",
        }
    }

    /// What the user is to do.
    pub fn hint(&self, keymap: &Keymap) -> String {
        let confirm = || keymap.confirm(Context::Account);
        let resend = || keymap.hint(Context::Account, Action::ResendCode);
        match self {
            Self::SignIn => format!("{} signs in; the password is not kept", confirm()),
            Self::SignUp => format!("{POLICY}; the e-mail is optional"),
            Self::Confirm { username, .. } => {
                format!(
                    "Type the code that was sent to {username}; {} sends another",
                    resend()
                )
            }
            Self::Forgot => format!("{} sends a code for choosing a new password", confirm()),
            Self::Reset { .. } => format!("{} sends another code. {POLICY}", resend()),
            Self::Challenge(challenge) => match challenge.kind {
                ChallengeKind::NewPassword => {
                    format!("It replaces the temporary password: {POLICY}")
                }
                ChallengeKind::Code(CodeSource::Authenticator) => {
                    "Type the six digits that your authenticator shows now".to_owned()
                }
                ChallengeKind::Code(CodeSource::Sms) => {
                    "Type the code of the text message that was sent".to_owned()
                }
                ChallengeKind::Code(CodeSource::Email) => {
                    "Type the code of the e-mail that was sent".to_owned()
                }
                ChallengeKind::Enrolment(_) => ENROL.to_owned(),
            },
            Self::ChangePassword => POLICY.to_owned(),
            Self::Authenticator { .. } => ENROL.to_owned(),
        }
    }

    /// What is added to an authenticator: the secret, and the user name that it shows.
    pub fn enrolment(&self) -> Option<(&Password, &str)> {
        match self {
            Self::Challenge(Challenge {
                kind: ChallengeKind::Enrolment(secret),
                user_id,
                ..
            }) => Some((secret, user_id)),
            Self::Authenticator { username, secret } => Some((secret, username)),
            Self::SignIn
            | Self::SignUp
            | Self::Confirm { .. }
            | Self::Forgot
            | Self::Reset { .. }
            | Self::Challenge(_)
            | Self::ChangePassword => None,
        }
    }

    /// Checks the name of a new user, which is typed in the first line.
    pub(super) fn check(&self, inputs: &[Input]) -> Result<(), Failure> {
        let Self::SignUp = self else {
            return Ok(());
        };
        let name = inputs.first().map_or("", |input| input.field.value());
        match checked_user_name(name.trim()) {
            Ok(_) => Ok(()),
            Err(error) => Err(Failure::new(FailureKind::Value, error.to_string())),
        }
    }

    /// The command of the filled form.
    pub(super) fn command(&self, inputs: &[Input]) -> AccountCommand {
        let typed = |at: usize| inputs.get(at).map_or("", |input| input.field.value());
        let word = |at: usize| typed(at).trim().to_owned();
        // Codes are shown and mailed in groups of digits.
        let digits = |at: usize| typed(at).split_whitespace().collect::<String>();
        let password = |at: usize| Password::new(typed(at));
        match self {
            Self::SignIn => AccountCommand::SignIn {
                username: word(0),
                password: password(1),
            },
            Self::SignUp => AccountCommand::SignUp {
                username: word(0),
                email: Some(word(1)).filter(|email| !email.is_empty()),
                password: password(2),
            },
            Self::Confirm { username, password } => AccountCommand::Confirm {
                username: username.clone(),
                code: digits(0),
                password: password.clone(),
            },
            Self::Forgot => AccountCommand::Forgot { username: word(0) },
            Self::Reset { username } => AccountCommand::Reset {
                username: username.clone(),
                code: digits(0),
                password: password(1),
            },
            Self::Challenge(challenge) => AccountCommand::Answer {
                challenge: challenge.clone(),
                answer: match challenge.kind {
                    ChallengeKind::NewPassword => password(0),
                    ChallengeKind::Code(_) | ChallengeKind::Enrolment(_) => Password::new(digits(0)),
                },
            },
            Self::ChangePassword => AccountCommand::ChangePassword {
                previous: password(0),
                proposed: password(1),
            },
            Self::Authenticator { .. } => AccountCommand::FinishAuthenticator { code: digits(0) },
        }
    }

    /// The command that sends another code; none where no code was sent.
    pub(super) fn resend(&self) -> Option<AccountCommand> {
        match self {
            Self::Confirm { username, .. } => Some(AccountCommand::Resend {
                username: username.clone(),
            }),
            Self::Reset { username } => Some(AccountCommand::Forgot {
                username: username.clone(),
            }),
            Self::SignIn
            | Self::SignUp
            | Self::Forgot
            | Self::Challenge(_)
            | Self::ChangePassword
            | Self::Authenticator { .. } => None,
        }
    }
}

const ENROL: &str =
    "Add this to your authenticator by its camera or by hand, then type the code that it shows";
