//! Passwords in memory.

use std::fmt;

/// A password on its way from the form to the user pool. Never shown, and wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(zeroize::Zeroizing<String>);

impl Password {
    /// A password as it was typed.
    pub fn new(typed: impl Into<String>) -> Self {
        Self(zeroize::Zeroizing::new(typed.into()))
    }

    /// The password itself, for the user pool alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}
