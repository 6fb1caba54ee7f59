//! Members of a profile by their names in the API.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Profile, ProfilePatch};

/// Members and their values; null is an absent one.
pub type Members = BTreeMap<String, Value>;

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
    members_of_patch(&ProfilePatch {
        height: Some(height),
        weight: Some(weight),
        target: Some(target),
        targets: Some(targets),
        time_zone: Some(time_zone),
        day_starts_at: Some(day_starts_at),
        count_exercise: Some(count_exercise),
    })
}

/// The members of an edit.
pub(super) fn members_of_patch(patch: &ProfilePatch) -> Members {
    match serde_json::to_value(patch) {
        Ok(Value::Object(members)) => members.into_iter().collect(),
        Ok(_) | Err(_) => Members::new(),
    }
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
