//! Whose rows they are.

/// The owner of rows: a user of a profile. Rows are never sent as another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutboxOwner {
    /// The name of the profile.
    pub profile: String,
    /// The user pool's id of the user (`sub`).
    pub sub: String,
}
