//! The forms about the account: what each has to be filled in, and what it then asks for.

use caltrack_domain::checked_user_name;

use super::ask::{AccountAsk, Challenge, CodeBy, Wanted};
use crate::app::{Failure, FailureKind, Password, text_field::TextField};

/// Longer than Cognito allows any of them to be.
const LIMIT: usize = 300;
/// Longer than any code, so that one pasted with blanks fits.
const CODE_LIMIT: usize = 16;

/// Which form it is, and what it already knows.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Name and password.
    SignIn,
    /// A new user.
    SignUp,
    /// A new user's code.
    Confirm {
        /// Whose.
        username: String,
        /// As typed before, to sign in right after.
        password: Option<Password>,
    },
    /// Whose password is forgotten.
    Forgot,
    /// The code and the new password.
    Reset {
        /// Whose.
        username: String,
    },
    /// What the pool asked for after the password.
    Challenge(Challenge),
    /// The present password and the new one.
    ChangePassword,
    /// A new authenticator of whoever is signed in.
    Authenticator {
        /// The user name, which the authenticator shows.
        username: String,
        /// Base32.
        secret: Password,
    },
}

/// One line of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What it is.
    pub label: &'static str,
    /// What was typed.
    pub field: TextField,
    /// Whether it may stay empty.
    pub optional: bool,
}

fn text(label: &'static str) -> Entry {
    Entry {
        label,
        field: TextField::new(LIMIT),
        optional: false,
    }
}

fn secret(label: &'static str) -> Entry {
    Entry {
        field: TextField::secret(LIMIT),
        ..text(label)
    }
}

fn code() -> Entry {
    Entry {
        field: TextField::new(CODE_LIMIT),
        ..text("Code")
    }
}

const POLICY: &str = "8 characters or more: upper and lower case, a digit and a symbol";

impl Step {
    /// Its lines, from the top.
    pub(super) fn entries(&self) -> Vec<Entry> {
        match self {
            Self::SignIn => vec![text("User name"), secret("Password")],
            Self::SignUp => vec![
                text("User name"),
                Entry {
                    optional: true,
                    ..text("E-mail")
                },
                secret("Password"),
            ],
            Self::Confirm { .. } | Self::Authenticator { .. } => vec![code()],
            Self::Forgot => vec![text("User name")],
            Self::Reset { .. } => vec![code(), secret("New password")],
            Self::Challenge(challenge) => match challenge.wanted {
                Wanted::NewPassword => vec![secret("New password")],
                Wanted::Code(_) | Wanted::Enrolment(_) => vec![code()],
            },
            Self::ChangePassword => vec![secret("Password now"), secret("New password")],
        }
    }

    /// Its heading.
    pub fn title(&self) -> &'static str {
        match self {
            Self::SignIn => "Sign in",
            Self::SignUp => "Create an account",
            Self::Confirm { .. } => "Confirm the account",
            Self::Forgot | Self::Reset { .. } => "Forgotten password",
            Self::Challenge(challenge) => match challenge.wanted {
                Wanted::NewPassword => "A password of your own",
                Wanted::Code(_) => "One more step",
                Wanted::Enrolment(_) => "Set up an authenticator",
            },
            Self::ChangePassword => "Change the password",
            Self::Authenticator { .. } => "Set up an authenticator",
        }
    }

    /// What to do.
    pub fn hint(&self) -> String {
        match self {
            Self::SignIn => "Enter signs in; the password is not kept".to_owned(),
            Self::SignUp => format!("{POLICY}; the e-mail may stay empty"),
            Self::Confirm { username, .. } => {
                format!("Type the code that was sent to {username}; Ctrl-R sends another")
            }
            Self::Forgot => "Enter has a code sent, by which you choose a new password".to_owned(),
            Self::Reset { .. } => format!("Ctrl-R sends another code. {POLICY}"),
            Self::Challenge(challenge) => match challenge.wanted {
                Wanted::NewPassword => format!("Choose one in place of the one you were given: {POLICY}"),
                Wanted::Code(CodeBy::Authenticator) => {
                    "Type the six digits that your authenticator shows now".to_owned()
                }
                Wanted::Code(CodeBy::Sms) => "Type the code of the text message that was sent".to_owned(),
                Wanted::Code(CodeBy::Email) => "Type the code of the e-mail that was sent".to_owned(),
                Wanted::Enrolment(_) => ENROL.to_owned(),
            },
            Self::ChangePassword => POLICY.to_owned(),
            Self::Authenticator { .. } => ENROL.to_owned(),
        }
    }

    /// What an authenticator is to learn: its secret, and the user name that it shows.
    pub fn enrolment(&self) -> Option<(&Password, &str)> {
        match self {
            Self::Challenge(Challenge {
                wanted: Wanted::Enrolment(secret),
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

    /// Refuses the name of a new user that no pool takes; it is typed in the first line.
    pub(super) fn check(&self, entries: &[Entry]) -> Result<(), Failure> {
        let Self::SignUp = self else {
            return Ok(());
        };
        let name = entries.first().map_or("", |entry| entry.field.value());
        match checked_user_name(name.trim()) {
            Ok(_) => Ok(()),
            Err(error) => Err(Failure::new(FailureKind::Value, error.to_string())),
        }
    }

    /// What the filled form asks for.
    pub(super) fn ask(&self, entries: &[Entry]) -> AccountAsk {
        let typed = |at: usize| entries.get(at).map_or("", |entry| entry.field.value());
        let word = |at: usize| typed(at).trim().to_owned();
        // Codes are shown and mailed in groups.
        let digits = |at: usize| typed(at).split_whitespace().collect::<String>();
        let password = |at: usize| Password::new(typed(at));
        match self {
            Self::SignIn => AccountAsk::SignIn {
                username: word(0),
                password: password(1),
            },
            Self::SignUp => AccountAsk::SignUp {
                username: word(0),
                email: Some(word(1)).filter(|email| !email.is_empty()),
                password: password(2),
            },
            Self::Confirm { username, password } => AccountAsk::Confirm {
                username: username.clone(),
                code: digits(0),
                password: password.clone(),
            },
            Self::Forgot => AccountAsk::Forgot { username: word(0) },
            Self::Reset { username } => AccountAsk::Reset {
                username: username.clone(),
                code: digits(0),
                password: password(1),
            },
            Self::Challenge(challenge) => AccountAsk::Answer {
                challenge: challenge.clone(),
                answer: match challenge.wanted {
                    Wanted::NewPassword => password(0),
                    Wanted::Code(_) | Wanted::Enrolment(_) => Password::new(digits(0)),
                },
            },
            Self::ChangePassword => AccountAsk::ChangePassword {
                previous: password(0),
                proposed: password(1),
            },
            Self::Authenticator { .. } => AccountAsk::FinishAuthenticator { code: digits(0) },
        }
    }

    /// What has another code sent.
    pub(super) fn resend(&self) -> Option<AccountAsk> {
        match self {
            Self::Confirm { username, .. } => Some(AccountAsk::Resend {
                username: username.clone(),
            }),
            Self::Reset { username } => Some(AccountAsk::Forgot {
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
