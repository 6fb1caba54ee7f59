//! Values that may begin with a minus sign.

/// A value that may begin with a minus sign, such as `-1d`, but is no option.
pub(super) fn no_option(text: &str) -> Result<String, &'static str> {
    if text.starts_with("--") {
        Err("there is no such option")
    } else {
        Ok(text.to_owned())
    }
}
