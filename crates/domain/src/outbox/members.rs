//! Members of a profile by their names in the API.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::{Profile, TargetChange};

/// Members and their values; null is an absent one.
pub type Members = BTreeMap<String, Value>;

/// A member of a profile that a user sets, with its value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ProfileMember {
    /// Body height in cm, above 0 and at most 300.
    Height(Option<f64>),
    /// Body weight in kg, above 0 and at most 1,000.
    Weight(Option<f64>),
    /// Energy target in kcal per day, 1 to 99,999.
    #[serde(rename = "caloriesTargetPerDay")]
    Target(u32),
    /// Targets by day.
    Targets(Vec<TargetChange>),
    /// IANA name of the time zone of days.
    TimeZone(Option<String>),
    /// Local time at which the logging day rolls over, `HH:MM`.
    DayStartsAt(Option<String>),
    /// Whether burned calories are added to what remains.
    CountExercise(bool),
}

/// Members by their names; of two values of one member the later one counts.
pub fn members(list: impl IntoIterator<Item = ProfileMember>) -> Members {
    let named = |member: ProfileMember| match serde_json::to_value(member) {
        Ok(Value::Object(named)) => named,
        Ok(_) | Err(_) => serde_json::Map::new(),
    };
    list.into_iter().flat_map(named).collect()
}

/// The members of a profile that a user sets.
pub fn members_of(profile: &Profile) -> Members {
    let Profile {
        username: _,
        height,
        weight,
        bmi: _,
        target,
        targets,
        time_zone,
        day_starts_at,
        count_exercise,
        rev: _,
    } = profile.clone();
    members([
        ProfileMember::Height(height),
        ProfileMember::Weight(weight),
        ProfileMember::Target(target),
        ProfileMember::Targets(targets),
        ProfileMember::TimeZone(time_zone),
        ProfileMember::DayStartsAt(day_starts_at),
        ProfileMember::CountExercise(count_exercise),
    ])
}

/// A three-way merge of members.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MembersMerge {
    /// What is still to be set.
    pub kept: Members,
    /// Members that were changed elsewhere to other values, with the values that they don't get.
    pub lost: Members,
}

/// Merges `patch`, an edit of `base`, into `stored`.
pub(super) fn merge(patch: &Members, base: &Members, stored: &Members) -> MembersMerge {
    let mut merge = MembersMerge::default();
    for (name, mine) in patch {
        let theirs = stored.get(name).unwrap_or(&Value::Null);
        if mine == theirs {
            continue;
        }
        let side = if theirs == base.get(name).unwrap_or(&Value::Null) {
            &mut merge.kept
        } else {
            &mut merge.lost
        };
        side.insert(name.clone(), mine.clone());
    }
    merge
}
