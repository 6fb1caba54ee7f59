//! Values of `profile` and `weight`, checked before anything is opened.

use caltrack_domain::{
    Measures, TargetKcal,
    outbox::{Members, ProfileMember, members},
};

use super::{arguments::ProfileArguments, error::CommandError};
use crate::app::measures;

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
    measures::kcal(text).map_err(CommandError::value)
}

/// Seven targets, Monday first.
fn weekly(text: &str) -> Result<TargetKcal, CommandError> {
    measures::weekly(text).map_err(CommandError::value)
}

fn parse_height(text: &str) -> Result<Option<f64>, CommandError> {
    measures::parse_height(text, Measures::Metric).map_err(CommandError::value)
}

/// A weight in kg; `None` for an empty text.
pub(super) fn parse_weight(text: &str) -> Result<Option<f64>, CommandError> {
    measures::parse_weight(text, Measures::Metric).map_err(CommandError::value)
}

/// The IANA name of a time zone; `None` for an empty text: the computer's.
fn zone(text: &str) -> Result<Option<String>, CommandError> {
    measures::zone(text).map_err(CommandError::value)
}

/// The time at which days begin, `HH:MM`; `None` for an empty text: midnight.
fn day_start(text: &str) -> Result<Option<String>, CommandError> {
    measures::day_start(text).map_err(CommandError::value)
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
