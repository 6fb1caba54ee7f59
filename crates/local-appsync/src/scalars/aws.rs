//! AppSync's own scalars (AppSync guide, "Scalar types in AWS AppSync").
//!
//! The messages for dates, date-times, phone numbers and JSON are recorded from AWS (aws-amplify/amplify-swift #278, amplify-js #5963,
//! amplify-flutter #822); those for the other five are formed after them.

use std::net::IpAddr;

use jiff::civil::Date;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::java_text;

/// Maximum nesting of an `AWSJSON`: what DynamoDB can store.
pub(crate) const MAX_JSON_DEPTH: usize = 32;

/// Classifies a text for `AWSJSON`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JsonText {
    /// The text is valid JSON.
    Valid,
    /// The text is no JSON.
    Invalid,
    /// Nested deeper than [`MAX_JSON_DEPTH`], valid or not.
    TooDeep,
}

impl JsonText {
    /// Parses a text as JSON of limited nesting.
    pub(crate) fn of(text: &str) -> Self {
        if levels(text) > MAX_JSON_DEPTH {
            Self::TooDeep
        } else if serde_json::from_str::<IgnoredAny>(text).is_ok() {
            Self::Valid
        } else {
            Self::Invalid
        }
    }
}

/// Maximum nesting of the brackets outside of strings.
fn levels(text: &str) -> usize {
    let (mut level, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'[' | b'{' => {
                level += 1;
                deepest = deepest.max(level);
            }
            b']' | b'}' => level = level.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Coerces a variable's value. JSON stays a text. The caller rejects JSON that is nested too deeply.
pub(super) fn parse(scalar: &str, value: &Value) -> Result<Value, String> {
    let valid = match (scalar, value) {
        ("AWSJSON", Value::String(text)) => JsonText::of(text) != JsonText::Invalid,
        ("AWSJSON", _) => false,
        _ => is_valid(scalar, value),
    };
    if valid {
        return Ok(value.clone());
    }
    let text = java_text(value);
    Err(match noun(scalar) {
        None => format!("Unable to parse {text} as valid JSON."),
        Some(noun) => format!("Unable to parse `{text}` as a valid {noun}."),
    })
}

/// Serializes a resolver's value. Any value becomes JSON text for `AWSJSON`.
pub(super) fn serialize(scalar: &str, value: &Value) -> Result<Value, String> {
    match noun(scalar) {
        None => Ok(Value::String(value.to_string())),
        Some(noun) if !is_valid(scalar, value) => Err(format!(
            "Unable to serialize `{}` as a valid {noun}.",
            java_text(value)
        )),
        Some(_) => Ok(value.clone()),
    }
}

/// The scalar's name in messages; `None` for `AWSJSON`. Schemas can't declare further scalars.
fn noun(scalar: &str) -> Option<&'static str> {
    Some(match scalar {
        "AWSDate" => "date",
        "AWSTime" => "time",
        "AWSDateTime" => "DateTime Object",
        "AWSTimestamp" => "timestamp",
        "AWSEmail" => "email",
        "AWSURL" => "URL",
        "AWSPhone" => "phone number",
        "AWSIPAddress" => "IP address",
        _ => return None,
    })
}

fn is_valid(scalar: &str, value: &Value) -> bool {
    if scalar == "AWSTimestamp" {
        return value.is_i64();
    }
    value.as_str().is_some_and(|text| match scalar {
        "AWSDate" => date(text).is_some_and(|rest| rest.is_empty() || is_offset(rest)),
        "AWSTime" => time(text).is_some_and(|rest| rest.is_empty() || is_offset(rest)),
        "AWSDateTime" => {
            let clock = date(text).and_then(|rest| rest.strip_prefix('T'));
            clock.and_then(time).is_some_and(is_offset)
        }
        "AWSEmail" => is_email(text),
        "AWSURL" => is_url(text),
        "AWSPhone" => is_phone(text),
        "AWSIPAddress" => is_address(text),
        _ => true,
    })
}

/// Parses `YYYY-MM-DD` and returns the rest.
fn date(text: &str) -> Option<&str> {
    let (year, rest) = digits(text, 4)?;
    let (month, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let [year, month, day] = [i16::try_from(year), i16::try_from(month), i16::try_from(day)];
    let (month, day) = (i8::try_from(month.ok()?).ok()?, i8::try_from(day.ok()?).ok()?);
    Date::new(year.ok()?, month, day).is_ok().then_some(rest)
}

/// Parses `hh:mm[:ss[.f]]`, with up to nine digits of a fraction, and returns the rest.
fn time(text: &str) -> Option<&str> {
    let (hours, rest) = digits(text, 2)?;
    let (minutes, rest) = digits(rest.strip_prefix(':')?, 2)?;
    let (seconds, rest) = match rest.strip_prefix(':') {
        Some(rest) => digits(rest, 2)?,
        None => return (hours < 24 && minutes < 60).then_some(rest),
    };
    if hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    let Some(fraction) = rest.strip_prefix('.') else {
        return Some(rest);
    };
    let rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    (1..=9).contains(&(fraction.len() - rest.len())).then_some(rest)
}

/// `Z`, `±hh:mm` or `±hh:mm:ss`, at most 18 hours as in Java.
fn is_offset(text: &str) -> bool {
    text == "Z"
        || text.strip_prefix(['+', '-']).is_some_and(|offset| {
            !offset.contains('.')
                && time(offset) == Some("")
                && digits(offset, 2).is_some_and(|(hours, _)| hours <= 18)
        })
}

fn digits(text: &str, number: usize) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(number)?;
    let all = digits.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| digits.parse().ok())
        .flatten()
        .map(|value| (value, rest))
}

/// Whether a text has the form `local-part@domain-part`.
fn is_email(text: &str) -> bool {
    let parts = text.rsplit_once('@');
    parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// A scheme and an address, without `//` in the path.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let path = rest.strip_prefix("//").unwrap_or(rest);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && !path.is_empty()
        && !path.contains("//")
        && !text.contains(char::is_whitespace)
}

/// Digits, spaces and hyphens; without a country code, a number of the North American plan.
fn is_phone(text: &str) -> bool {
    let (country, number) = match text.strip_prefix('+') {
        Some(number) => (true, number),
        None => (false, text),
    };
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let clean = number
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b' ' || byte == b'-');
    if country {
        return clean && (7..=15).contains(&digits.len());
    }
    let national = digits.strip_prefix('1').unwrap_or(&digits);
    // Neither area codes nor exchange codes begin with 0 or 1.
    let begins_well = |at: usize| {
        national
            .as_bytes()
            .get(at)
            .is_some_and(|digit| (b'2'..=b'9').contains(digit))
    };
    clean && national.len() == 10 && begins_well(0) && begins_well(3)
}

/// IPv4 or IPv6, optionally with a prefix length.
fn is_address(text: &str) -> bool {
    let (address, mask) = text
        .split_once('/')
        .map_or((text, None), |(address, mask)| (address, Some(mask)));
    address.parse::<IpAddr>().is_ok_and(|address| {
        let most = if address.is_ipv4() { 32 } else { 128 };
        mask.is_none_or(|mask| mask.parse::<u8>().is_ok_and(|mask| mask <= most))
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case("AWSDate", &["1970-01-01", "2024-02-29", "1970-01-01Z", "1970-01-01-07:00", "1970-01-01+05:30:15"],
        &["", "2026-02-29", "2026-1-1", "20260101", "2026-01-01T", "2026-01-01+24:00", "2019-12-24T04:15:57.798Z"])]
    #[case("AWSTime", &["12:30", "12:30Z", "12:30:24-07:00", "12:30:24.500+05:30", "12:00:00.123456789"],
        &["24:00", "12:60", "12", "12:30:60", "12:30:24.", "12:30:24.1234567890", "noon"])]
    #[case("AWSDateTime", &["1970-01-01T12:30Z", "1970-01-01T12:30:00.000-08:00", "2026-11-23T07:30:00.123Z"],
        &["2026-11-23", "2026-11-23T07:30", "2020-05-23T06:4:37.000Z", "2024-05-12T07:49:46+0000", "2026-11-23 07:30Z"])]
    #[case("AWSEmail", &["a@b", "jeff@amazon.com"], &["", "a", "@b", "a@", "a b@c"])]
    #[case("AWSURL", &["https://aws.amazon.com/a", "mailto:jeff@amazon.com"], &["", "aws.amazon.com", "http://", "http://a//b", "1:x"])]
    #[case("AWSPhone", &["+44 1632 960000", "+4915112345678", "555-234-5678", "1 202 456 1111"], &["1110004444", "", "12", "+1", "phone"])]
    #[case("AWSIPAddress", &["123.123.123.123", "::1", "1.2.3.4/16", "1a2b::/64"], &["", "1.2.3", "1.2.3.4/33", "::/129", "1.2.3.4/"])]
    fn valid_and_invalid_texts_of_each_scalar(
        #[case] scalar: &str,
        #[case] good: &[&str],
        #[case] bad: &[&str],
    ) {
        for text in good {
            assert_eq!(parse(scalar, &json!(text)), Ok(json!(text)));
            assert_eq!(serialize(scalar, &json!(text)), Ok(json!(text)));
        }
        for text in bad {
            let refused = parse(scalar, &json!(text)).unwrap_err();
            assert!(
                refused.starts_with(&format!("Unable to parse `{text}` as a valid ")),
                "{refused}"
            );
            let refused = serialize(scalar, &json!(text)).unwrap_err();
            assert!(
                refused.starts_with(&format!("Unable to serialize `{text}` as a valid ")),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_timestamp_is_a_whole_number() {
        assert_eq!(parse("AWSTimestamp", &json!(-5)), Ok(json!(-5)));
        let refused = "Unable to parse `now` as a valid timestamp.".to_owned();
        assert_eq!(parse("AWSTimestamp", &json!("now")), Err(refused));
    }

    #[rstest]
    #[case(json!("{\"a\":[1,null]}"), None)]
    #[case(json!("5"), None)]
    #[case(json!("\"text\""), None)]
    #[case(json!("{a:1}"), Some("Unable to parse {a:1} as valid JSON."))]
    #[case(json!(""), Some("Unable to parse  as valid JSON."))]
    #[case(json!({ "a": 1 }), Some("Unable to parse {a=1} as valid JSON."))]
    #[case(json!([]), Some("Unable to parse [] as valid JSON."))]
    #[case(json!(5), Some("Unable to parse 5 as valid JSON."))]
    fn awsjson_must_be_a_string_of_json(#[case] value: Value, #[case] refused: Option<&str>) {
        let wanted = refused.map_or(Ok(value.clone()), |refused| Err(refused.to_owned()));
        assert_eq!(parse("AWSJSON", &value), wanted);
    }

    #[test]
    fn json_may_be_as_deep_as_dynamodb_stores() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(JsonText::of(&nested(MAX_JSON_DEPTH)), JsonText::Valid);
        for levels in [MAX_JSON_DEPTH + 1, 100, 100_000] {
            assert_eq!(JsonText::of(&nested(levels)), JsonText::TooDeep);
        }
        let brackets_in_a_text = format!("\"\\\"{}\"", "[".repeat(100));
        assert_eq!(JsonText::of(&brackets_in_a_text), JsonText::Valid);
        assert_eq!(JsonText::of("[[[]"), JsonText::Invalid);
    }
}
