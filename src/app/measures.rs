//! Values of the profile as people type them.

use caltrack_domain::{MAX_TARGET, TargetKcal, clean, nearest, parse_time, shortened};
use jiff::tz::{self, TimeZone};

/// Characters of an invalid value that an error shows.
const MAX_SHOWN: usize = 30;
/// The largest height in cm and the largest weight in kg.
const MAX_HEIGHT: f64 = 300.0;
const MAX_WEIGHT: f64 = 1_000.0;

/// kcal per day.
pub(crate) fn kcal(text: &str) -> Result<u32, String> {
    let text = text.trim();
    match text.trim_end_matches("kcal").trim_end().parse() {
        Ok(kcal) if (1..=MAX_TARGET).contains(&kcal) => Ok(kcal),
        Ok(_) | Err(_) => Err(format!(
            "`{}` can't be a target: a whole number of kcal from 1 to {MAX_TARGET}",
            shown(text)
        )),
    }
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

/// A height in cm; `None` for an empty text.
pub(crate) fn parse_height(text: &str) -> Result<Option<f64>, String> {
    measure(text, "height", "cm", MAX_HEIGHT)
}

/// A weight in kg; `None` for an empty text.
pub(crate) fn parse_weight(text: &str) -> Result<Option<f64>, String> {
    measure(text, "weight", "kg", MAX_WEIGHT)
}

/// A number above 0 with a point or a comma, which its unit may follow; `None` for an empty text.
fn measure(text: &str, what: &str, unit: &str, most: f64) -> Result<Option<f64>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let number = text
        .strip_suffix(unit)
        .unwrap_or(text)
        .trim_end()
        .replacen(',', ".", 1);
    match number.parse::<f64>() {
        Ok(number) if number > 0.0 && number <= most => Ok(Some(number)),
        Ok(_) | Err(_) => Err(format!(
            "`{}` can't be a {what}: a number of {unit} above 0, at most {most}",
            shown(text)
        )),
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
    if text.trim().contains([',', ' ']) && !text.trim().ends_with("kcal") {
        weekly(text)
    } else {
        kcal(text).map(TargetKcal::Daily)
    }
}

fn shown(text: &str) -> String {
    shortened(&clean(text), MAX_SHOWN)
}
