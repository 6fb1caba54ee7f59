//! Values of the profile as people type them.

use caltrack_domain::{EnergyUnit, MAX_TARGET, Measures, TargetKcal, clean, nearest, parse_time, shortened};
use jiff::tz::{self, TimeZone};

/// Characters of an invalid value that an error shows.
const MAX_SHOWN: usize = 30;
/// The largest height in cm and the largest weight in kg.
const MAX_HEIGHT: f64 = 300.0;
const MAX_WEIGHT: f64 = 1_000.0;
const POUNDS_PER_STONE: f64 = 14.0;
const INCHES_PER_FOOT: f64 = 12.0;

/// kcal per day, also typed in kJ: `2000`, `2000 kcal`, `8400 kJ`.
pub(crate) fn kcal(text: &str) -> Result<u32, String> {
    let text = text.trim();
    let lower = text.to_lowercase();
    let kcal =
        match lower.strip_suffix("kj") {
            Some(kilojoules) => kilojoules.trim_end().parse().ok().and_then(|kilojoules: u32| {
                u32::try_from(EnergyUnit::Kilojoule.to_kcal(kilojoules.into())).ok()
            }),
            None => lower.trim_end_matches("kcal").trim_end().parse().ok(),
        };
    kcal.filter(|kcal| (1..=MAX_TARGET).contains(kcal))
        .ok_or_else(|| {
            format!(
                "`{}` can't be a target: a whole number of kcal from 1 to {MAX_TARGET}, or of kJ: `8400 kJ`",
                shown(text)
            )
        })
}

/// Seven targets, Monday first.
pub(crate) fn weekly(text: &str) -> Result<TargetKcal, String> {
    let days = text.split([',', ' ']).filter(|day| !day.is_empty());
    let days = days.map(kcal).collect::<Result<Vec<u32>, _>>()?;
    let count = days.len();
    <[u32; 7]>::try_from(days).map(TargetKcal::Weekly).map_err(|_| {
        format!(
            "{count} targets are not a week: seven are required, Monday first, as in `2000,2000,2000,2000,2000,2400,2400`"
        )
    })
}

/// A height in cm; `None` for an empty text. Without a unit it is in that of `measures`.
pub(crate) fn parse_height(text: &str, measures: Measures) -> Result<Option<f64>, String> {
    parse(
        text,
        MAX_HEIGHT,
        |text| height(text, measures),
        || match measures {
            Measures::Metric => {
                format!("can't be a height: a number of cm above 0, at most {MAX_HEIGHT}, or such as `5'9\"`")
            }
            Measures::Imperial => {
                "can't be a height: feet and inches such as `5'9\"`, or `178 cm`".to_owned()
            }
        },
    )
}

/// A weight in kg; `None` for an empty text. Without a unit it is in that of `measures`.
pub(crate) fn parse_weight(text: &str, measures: Measures) -> Result<Option<f64>, String> {
    parse(
        text,
        MAX_WEIGHT,
        |text| weight(text, measures),
        || {
            let (unit, most) = (measures.weight_symbol(), measures.of_kg(MAX_WEIGHT).floor());
            let other = match measures {
                Measures::Metric => "175 lb",
                Measures::Imperial => "79 kg",
            };
            format!("can't be a weight: a number of {unit} above 0, at most {most}, or such as `{other}`")
        },
    )
}

/// A measure above 0 and at most `most`; `None` for an empty text.
fn parse(
    text: &str,
    most: f64,
    read: impl Fn(&str) -> Option<f64>,
    problem: impl Fn() -> String,
) -> Result<Option<f64>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    read(&text.to_lowercase())
        .filter(|value| *value > 0.0 && *value <= most)
        .map(Some)
        .ok_or_else(|| format!("`{}` {}", shown(text), problem()))
}

/// kg, lb, or stones and pounds: `79.4 kg`, `175 lb`, `12 st 7 lb`.
fn weight(text: &str, measures: Measures) -> Option<f64> {
    let pounds = |pounds: f64| Measures::Imperial.to_kg(pounds);
    if let Some((stones, rest)) = text.split_once("st") {
        let rest = rest.trim_start_matches("ones").trim_start_matches("one").trim();
        let rest = rest.trim_end_matches("lbs").trim_end_matches("lb");
        let rest = if rest.is_empty() { Some(0.0) } else { number(rest) };
        return Some(pounds(number(stones)? * POUNDS_PER_STONE + rest?));
    }
    for (unit, in_kg) in [
        ("kg", Measures::Metric),
        ("lbs", Measures::Imperial),
        ("lb", Measures::Imperial),
    ] {
        if let Some(text) = text.strip_suffix(unit) {
            return Some(in_kg.to_kg(number(text)?));
        }
    }
    Some(measures.to_kg(number(text)?))
}

/// cm, m, inches, or feet and inches: `178`, `1.78 m`, `70 in`, `5'9"`, `5 ft 9`.
fn height(text: &str, measures: Measures) -> Option<f64> {
    let inches = |inches: f64| Measures::Imperial.to_cm(inches);
    let feet = text
        .split_once("ft")
        .or_else(|| text.split_once(['\'', '′', '’']));
    if let Some((feet, rest)) = feet {
        let rest = rest
            .trim_end_matches("in")
            .trim_end_matches(['"', '″', '”', '\'']);
        let rest = if rest.trim().is_empty() {
            Some(0.0)
        } else {
            number(rest)
        };
        return Some(inches(number(feet)? * INCHES_PER_FOOT + rest?));
    }
    if let Some(text) = text.strip_suffix("cm") {
        return number(text);
    }
    if let Some(text) = text.strip_suffix('m') {
        return Some(number(text)? * 100.0);
    }
    let in_inches = text
        .strip_suffix("in")
        .or_else(|| text.strip_suffix(['"', '″', '”']));
    match in_inches {
        Some(text) => Some(inches(number(text)?)),
        None => Some(measures.to_cm(number(text)?)),
    }
}

/// A number with a point or a comma.
fn number(text: &str) -> Option<f64> {
    text.trim().replacen(',', ".", 1).parse().ok()
}

/// kcal as they are typed in the unit of the screens: `2000`, or `8368kJ`.
pub(crate) fn typed_energy(kcal: u32, energy: EnergyUnit) -> String {
    match energy {
        EnergyUnit::Kcal => kcal.to_string(),
        EnergyUnit::Kilojoule => format!("{}kJ", energy.of_kcal(kcal.into())),
    }
}

/// A weight in kg as it is typed in the unit of `measures`, to a tenth.
pub(crate) fn typed_weight(kg: f64, measures: Measures) -> String {
    match measures {
        Measures::Metric => kg.to_string(),
        Measures::Imperial => format!("{:.1}", measures.of_kg(kg)),
    }
}

/// A height in cm as it is typed: `178`, or `5'10"`.
pub(crate) fn typed_height(cm: f64, measures: Measures) -> String {
    match measures {
        Measures::Metric => cm.to_string(),
        Measures::Imperial => {
            let inches = measures.of_cm(cm).round();
            let feet = (inches / INCHES_PER_FOOT).floor();
            format!("{feet}'{}\"", inches - feet * INCHES_PER_FOOT)
        }
    }
}

/// The IANA name of a time zone; `None` for an empty text: the computer's.
pub(crate) fn zone(text: &str) -> Result<Option<String>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let zone = TimeZone::get(text).ok();
    if let Some(name) = zone.as_ref().and_then(TimeZone::iana_name) {
        return Ok(Some(name.to_owned()));
    }
    let known: Vec<String> = tz::db().available().map(|name| name.to_string()).collect();
    let hint = nearest(text, known.iter().map(String::as_str)).map_or_else(
        || "zones have names such as `Europe/Berlin`".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Err(format!("`{}` is not a time zone; {hint}", shown(text)))
}

/// The time at which days begin, `HH:MM`; `None` for an empty text: midnight.
pub(crate) fn day_start(text: &str) -> Result<Option<String>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let time = parse_time(text).map_err(|error| error.to_string())?;
    Ok(Some(time.strftime("%H:%M").to_string()))
}

/// A target of every day, or seven of them.
pub(crate) fn target(text: &str) -> Result<TargetKcal, String> {
    let lower = text.trim().to_lowercase();
    let has_unit = lower.ends_with("kcal") || lower.ends_with("kj");
    if lower.contains(',') || (lower.contains(' ') && !has_unit) {
        weekly(text)
    } else {
        kcal(text).map(TargetKcal::Daily)
    }
}

fn shown(text: &str) -> String {
    shortened(&clean(text), MAX_SHOWN)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("80", Measures::Metric, Some(80.0))]
    #[case("79,4", Measures::Metric, Some(79.4))]
    #[case("79.4 kg", Measures::Imperial, Some(79.4))]
    #[case("150", Measures::Imperial, Some(68.04))]
    #[case("150 lb", Measures::Metric, Some(68.04))]
    #[case("150lbs", Measures::Metric, Some(68.04))]
    #[case("12 st 7 lb", Measures::Metric, Some(79.38))]
    #[case("12st", Measures::Metric, Some(76.2))]
    #[case("0", Measures::Metric, None)]
    #[case("1001", Measures::Metric, None)]
    #[case("heavy", Measures::Metric, None)]
    #[case("150 lb 3", Measures::Metric, None)]
    #[case("NaN", Measures::Metric, None)]
    fn weights(#[case] text: &str, #[case] measures: Measures, #[case] kg: Option<f64>) {
        let read = parse_weight(text, measures).ok().flatten();
        assert_eq!(read.map(|kg| (kg * 100.0).round() / 100.0), kg);
    }

    #[rstest]
    #[case("178", Measures::Metric, Some(178.0))]
    #[case("178 cm", Measures::Imperial, Some(178.0))]
    #[case("1.78 m", Measures::Metric, Some(178.0))]
    #[case("5'9\"", Measures::Metric, Some(175.26))]
    #[case("5'9", Measures::Imperial, Some(175.26))]
    #[case("5 ft 9 in", Measures::Metric, Some(175.26))]
    #[case("6'", Measures::Metric, Some(182.88))]
    #[case("69", Measures::Imperial, Some(175.26))]
    #[case("69 in", Measures::Metric, Some(175.26))]
    #[case("301", Measures::Metric, None)]
    #[case("tall", Measures::Imperial, None)]
    fn heights(#[case] text: &str, #[case] measures: Measures, #[case] cm: Option<f64>) {
        let read = parse_height(text, measures).ok().flatten();
        assert_eq!(read.map(|cm| (cm * 100.0).round() / 100.0), cm);
    }

    #[rstest]
    #[case("2000", Some(2_000))]
    #[case("2000 kcal", Some(2_000))]
    #[case("8400 kJ", Some(2_008))]
    #[case("8368kj", Some(2_000))]
    #[case("0 kJ", None)]
    #[case("-5", None)]
    fn targets(#[case] text: &str, #[case] expected: Option<u32>) {
        assert_eq!(target(text).ok(), expected.map(TargetKcal::Daily));
    }

    #[test]
    fn what_is_shown_is_read_back() {
        for kcal in [1, 1_900, 2_000, 2_345, MAX_TARGET] {
            for energy in [EnergyUnit::Kcal, EnergyUnit::Kilojoule] {
                let daily = target(&typed_energy(kcal, energy));
                assert_eq!(daily, Ok(TargetKcal::Daily(kcal)));
            }
        }
        let week = [1_900, 1_900, 1_900, 1_900, 2_000, 2_300, 2_100];
        let typed = week
            .map(|kcal| typed_energy(kcal, EnergyUnit::Kilojoule))
            .join(",");
        assert_eq!(target(&typed), Ok(TargetKcal::Weekly(week)));
        assert_eq!(typed_height(178.0, Measures::Imperial), "5'10\"");
        assert_eq!(typed_height(182.5, Measures::Imperial), "6'0\"");
        assert_eq!(typed_weight(79.4, Measures::Imperial), "175.0");
        assert_eq!(typed_weight(79.4, Measures::Metric), "79.4");
    }
}
