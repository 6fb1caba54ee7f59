//! Reads members of requests.

use serde_json::Value;

use super::CognitoError;

/// A member that must be there, a text that isn't empty.
pub(super) fn required<'a>(body: &'a Value, name: &str) -> Result<&'a str, CognitoError> {
    optional(body, name)
        .filter(|text| !text.is_empty())
        .ok_or_else(|| CognitoError::invalid_parameter(format!("Missing required parameter {name}")))
}

/// A text, where it is there.
pub(super) fn optional<'a>(body: &'a Value, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str)
}

/// A user name: 1 to 128 characters, none of them white space or control.
pub(super) fn username(name: &str) -> Result<&str, CognitoError> {
    let bad = |c: char| c.is_whitespace() || c.is_control();
    if name.is_empty() || name.chars().count() > 128 || name.contains(bad) {
        let message = "1 validation error detected: Value at 'username' failed to satisfy constraint: Member must have 1 to 128 characters without spaces";
        return Err(CognitoError::invalid_parameter(message));
    }
    Ok(name)
}

/// Checks a new password by Cognito's default policy.
pub(super) fn password(password: &str) -> Result<(), CognitoError> {
    const SYMBOLS: &str = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-";
    let wrong = |what: &str| {
        let message = format!("Password did not conform with policy: {what}");
        Err(CognitoError::new("InvalidPasswordException", message))
    };
    let has = |kind: fn(char) -> bool| password.contains(kind);
    match () {
        () if password.chars().count() < 8 => wrong("Password not long enough"),
        () if password.chars().count() > 256 || has(char::is_whitespace) => {
            wrong("Password must not contain spaces, and at most 256 characters")
        }
        () if !has(char::is_uppercase) => wrong("Password must have uppercase characters"),
        () if !has(char::is_lowercase) => wrong("Password must have lowercase characters"),
        () if !has(|c| c.is_ascii_digit()) => wrong("Password must have numeric characters"),
        () if !has(|c| SYMBOLS.contains(c)) => wrong("Password must have symbol characters"),
        () => Ok(()),
    }
}
