//! Times of day, offsets from UTC, moments, and a spreadsheet's serial numbers.

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time},
};

/// A time of day: `08:05`, `8:05 AM`, `12:00 AM` (midnight), `08:05:30.000`; what follows it is ignored.
pub(crate) fn time(text: &str) -> Option<Time> {
    let text = text.trim();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || c == ':'))
        .unwrap_or(text.len());
    let (clock, rest) = text.split_at_checked(end)?;
    let mut parts = clock.split(':');
    let hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    let second: i8 = parts.next().map_or(Ok(0), str::parse).ok()?;
    let letters: String = rest
        .chars()
        .skip_while(|c| !c.is_alphabetic())
        .filter(|c| c.is_alphabetic())
        .take(2)
        .collect::<String>()
        .to_lowercase();
    let hour = match letters.as_str() {
        "am" if (1..=12).contains(&hour) => hour % 12,
        "pm" if (1..=12).contains(&hour) => hour % 12 + 12,
        _ => hour,
    };
    Time::new(hour, minute, second, 0).ok()
}

/// The offset from UTC at the end of a text: `Z`, `+0100`, `+01:00`, `UTC+0530`.
pub(crate) fn offset(text: &str) -> Option<SignedDuration> {
    let text = text.trim();
    if text.ends_with('Z') {
        return Some(SignedDuration::ZERO);
    }
    let at = text.rfind(['+', '-', '−'])?;
    let (_, signed) = text.split_at_checked(at)?;
    let digits: String = signed.chars().filter(char::is_ascii_digit).collect();
    let others = signed.chars().skip(1).any(|c| !(c.is_ascii_digit() || c == ':'));
    let (hours, minutes): (i64, i64) = match digits.len() {
        1 | 2 => (digits.parse().ok()?, 0),
        4 => (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?),
        _ => return None,
    };
    if others || hours > 15 || minutes > 59 {
        return None;
    }
    let minutes = hours * 60 + minutes;
    Some(SignedDuration::from_mins(if signed.starts_with('+') {
        minutes
    } else {
        -minutes
    }))
}

/// A moment of a text with a date, a time and an offset.
pub(crate) fn moment(date: Date, time: Time, offset: SignedDuration) -> Option<Timestamp> {
    let utc = date.to_datetime(time).checked_sub(offset).ok()?;
    utc.to_zoned(jiff::tz::TimeZone::UTC)
        .ok()
        .map(|utc| utc.timestamp())
}

/// The day and the time of a spreadsheet's serial number, in the system that begins with 1900.
///
/// Source: ECMA-376, part 1, 18.17.4.1: day 1 is 1900-01-01, and 1900 counts as a leap year.
pub(crate) fn of_serial(serial: f64) -> Option<(Date, Time)> {
    if !(1.0..100_000.0).contains(&serial) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "below 100,000")]
    let (days, seconds) = (serial.floor() as i64, (serial.fract() * 86_400.0).round() as i64);
    let base = jiff::civil::date(1899, 12, 30).to_datetime(Time::midnight());
    let moment = base
        .checked_add(SignedDuration::from_hours(days * 24) + SignedDuration::from_secs(seconds))
        .ok()?;
    Some((moment.date(), moment.time()))
}

#[cfg(test)]
mod tests {
    use jiff::civil;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("8:05 AM", 8, 5)]
    #[case("12:00 AM", 0, 0)]
    #[case("12:30 PM", 12, 30)]
    #[case("7:45\u{202f}p.m.", 19, 45)]
    #[case("19:10", 19, 10)]
    #[case("11:45:00.000", 11, 45)]
    #[case("08:10:00 +0100", 8, 10)]
    fn times_are_read(#[case] text: &str, #[case] hour: i8, #[case] minute: i8) {
        assert_eq!(time(text), Some(civil::time(hour, minute, 0, 0)));
    }

    #[rstest]
    #[case("UTC+0530", Some(330))]
    #[case("2026-11-02 08:10:00 -0330", Some(-210))]
    #[case("2026-11-02T08:10:00Z", Some(0))]
    #[case("08:10:00+01:00", Some(60))]
    #[case("2026-11-02 08:10", None)]
    fn offsets_are_read(#[case] text: &str, #[case] minutes: Option<i64>) {
        assert_eq!(offset(text), minutes.map(SignedDuration::from_mins));
    }

    #[test]
    fn serial_numbers_are_days() {
        assert_eq!(
            of_serial(46328.0),
            Some((civil::date(2026, 11, 2), Time::midnight()))
        );
        assert_eq!(
            of_serial(46328.5),
            Some((civil::date(2026, 11, 2), civil::time(12, 0, 0, 0)))
        );
        assert_eq!(of_serial(f64::NAN), None);
    }
}
