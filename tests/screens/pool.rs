//! What the screens ask the user pool, and what the pool may answer.

pub(crate) use caltrack_tui::app::session::command::ChallengeKind as Wanted;
use caltrack_tui::app::{
    Account, Password,
    session::command::{AccountAnswer, AccountCommand, Challenge, CodeSource},
};

pub(crate) type Ask = AccountCommand;
pub(crate) type Answer = AccountAnswer;

/// The key of an authenticator, as long as Cognito's.
pub(crate) const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSW";

pub(crate) fn account(name: &str) -> Account {
    Account {
        username: name.to_owned(),
        sub: format!("sub-{name}"),
    }
}

/// Questions that the tests expect.
pub(crate) mod ask {
    use super::{Ask, Challenge, Password, Wanted};

    pub(crate) fn start_here() -> Ask {
        Ask::StartOnThisComputer
    }

    pub(crate) fn sign_in(username: &str, password: &str) -> Ask {
        Ask::SignIn {
            username: username.to_owned(),
            password: Password::new(password),
        }
    }

    pub(crate) fn sign_up(username: &str, email: Option<&str>, password: &str) -> Ask {
        Ask::SignUp {
            username: username.to_owned(),
            email: email.map(str::to_owned),
            password: Password::new(password),
        }
    }

    pub(crate) fn confirm(username: &str, code: &str, password: Option<&str>) -> Ask {
        Ask::Confirm {
            username: username.to_owned(),
            code: code.to_owned(),
            password: password.map(Password::new),
        }
    }

    pub(crate) fn resend(username: &str) -> Ask {
        Ask::Resend {
            username: username.to_owned(),
        }
    }

    pub(crate) fn forgot(username: &str) -> Ask {
        Ask::Forgot {
            username: username.to_owned(),
        }
    }

    pub(crate) fn reset(username: &str, code: &str, password: &str) -> Ask {
        Ask::Reset {
            username: username.to_owned(),
            code: code.to_owned(),
            password: Password::new(password),
        }
    }

    /// The response to the challenge that [`super::challenge_for`] makes of `wanted`.
    pub(crate) fn respond(wanted: Wanted, response: &str) -> Ask {
        Ask::Answer {
            challenge: Challenge {
                kind: wanted,
                user_id: "alice".to_owned(),
                session: Password::new(super::SESSION),
            },
            answer: Password::new(response),
        }
    }

    pub(crate) fn change_password(previous: &str, proposed: &str) -> Ask {
        Ask::ChangePassword {
            previous: Password::new(previous),
            proposed: Password::new(proposed),
        }
    }

    pub(crate) fn begin_authenticator() -> Ask {
        Ask::BeginAuthenticator
    }

    pub(crate) fn finish_authenticator(code: &str) -> Ask {
        Ask::FinishAuthenticator {
            code: code.to_owned(),
        }
    }

    pub(crate) fn drop_authenticator() -> Ask {
        Ask::TurnOffTwoStep
    }
}

/// The session of every challenge. Secret: whoever has it can answer the challenge.
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
        notice: format!("A code is on its way to {to}"),
    }
}

pub(crate) fn challenge_for(wanted: Wanted) -> Answer {
    Answer::Challenged(Challenge {
        kind: wanted,
        user_id: "alice".to_owned(),
        session: Password::new(SESSION),
    })
}

pub(crate) fn new_password() -> Wanted {
    Wanted::NewPassword
}

pub(crate) fn authenticator_code() -> Wanted {
    Wanted::Code(CodeSource::Authenticator)
}

pub(crate) fn sms_code() -> Wanted {
    Wanted::Code(CodeSource::Sms)
}

pub(crate) fn email_code() -> Wanted {
    Wanted::Code(CodeSource::Email)
}

/// An authenticator is to be set up before the sign-in can end.
pub(crate) fn enrolment() -> Wanted {
    Wanted::Enrolment(Password::new(SECRET))
}
