//! Native functions for the runtime's own modules, where JavaScript lacks them or differs from Java.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use num_bigint::BigUint;
use percent_encoding::percent_decode_str;
use rquickjs::{Ctx, Function, Object};

use super::{java_time, xml};

/// Defines the functions in the global `__native`, which `js/engine.js` removes.
pub(super) fn give(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    let native = Object::new(ctx.clone())?;
    let one = |name: &str, work: fn(String) -> String| native.set(name, Function::new(ctx.clone(), work)?);
    one("base64Encode", |text| STANDARD.encode(text))?;
    one("base64Decode", |text| {
        let bytes = STANDARD.decode(text).ok();
        bytes
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .unwrap_or_default()
    })?;
    one("urlEncode", |text| {
        form_urlencoded::byte_serialize(text.as_bytes()).collect()
    })?;
    one("urlDecode", |text| {
        percent_decode_str(&text.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    })?;
    one("escapeJavaScript", |text| escape_javascript(&text))?;
    let made = |name: &str, work: fn() -> String| native.set(name, Function::new(ctx.clone(), work)?);
    made("autoId", || uuid::Uuid::new_v4().to_string())?;
    made("autoUlid", || ulid(Timestamp::now(), rand::random()))?;
    made("autoKsuid", || ksuid(Timestamp::now(), rand::random()))?;
    native.set(
        "formatTime",
        Function::new(ctx.clone(), |ms: f64, pattern: String, zone: String| {
            java_time::format(ms, &pattern, &zone)
        })?,
    )?;
    native.set(
        "parseTime",
        Function::new(ctx.clone(), |text: String, pattern: String, zone: String| {
            java_time::parse(&text, &pattern, &zone)
        })?,
    )?;
    native.set(
        "xmlToJson",
        Function::new(ctx.clone(), |text: String| xml::to_json(&text))?,
    )?;
    native.set(
        "log",
        Function::new(ctx.clone(), |level: String, said: String| {
            if level == "error" {
                tracing::error!(said, "a resolver says");
            } else {
                tracing::info!(said, "a resolver says");
            }
        })?,
    )?;
    ctx.globals().set("__native", native)
}

/// Escapes as Java's `StringEscapeUtils.escapeEcmaScript`, which AppSync's utility uses.
fn escape_javascript(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\'' | '\\' | '/' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a string can't fail.
                    let _ = write!(out, "\\u{unit:04X}");
                }
            }
        }
    }
    out
}

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// 48 bits of milliseconds and 80 random bits (the ULID specification).
fn ulid(now: Timestamp, random: [u8; 10]) -> String {
    let ms = now.as_millisecond().to_be_bytes();
    let bytes: Vec<u8> = ms.into_iter().skip(2).chain(random).collect();
    digits(&bytes, CROCKFORD, 26)
}

/// Seconds since 2014-05-13T16:53:20Z and 128 random bits (Segment's KSUID).
fn ksuid(now: Timestamp, random: [u8; 16]) -> String {
    const EPOCH: i64 = 1_400_000_000;
    let seconds = u32::try_from(now.as_second() - EPOCH).unwrap_or_default();
    let bytes: Vec<u8> = seconds.to_be_bytes().into_iter().chain(random).collect();
    digits(&bytes, BASE62, 27)
}

fn digits(bytes: &[u8], alphabet: &[u8], length: usize) -> String {
    let base = u32::try_from(alphabet.len()).unwrap_or_default();
    let digits = BigUint::from_bytes_be(bytes).to_radix_be(base);
    let zeros = std::iter::repeat_n(0, length.saturating_sub(digits.len()));
    zeros
        .chain(digits)
        .filter_map(|digit| alphabet.get(usize::from(digit)).copied())
        .map(char::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ulids_and_ksuids_carry_their_moment_first() {
        let then: Timestamp = "2016-07-30T22:36:16.385Z".parse().unwrap();
        assert!(ulid(then, [7; 10]).starts_with("01ARYZ6S41"));
        assert_eq!(ulid(then, [7; 10]).len(), 26);
        let then: Timestamp = "2017-10-10T04:00:47Z".parse().unwrap();
        let random = [
            0xB5, 0xA1, 0xCD, 0x34, 0xB5, 0xF9, 0x9D, 0x11, 0x54, 0xFB, 0x68, 0x53, 0x34, 0x5C, 0x97, 0x35,
        ];
        // The example of the KSUID's own documentation.
        assert_eq!(ksuid(then, random), "0ujtsYcgvSTl8PAuAdqWYSMnLOv");
        assert_eq!(
            ksuid("2014-05-13T16:53:20Z".parse().unwrap(), [0; 16]),
            "0".repeat(27)
        );
    }

    #[test]
    fn text_is_escaped_as_java_does() {
        assert_eq!(
            escape_javascript("a\"b'c/d\\e\nü🍕"),
            "a\\\"b\\'c\\/d\\\\e\\n\\u00FC\\uD83C\\uDF55"
        );
    }
}
