//! Names of users.

/// The case-insensitive form of a name: the pool is deployed with `CaseSensitive: false`.
pub(crate) fn fold(name: &str) -> String {
    name.to_lowercase()
}
