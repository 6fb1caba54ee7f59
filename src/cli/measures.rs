//! Values of `profile` and `weight`, checked before anything is opened.

use caltrack_domain::{
    MAX_TARGET, TargetKcal, clean, nearest,
    outbox::{Members, ProfileMember, members},
    parse_time, shortened,
};
use jiff::tz::{self, TimeZone};

use super::{arguments::ProfileArguments, error::CommandError};

/// Characters of an invalid value that an error shows.
const MAX_SHOWN: usize = 30;
/// The largest height in cm and the largest weight in kg.
const MAX_HEIGHT: f64 = 300.0;
const MAX_WEIGHT: f64 = 1_000.0;

/// What a profile is to have.
#[derive(Debug, Clone, Default)]
pub(super) struct ProfileEdit {
    /// Members other than the target.
    pub(super) members: Members,
    /// The target from today on.
    pub(super) target: Option<TargetKcal>,
}

/// The edit of a profile; `None` if no value is given.
pub(super) fn profile(arguments: &ProfileArguments) -> Result<Option<ProfileEdit>, CommandError> {
    let ProfileArguments {
        target,
        targets,
        height,
        weight,
        time_zone,
        day_starts_at,
        count_exercise,
    } = arguments;
    let daily = target.as_deref().map(kcal).transpose()?.map(TargetKcal::Daily);
    let weekly = targets.as_deref().map(weekly).transpose()?;
    let target = daily.or(weekly);
    let height = height.as_deref().map(parse_height).transpose()?;
    let weight = weight.as_deref().map(parse_weight).transpose()?;
    let zone = time_zone.as_deref().map(zone).transpose()?;
    let start = day_starts_at.as_deref().map(day_start).transpose()?;
    let given = [
        height.map(ProfileMember::Height),
        weight.map(ProfileMember::Weight),
        zone.map(ProfileMember::TimeZone),
        start.map(ProfileMember::DayStartsAt),
        count_exercise.map(ProfileMember::CountExercise),
    ];
    let members = members(given.into_iter().flatten());
    let has_value = target.is_some() || !members.is_empty();
    Ok(has_value.then_some(ProfileEdit { members, target }))
}

/// kcal per day.
fn kcal(text: &str) -> Result<u32, CommandError> {
    let text = text.trim();
    match text.trim_end_matches("kcal").trim_end().parse() {
        Ok(kcal) if (1..=MAX_TARGET).contains(&kcal) => Ok(kcal),
        Ok(_) | Err(_) => Err(CommandError::value(format!(
            "`{}` can't be a target: a whole number of kcal from 1 to {MAX_TARGET}",
            shown(text)
        ))),
    }
}

/// Seven targets, Monday first.
fn weekly(text: &str) -> Result<TargetKcal, CommandError> {
    let days = text.split([',', ' ']).filter(|day| !day.is_empty());
    let days = days.map(kcal).collect::<Result<Vec<u32>, _>>()?;
    let count = days.len();
    <[u32; 7]>::try_from(days).map(TargetKcal::Weekly).map_err(|_| {
        CommandError::value(format!(
            "{count} targets are not a week: seven are required, Monday first, as in `--targets 2000,2000,2000,2000,2000,2400,2400`"
        ))
    })
}

fn parse_height(text: &str) -> Result<Option<f64>, CommandError> {
    measure(text, "height", "cm", MAX_HEIGHT)
}

/// A weight in kg; `None` for an empty text.
pub(super) fn parse_weight(text: &str) -> Result<Option<f64>, CommandError> {
    measure(text, "weight", "kg", MAX_WEIGHT)
}

/// A number above 0 with a point or a comma, which its unit may follow; `None` for an empty text.
fn measure(text: &str, what: &str, unit: &str, most: f64) -> Result<Option<f64>, CommandError> {
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
        Ok(_) | Err(_) => Err(CommandError::value(format!(
            "`{}` can't be a {what}: a number of {unit} above 0, at most {most}",
            shown(text)
        ))),
    }
}

/// The IANA name of a time zone; `None` for an empty text: the computer's.
fn zone(text: &str) -> Result<Option<String>, CommandError> {
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
    Err(CommandError::value(format!(
        "`{}` is not a time zone; {hint}",
        shown(text)
    )))
}

/// The time at which days begin, `HH:MM`; `None` for an empty text: midnight.
fn day_start(text: &str) -> Result<Option<String>, CommandError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let time = parse_time(text).map_err(CommandError::value)?;
    Ok(Some(time.strftime("%H:%M").to_string()))
}

fn shown(text: &str) -> String {
    shortened(&clean(text), MAX_SHOWN)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn values_are_read_as_people_type_them_and_empty_ones_remove() {
        assert_eq!(kcal(" 1800 kcal").unwrap(), 1_800);
        assert_eq!(
            weekly("1,2,3,4,5,6, 7").unwrap(),
            TargetKcal::Weekly([1, 2, 3, 4, 5, 6, 7])
        );
        assert_eq!(parse_weight("80,5 kg").unwrap(), Some(80.5));
        assert_eq!(parse_height("180cm").unwrap(), Some(180.0));
        assert_eq!(zone("europe/berlin").unwrap().as_deref(), Some("Europe/Berlin"));
        assert_eq!(zone("UTC").unwrap().as_deref(), Some("UTC"));
        assert_eq!(day_start("4am").unwrap().as_deref(), Some("04:00"));
        for removed in [parse_weight(""), parse_height(" ")] {
            assert_eq!(removed.unwrap(), None);
        }
        assert_eq!((zone("").unwrap(), day_start("").unwrap()), (None, None));
    }

    #[rstest]
    #[case(kcal("0").map(drop), "from 1 to 99999")]
    #[case(kcal("100000").map(drop), "from 1 to 99999")]
    #[case(kcal("-5").map(drop), "from 1 to 99999")]
    #[case(kcal("1800.5").map(drop), "whole number")]
    #[case(weekly("1,2,3").map(drop), "3 targets are not a week")]
    #[case(weekly("1,2,3,4,5,6,x").map(drop), "`x`")]
    #[case(parse_weight("0").map(drop), "at most 1000")]
    #[case(parse_weight("NaN").map(drop), "at most 1000")]
    #[case(parse_weight("1000.1").map(drop), "at most 1000")]
    #[case(parse_height("-180").map(drop), "at most 300")]
    #[case(parse_height("1e3").map(drop), "at most 300")]
    #[case(parse_height("tall").map(drop), "`tall`")]
    #[case(zone("Europe/Berln").map(drop), "did you mean `Europe/Berlin`?")]
    #[case(zone("nowhere at all, really nowhere").map(drop), "such as `Europe/Berlin`")]
    #[case(day_start("25:00").map(drop), "25:00")]
    #[case(day_start("4").map(drop), "times are")]
    fn invalid_values_have_a_reason(#[case] read: Result<(), CommandError>, #[case] says: &str) {
        let error = read.unwrap_err();
        assert!(error.message().contains(says), "{error:?}");
        assert_eq!(error.exit_code(), 2);
    }
}
