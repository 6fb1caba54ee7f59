//! Users as the user pool identifies them.

/// A user of the user pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user name in the pool's spelling.
    pub username: String,
    /// The pool's unchanging id of the user; every row is keyed by it.
    pub sub: String,
}
