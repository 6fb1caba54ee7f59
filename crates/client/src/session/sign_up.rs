//! The response to a sign-up.

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
