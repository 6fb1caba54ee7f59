//! What the account's forms ask the user pool, and what it answers. Plain data.

use crate::app::{Account, Password};

/// Something to be done about the account.
#[derive(Debug, Clone, PartialEq)]
pub enum AccountAsk {
    /// Sign in as the account on this computer, making it first where there is none.
    StartOnThisComputer,
    /// Sign in.
    SignIn {
        /// The user name.
        username: String,
        /// The password.
        password: Password,
    },
    /// Make a user of the pool, and sign in where no code is needed.
    SignUp {
        /// The user name.
        username: String,
        /// For codes; none where the user gave none.
        email: Option<String>,
        /// The password.
        password: Password,
    },
    /// Confirm a new user by a code, then sign in where the password is known.
    Confirm {
        /// The user name.
        username: String,
        /// Six digits.
        code: String,
        /// The password that was typed before.
        password: Option<Password>,
    },
    /// Send another code to a new user.
    Resend {
        /// The user name.
        username: String,
    },
    /// Send a code by which a forgotten password can be replaced.
    Forgot {
        /// The user name.
        username: String,
    },
    /// Replace a forgotten password, and sign in.
    Reset {
        /// The user name.
        username: String,
        /// Six digits.
        code: String,
        /// The new password.
        password: Password,
    },
    /// Answer what the pool asked for after the password.
    Answer {
        /// As it was asked.
        challenge: Challenge,
        /// A new password, or a code.
        answer: Password,
    },
    /// Change the password of whoever is signed in.
    ChangePassword {
        /// The present one.
        previous: Password,
        /// The new one.
        proposed: Password,
    },
    /// Have a secret made for an authenticator of whoever is signed in.
    BeginAuthenticator,
    /// Prove that the authenticator has it; from then on, sign-in asks for its codes.
    FinishAuthenticator {
        /// Six digits.
        code: String,
    },
    /// Have sign-in ask for no code any more.
    DropAuthenticator,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub enum AccountAnswer {
    /// The session stands.
    SignedIn(Account),
    /// The pool asks for more.
    Asked(Challenge),
    /// The user exists, but isn't confirmed by a code yet.
    NotConfirmed,
    /// A code is on its way.
    CodeSent {
        /// Where it is to be found, in a sentence.
        said: String,
    },
    /// The user can sign in now.
    Confirmed,
    /// The secret of an authenticator, in base32.
    Secret(Password),
    /// It is done.
    Done,
}

/// What the pool asks for after the password.
#[derive(Debug, Clone, PartialEq)]
pub struct Challenge {
    /// What it wants.
    pub wanted: Wanted,
    /// The pool's name of the user.
    pub user_id: String,
    /// What ties the answer to the attempt; as good as a password for some minutes.
    pub session: Password,
}

/// What the pool wants besides the password.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// A password of the user's own.
    NewPassword,
    /// A code.
    Code(CodeBy),
    /// The first code of an authenticator that gets this secret (base32).
    Enrolment(Password),
}

/// Where a code comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeBy {
    /// An authenticator, such as a phone's.
    Authenticator,
    /// A text message.
    Sms,
    /// An e-mail.
    Email,
}
