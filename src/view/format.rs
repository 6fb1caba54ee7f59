//! Dates and times in words and digits.

use caltrack_domain::{EnergyUnit, Measures, counted_unit};
use jiff::{
    Timestamp,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use ratatui::text::Line;

use super::theme::Theme;

/// The unit of a list's figures, at the right of its frame.
pub(super) fn unit_title(energy: EnergyUnit, theme: &Theme) -> Line<'static> {
    Line::styled(format!(" {} ", energy.symbol()), theme.muted).right_aligned()
}

pub(super) fn weekday(date: Date) -> &'static str {
    weekday_of(date.weekday())
}

/// The weekday's name.
pub(super) const fn weekday_of(weekday: jiff::civil::Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// The first three letters of a weekday's name.
pub(super) fn short_weekday(date: Date) -> &'static str {
    weekday(date).get(..3).unwrap_or_default()
}

/// `November 2026`.
pub(super) fn month(date: Date) -> String {
    let name = match date.month() {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        _ => "December",
    };
    format!("{name} {}", date.year())
}

/// `79.4 kg`, or `175.0 lb`.
pub(super) fn weight(kg: f64, measures: Measures) -> String {
    format!("{:.1} {}", measures.of_kg(kg), measures.weight_symbol())
}

/// A rounded number with its sign, `−0.3` or `+0.3`.
pub(super) fn signed(value: f64) -> String {
    let sign = if value < -0.05 { '−' } else { '+' };
    format!("{sign}{:.1}", value.abs())
}

/// `60 g`, `2 eggs`, or the number alone.
pub(super) fn quantity(number: f64, unit: Option<&str>) -> String {
    // At most two decimals are shown.
    let number = (number * 100.0).round() / 100.0;
    match unit {
        Some(unit) => format!("{number} {}", counted_unit(number, unit)),
        None => number.to_string(),
    }
}

/// `today`, `yesterday`, `tomorrow`, or nothing.
pub(super) fn relative_day(date: Date, today: Date) -> &'static str {
    if date == today {
        "today"
    } else if Some(date) == today.yesterday().ok() {
        "yesterday"
    } else if Some(date) == today.tomorrow().ok() {
        "tomorrow"
    } else {
        ""
    }
}

/// `07:30`, in the user's time zone.
pub(super) fn time(moment: Timestamp, zone: &TimeZone) -> String {
    let moment = moment.to_zoned(zone.clone());
    format!("{:02}:{:02}", moment.hour(), moment.minute())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(date(2026, 11, 23), "today")]
    #[case(date(2026, 11, 22), "yesterday")]
    #[case(date(2026, 11, 24), "tomorrow")]
    #[case(date(2026, 11, 25), "")]
    fn days_near_today_have_a_name(#[case] day: Date, #[case] name: &str) {
        assert_eq!(relative_day(day, date(2026, 11, 23)), name);
    }

    #[test]
    fn weekdays_and_times_are_short() {
        assert_eq!(weekday(date(2026, 11, 25)), "Wednesday");
        assert_eq!(short_weekday(date(2026, 11, 25)), "Wed");
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        assert_eq!(time("2026-11-23T06:05:59Z".parse().unwrap(), &zone), "07:05");
    }
}
