//! Users as the user pool knows them.

/// A user of the user pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user name in the pool's spelling.
    pub username: String,
    /// The pool's unchanging id of the user; every row is keyed by it.
    pub sub: String,
}

/// The response to a sign-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignUp {
    /// Whether the user can sign in at once, without a confirmation code.
    pub confirmed: bool,
    /// The pool's id of the new user.
    pub sub: String,
    /// Where the confirmation code was sent, masked by the pool (`a***@e***`).
    pub sent_to: Option<String>,
}
