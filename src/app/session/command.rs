//! What can be done about the account, and the user pool's answers. Plain data.

use crate::app::{model::Account, password::Password};

/// Something that the user pool is to do for the account.
#[derive(Debug, Clone, PartialEq)]
pub enum AccountCommand {
    /// Sign in as the account on this computer, which is created if there is none.
    StartOnThisComputer,
    /// Sign in by name and password.
    SignIn {
        /// The user name in the pool.
        username: String,
        /// The password as typed.
        password: Password,
    },
    /// Create a user in the pool, and sign in where no code is needed.
    SignUp {
        /// The user name in the pool.
        username: String,
        /// The address for codes, if the user gave one.
        email: Option<String>,
        /// The password as typed.
        password: Password,
    },
    /// Confirm a new user by a code, then sign in where the password is known.
    Confirm {
        /// The user name in the pool.
        username: String,
        /// The code, six digits.
        code: String,
        /// The password that was typed before.
        password: Option<Password>,
    },
    /// Send another code to a new user.
    Resend {
        /// The user name in the pool.
        username: String,
    },
    /// Send a code by which a forgotten password can be replaced.
    Forgot {
        /// The user name in the pool.
        username: String,
    },
    /// Replace a forgotten password, and sign in.
    Reset {
        /// The user name in the pool.
        username: String,
        /// The code, six digits.
        code: String,
        /// The password that replaces it.
        password: Password,
    },
    /// Answer the pool's challenge.
    Answer {
        /// The challenge that the pool sent.
        challenge: Challenge,
        /// A new password, or a code.
        answer: Password,
    },
    /// Change the password of the signed-in user.
    ChangePassword {
        /// The password that is replaced.
        previous: Password,
        /// The password that replaces it.
        proposed: Password,
    },
    /// Generate a secret for an authenticator of the signed-in user.
    BeginAuthenticator,
    /// Prove that the authenticator has the secret; from then on, signing in requires its codes.
    FinishAuthenticator {
        /// The code, six digits.
        code: String,
    },
    /// Turn off two-step sign-in: signing in requires no code any more.
    TurnOffTwoStep,
}

/// The user pool's answer.
#[derive(Debug, Clone, PartialEq)]
pub enum AccountAnswer {
    /// The session is open.
    SignedIn(Account),
    /// The pool requires more than the password.
    Challenged(Challenge),
    /// The user exists, but isn't confirmed by a code yet.
    NotConfirmed,
    /// A code was sent.
    CodeSent {
        /// Where it is, in a sentence.
        notice: String,
    },
    /// The user can sign in now.
    Confirmed,
    /// The secret of an authenticator, in base32.
    Secret(Password),
    /// The command was executed.
    Executed,
}

/// What the pool requires after the password.
#[derive(Debug, Clone, PartialEq)]
pub struct Challenge {
    /// The kind of challenge.
    pub kind: ChallengeKind,
    /// The pool's name of the user.
    pub user_id: String,
    /// The pool's session, which links the answer to the attempt; as powerful as a password for some minutes.
    pub session: Password,
}

/// The kinds of challenge.
#[derive(Debug, Clone, PartialEq)]
pub enum ChallengeKind {
    /// The user must choose a password.
    NewPassword,
    /// A code is required.
    Code(CodeSource),
    /// An authenticator must be set up with this secret (base32), and its first code is required.
    Enrolment(Password),
}

/// Where a code comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeSource {
    /// An authenticator, such as a phone's.
    Authenticator,
    /// A text message to the user's phone.
    Sms,
    /// An e-mail to the user.
    Email,
}
