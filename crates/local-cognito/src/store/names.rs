//! Names of users.

/// A name without regard to case: the pool is deployed with `CaseSensitive: false`.
pub(crate) fn fold(name: &str) -> String {
    name.to_lowercase()
}
