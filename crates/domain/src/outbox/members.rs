//! Members of a profile by their names in the API.

use std::collections::BTreeMap;

use serde_json::Value;

/// Members and their values; null is an absent one.
pub type Members = BTreeMap<String, Value>;

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
