//! Formats and parses times by the patterns of Java's `DateTimeFormatter`, for AppSync's time utilities.
//!
//! Source: Java SE API, `java.time.format.DateTimeFormatter`, "Patterns for Formatting and Parsing".

use jiff::{
    Timestamp, Zoned,
    civil::{Date, Time},
    fmt::strtime::{self, BrokenDownTime},
    tz::TimeZone,
};

/// Formats a time (milliseconds since 1970) in a time zone. None if the pattern or zone is invalid.
pub(super) fn format(ms: f64, pattern: &str, zone: &str) -> Option<String> {
    let zoned = moment(ms)?.to_zoned(zone_of(zone)?);
    let format = translate(pattern, Some(&zoned))?;
    strtime::format(&format, &zoned).ok()
}

/// Parses a text to milliseconds since 1970. `zone` applies if the pattern has none. None if the text doesn't match the
/// pattern, or there is no zone.
pub(super) fn parse(text: &str, pattern: &str, zone: &str) -> Option<f64> {
    let format = translate(pattern, None)?;
    // `X` formats a zero offset as `Z`.
    let zulu = pattern.contains('X') && text.ends_with('Z');
    let offset = if format.ends_with("%:z") {
        "+00:00"
    } else {
        "+0000"
    };
    let text = match text.strip_suffix('Z') {
        Some(rest) if zulu => format!("{rest}{offset}"),
        _ => text.to_owned(),
    };
    let parsed = BrokenDownTime::parse(&format, &text).ok()?;
    if let Ok(timestamp) = parsed.to_timestamp() {
        return Some(milliseconds(timestamp));
    }
    let date: Date = parsed.to_date().ok()?;
    let time = parsed.to_time().unwrap_or(Time::midnight());
    let zoned = date.to_datetime(time).to_zoned(zone_of(zone)?).ok()?;
    Some(milliseconds(zoned.timestamp()))
}

fn moment(ms: f64) -> Option<Timestamp> {
    // Whole milliseconds, as in JavaScript.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the range is checked by the timestamp"
    )]
    let whole = ms.is_finite().then_some(ms.trunc() as i64)?;
    Timestamp::from_millisecond(whole).ok()
}

fn milliseconds(timestamp: Timestamp) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "the years that a timestamp can have fit into 53 bits of milliseconds"
    )]
    let ms = timestamp.as_millisecond() as f64;
    ms
}

fn zone_of(name: &str) -> Option<TimeZone> {
    if name.is_empty() {
        return None;
    }
    if matches!(name, "Z" | "GMT" | "UTC") {
        return Some(TimeZone::UTC);
    }
    if name.starts_with(['+', '-']) {
        let offset = BrokenDownTime::parse("%:z", name)
            .or_else(|_| BrokenDownTime::parse("%z", name))
            .ok()?;
        return offset.offset().map(TimeZone::fixed);
    }
    TimeZone::get(name).ok()
}

/// The pattern as an strftime format. With a time, `X` becomes `Z` for a zero offset.
fn translate(pattern: &str, of: Option<&Zoned>) -> Option<String> {
    let mut out = String::new();
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\'' {
            quoted(&mut rest, &mut out)?;
            continue;
        }
        if !c.is_ascii_alphabetic() {
            literal(c, &mut out);
            continue;
        }
        let mut count = 1;
        while rest.next_if_eq(&c).is_some() {
            count += 1;
        }
        out.push_str(&field(c, count, of)?);
    }
    Some(out)
}

fn quoted(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) -> Option<()> {
    if rest.next_if_eq(&'\'').is_some() {
        literal('\'', out);
        return Some(());
    }
    loop {
        match rest.next()? {
            '\'' if rest.next_if_eq(&'\'').is_some() => literal('\'', out),
            '\'' => return Some(()),
            c => literal(c, out),
        }
    }
}

fn literal(c: char, out: &mut String) {
    if c == '%' {
        out.push('%');
    }
    out.push(c);
}

fn field(letter: char, count: usize, of: Option<&Zoned>) -> Option<String> {
    let zulu = of.is_some_and(|zoned| zoned.offset().is_zero());
    Some(
        match (letter, count) {
            ('y' | 'u', 2) => "%y",
            ('y' | 'u', _) => "%Y",
            ('M' | 'L', 1) => "%-m",
            ('M' | 'L', 2) => "%m",
            ('M' | 'L', 3) => "%b",
            ('M' | 'L', 4) => "%B",
            ('d', 1) => "%-d",
            ('d', 2) => "%d",
            ('D', 1) => "%-j",
            ('D', 3) => "%j",
            ('E', 1..=3) => "%a",
            ('E', 4) => "%A",
            ('a', 1) => "%p",
            ('H', 1) => "%-H",
            ('H', 2) => "%H",
            ('h', 1) => "%-I",
            ('h', 2) => "%I",
            ('m', 1) => "%-M",
            ('m', 2) => "%M",
            ('s', 1) => "%-S",
            ('s', 2) => "%S",
            ('S', 1..=9) => return Some(format!("%{count}f")),
            ('n', _) => "%9f",
            ('V', 2) => "%Q",
            ('z', 1..=3) => "%Z",
            ('X', 1..=3) if zulu => "Z",
            ('X' | 'x', 2) | ('Z', 1..=3) => "%z",
            ('X' | 'x', 3) | ('Z', 5) => "%:z",
            _ => return None,
        }
        .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// 2026-03-07T08:05:09.123Z
    const THEN: f64 = 1_772_870_709_123.0;

    #[rstest]
    #[case("yyyy-MM-dd HH:mm:ss.SSS", "UTC", "2026-03-07 08:05:09.123")]
    #[case("d MMM yy, h:mm a", "UTC", "7 Mar 26, 8:05 AM")]
    #[case("EEEE d MMMM uuuu", "UTC", "Saturday 7 March 2026")]
    #[case("yyyy-MM-dd'T'HH:mm:ssXXX", "Europe/Berlin", "2026-03-07T09:05:09+01:00")]
    #[case("yyyy-MM-dd'T'HH:mm:ssXXX", "UTC", "2026-03-07T08:05:09Z")]
    #[case("yyyy-MM-dd HH:mm:ssZ", "America/New_York", "2026-03-07 03:05:09-0500")]
    #[case("HH 'o''clock' '%d'", "+02:00", "10 o'clock %d")]
    #[case("VV", "Asia/Tokyo", "Asia/Tokyo")]
    fn a_moment_by_a_java_pattern(#[case] pattern: &str, #[case] zone: &str, #[case] wanted: &str) {
        assert_eq!(format(THEN, pattern, zone).as_deref(), Some(wanted));
    }

    #[rstest]
    #[case("2026-03-07 08:05:09", "yyyy-MM-dd HH:mm:ss", "UTC", THEN - 123.0)]
    #[case("2026-03-07 09:05:09", "yyyy-MM-dd HH:mm:ss", "Europe/Berlin", THEN - 123.0)]
    #[case("2026-03-07T08:05:09.123Z", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "", THEN)]
    #[case("2026-03-07 03:05:09-0500", "yyyy-MM-dd HH:mm:ssZ", "", THEN - 123.0)]
    fn a_text_by_a_java_pattern(
        #[case] text: &str,
        #[case] pattern: &str,
        #[case] zone: &str,
        #[case] wanted: f64,
    ) {
        let parsed = parse(text, pattern, zone).unwrap();
        assert!((parsed - wanted).abs() < 0.5, "{parsed}");
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert_eq!(format(THEN, "yyyy-QQQQQQ", "UTC"), None);
        assert_eq!(format(THEN, "yyyy", "Mars/Olympus"), None);
        assert_eq!(format(f64::NAN, "yyyy", "UTC"), None);
        assert_eq!(format(THEN, "'open", "UTC"), None);
        assert_eq!(parse("2026-02-30", "yyyy-MM-dd", "UTC"), None);
        assert_eq!(
            parse("2026-03-07 08:05", "yyyy-MM-dd HH:mm", ""),
            None,
            "no zone anywhere"
        );
    }
}
