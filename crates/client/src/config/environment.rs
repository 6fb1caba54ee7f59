//! Environment variables.

use std::ffi::OsString;

/// The value of an environment variable. An empty value counts as unset, as for the shells' `${NAME:-default}` and
/// <https://no-color.org>.
pub fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
