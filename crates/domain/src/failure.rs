//! The kinds of failure that users, commands and scripts distinguish.

use strum::IntoStaticStr;

/// A kind of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum FailureKind {
    /// Arguments or settings that are invalid.
    Usage,
    /// A value is outside its range or format.
    Value,
    /// A value is missing, such as the kcal of a quick line.
    Ask,
    /// No such entry, or it was deleted meanwhile.
    NotFound,
    /// The backend denies the user the call, or the password is wrong.
    Unauthorized,
    /// There is no session, or it has ended.
    SignedOut,
    /// No response; the request may or may not have arrived.
    Unreachable,
    /// The entry was edited elsewhere meanwhile.
    Conflict,
    /// The backend rejects the values.
    Rejected,
    /// The backend is overloaded; a retry later may succeed.
    Busy,
    /// A disk or a file can't be read or written.
    Storage,
    /// A fault in a program, not in the request.
    Internal,
}

impl FailureKind {
    /// The name in the commands' JSON (`error.kind`), in snake case.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_snake_case() {
        assert_eq!(FailureKind::SignedOut.name(), "signed_out");
        assert_eq!(FailureKind::NotFound.name(), "not_found");
        assert_eq!(FailureKind::Internal.name(), "internal");
    }
}
