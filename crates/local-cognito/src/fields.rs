//! Reads members of requests.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::CognitoError;

/// The pattern of a user name (API reference, `UsernameType`).
const USERNAME: &str = r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+";
/// The pattern of a password (API reference, `PasswordType`); it doesn't check the strength.
const PASSWORD: &str = r"^[\S]+.*[\S]+$";
/// The symbols of the guide ("Adding user pool password requirements"), and a space within the password.
const SYMBOLS: &str = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ";

static USERNAMES: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a constant, which the tests use")]
    Regex::new(&format!("^{USERNAME}$")).expect("a pattern")
});

/// A required member: a text that isn't empty.
pub(super) fn required<'a>(body: &'a Value, name: &str) -> Result<&'a str, CognitoError> {
    optional(body, name)
        .filter(|text| !text.is_empty())
        .ok_or_else(|| CognitoError::invalid_parameter(format!("Missing required parameter {name}")))
}

/// An optional member that is a text.
pub(super) fn optional<'a>(body: &'a Value, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str)
}

/// Checks a user name: 1 to 128 characters of Cognito's classes, without white space, control and format characters.
pub(super) fn username(name: &str) -> Result<&str, CognitoError> {
    if utf16_length(name) > 128 {
        return Err(invalid(
            "username",
            "Member must have length less than or equal to 128",
        ));
    }
    if !USERNAMES.is_match(name) {
        let constraint = format!("Member must satisfy regular expression pattern: {USERNAME}");
        return Err(invalid("username", &constraint));
    }
    Ok(name)
}

/// Checks a new password: its format, then the policy of the deployed pool (Cognito's default). `member` is its name in
/// the request.
pub(super) fn password<'a>(password: &'a str, member: &str) -> Result<&'a str, CognitoError> {
    if utf16_length(password) > 256 {
        return Err(invalid(
            member,
            "Member must have length less than or equal to 256",
        ));
    }
    if !is_of_the_form(password) {
        let constraint = format!("Member must satisfy regular expression pattern: {PASSWORD}");
        return Err(invalid(member, &constraint));
    }
    let wrong = |what: &str| {
        let message = format!("Password did not conform with policy: {what}");
        Err(CognitoError::new("InvalidPasswordException", message))
    };
    let has = |kind: fn(char) -> bool| password.contains(kind);
    match () {
        () if utf16_length(password) < 8 => wrong("Password not long enough"),
        // In the guide, upper case, lower case and numbers are those of Basic Latin.
        () if !has(|c| c.is_ascii_uppercase()) => wrong("Password must have uppercase characters"),
        () if !has(|c| c.is_ascii_lowercase()) => wrong("Password must have lowercase characters"),
        () if !has(|c| c.is_ascii_digit()) => wrong("Password must have numeric characters"),
        () if !has(|c| SYMBOLS.contains(c)) => wrong("Password must have symbol characters"),
        () => Ok(password),
    }
}

/// Whether a text matches [`PASSWORD`] as Java does: `\S` excludes ASCII white space, and `.` line terminators.
fn is_of_the_form(password: &str) -> bool {
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\u{b}' | '\u{c}' | '\r');
    let is_line_end = |c: char| matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let mut characters = password.chars();
    let ends = (characters.next(), characters.next_back());
    matches!(ends, (Some(first), Some(last)) if !is_space(first) && !is_space(last))
        && !password.contains(is_line_end)
}

/// Characters as Cognito counts them.
pub(super) fn utf16_length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A member that breaks a rule of the API's model.
pub(super) fn invalid(member: &str, constraint: &str) -> CognitoError {
    CognitoError::invalid_parameter(format!(
        "1 validation error detected: Value at '{member}' failed to satisfy constraint: {constraint}"
    ))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::space_inside("Aa1 interior x", None)]
    #[case::only_symbol_is_a_space("Aa1 interiorx", None)]
    #[case::leading_space(" Aa1!leading", Some("InvalidParameterException"))]
    #[case::trailing_space("Aa1!trailing ", Some("InvalidParameterException"))]
    #[case::leading_tab("\tAa1!leading", Some("InvalidParameterException"))]
    #[case::a_line_end_inside("Aa1!two\nlines", Some("InvalidParameterException"))]
    #[case::one_character("A", Some("InvalidParameterException"))]
    #[case::utf_16_counts("Aa1!😀😀", None)]
    #[case::seven_units("Aa1!😀x", Some("InvalidPasswordException"))]
    #[case::upper_case_of_another_script("Äa1!aaaa", Some("InvalidPasswordException"))]
    #[case::lower_case_of_another_script("ÄA1!AAAä", Some("InvalidPasswordException"))]
    #[case::digit_of_another_script("Aa٣!aaaa", Some("InvalidPasswordException"))]
    #[case::symbol_beyond_the_list("Aa1€aaaa", Some("InvalidPasswordException"))]
    fn a_password_is_measured_as_cognito_does(#[case] word: &str, #[case] refused: Option<&str>) {
        let kind = password(word, "password").err().map(|error| error.kind);
        assert_eq!(kind, refused);
    }

    #[test]
    fn a_password_has_256_units_at_most() {
        let word = |length: usize| format!("Aa1!{}", "x".repeat(length - 4));
        assert!(password(&word(256), "password").is_ok());
        let refused = password(&word(257), "password").unwrap_err();
        assert_eq!(refused.kind, "InvalidParameterException");
        assert!(refused.message.contains("less than or equal to 256"), "{refused}");
    }

    #[test]
    fn a_leading_or_trailing_space_breaks_the_pattern() {
        assert_eq!(
            password(" Aa1!leading", "proposedPassword").unwrap_err().message,
            "1 validation error detected: Value at 'proposedPassword' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$"
        );
    }

    #[rstest]
    #[case("ann", true)]
    #[case("Ann.Müller@example.com", true)]
    #[case("李", true)]
    #[case("e\u{301}€4—", true)]
    #[case("a b", false)]
    #[case("a\u{a0}b", false)]
    #[case("a\nb", false)]
    #[case::zero_width_space("me\u{200b}", false)]
    #[case::right_to_left_override("me\u{202e}", false)]
    #[case::soft_hyphen("m\u{ad}e", false)]
    #[case::tag("me\u{e0041}", false)]
    #[case::private_use("me\u{e000}", false)]
    #[case::line_separator("me\u{2028}", false)]
    fn a_user_name_has_characters_of_cognitos_classes_alone(#[case] name: &str, #[case] good: bool) {
        let checked = username(name);
        assert_eq!(checked.is_ok(), good);
        if let Err(error) = checked {
            assert_eq!(
                error.message,
                r"1 validation error detected: Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+"
            );
        }
    }
}
