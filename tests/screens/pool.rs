//! The commands to the user pool, and its answers.

pub(crate) use caltrack_tui::app::session::command::ChallengeKind;
use caltrack_tui::app::{
    Account, Password,
    session::command::{AccountAnswer, AccountCommand, Challenge, CodeSource},
};

pub(crate) type Command = AccountCommand;
pub(crate) type Answer = AccountAnswer;

/// The key of an authenticator, as long as Cognito's.
pub(crate) const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSW";

pub(crate) fn account(name: &str) -> Account {
    Account {
        username: name.to_owned(),
        sub: format!("sub-{name}"),
    }
}

/// The commands that the tests expect.
pub(crate) mod command {
    use super::{Challenge, ChallengeKind, Command, Password};

    pub(crate) fn start_here() -> Command {
        Command::StartOnThisComputer
    }

    pub(crate) fn sign_in(username: &str, password: &str) -> Command {
        Command::SignIn {
            username: username.to_owned(),
            password: Password::new(password),
        }
    }

    pub(crate) fn sign_up(username: &str, email: Option<&str>, password: &str) -> Command {
        Command::SignUp {
            username: username.to_owned(),
            email: email.map(str::to_owned),
            password: Password::new(password),
        }
    }

    pub(crate) fn confirm(username: &str, code: &str, password: Option<&str>) -> Command {
        Command::Confirm {
            username: username.to_owned(),
            code: code.to_owned(),
            password: password.map(Password::new),
        }
    }

    pub(crate) fn resend(username: &str) -> Command {
        Command::Resend {
            username: username.to_owned(),
        }
    }

    pub(crate) fn forgot(username: &str) -> Command {
        Command::Forgot {
            username: username.to_owned(),
        }
    }

    pub(crate) fn reset(username: &str, code: &str, password: &str) -> Command {
        Command::Reset {
            username: username.to_owned(),
            code: code.to_owned(),
            password: Password::new(password),
        }
    }

    /// The response to the challenge that [`super::challenge_for`] makes of `kind`.
    pub(crate) fn respond(kind: ChallengeKind, response: &str) -> Command {
        Command::Answer {
            challenge: Challenge {
                kind,
                user_id: "alice".to_owned(),
                session: Password::new(super::SESSION),
            },
            answer: Password::new(response),
        }
    }

    pub(crate) fn change_password(previous: &str, proposed: &str) -> Command {
        Command::ChangePassword {
            previous: Password::new(previous),
            proposed: Password::new(proposed),
        }
    }

    pub(crate) fn begin_authenticator() -> Command {
        Command::BeginAuthenticator
    }

    pub(crate) fn finish_authenticator(code: &str) -> Command {
        Command::FinishAuthenticator {
            code: code.to_owned(),
        }
    }

    pub(crate) fn drop_authenticator() -> Command {
        Command::TurnOffTwoStep
    }
}

/// The session of every challenge; as secret as a password.
pub(crate) const SESSION: &str = "s-1";

pub(crate) fn signed_in(name: &str) -> Answer {
    Answer::SignedIn(account(name))
}

pub(crate) fn not_confirmed() -> Answer {
    Answer::NotConfirmed
}

pub(crate) fn confirmed() -> Answer {
    Answer::Confirmed
}

pub(crate) fn done() -> Answer {
    Answer::Executed
}

/// A key for the authenticator of a signed-in user.
pub(crate) fn secret() -> Answer {
    Answer::Secret(Password::new(SECRET))
}

pub(crate) fn code_sent(to: &str) -> Answer {
    Answer::CodeSent {
        notice: format!("A code was sent to {to}"),
    }
}

pub(crate) fn challenge_for(kind: ChallengeKind) -> Answer {
    Answer::Challenged(Challenge {
        kind,
        user_id: "alice".to_owned(),
        session: Password::new(SESSION),
    })
}

pub(crate) fn new_password() -> ChallengeKind {
    ChallengeKind::NewPassword
}

pub(crate) fn authenticator_code() -> ChallengeKind {
    ChallengeKind::Code(CodeSource::Authenticator)
}

pub(crate) fn sms_code() -> ChallengeKind {
    ChallengeKind::Code(CodeSource::Sms)
}

pub(crate) fn email_code() -> ChallengeKind {
    ChallengeKind::Code(CodeSource::Email)
}

/// An authenticator is to be set up before the sign-in can end.
pub(crate) fn enrolment() -> ChallengeKind {
    ChallengeKind::Enrolment(Password::new(SECRET))
}
