//! Environment variables.

use std::ffi::OsString;

/// A variable's value. An empty one counts as unset, as with the shells' `${NAME:-default}` and <https://no-color.org>.
pub fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
