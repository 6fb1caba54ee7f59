//! Three-way merge of edits of an entry.

use crate::{ActivityPatch, Entry};

/// A three-way merge of an edit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Merge {
    /// What the edit still changes; nothing if the stored entry is as it wants.
    pub kept: ActivityPatch,
    /// The members that were changed elsewhere to other values, with the values that they don't get.
    pub lost: ActivityPatch,
}

impl ActivityPatch {
    /// Three-way merge of this edit of `base` into `stored`.
    ///
    /// Category and type collide together, as do day and moment: half of such a pair means nothing.
    pub fn merged(&self, base: &Entry, stored: &Entry) -> Merge {
        let (mut kept, mut lost) = self.compared(base, stored);
        if lost.category.is_some() || lost.kind.is_some() {
            (kept.category, kept.kind) = (None, None);
            (lost.category, lost.kind) = (self.category.clone(), self.kind.clone());
        } else if kept.category.is_some() || kept.kind.is_some() {
            (kept.category, kept.kind) = (self.category.clone(), self.kind.clone());
        }
        if lost.date.is_some() || lost.moment.is_some() {
            (kept.date, kept.moment) = (None, None);
            (lost.date, lost.moment) = (self.date, self.moment);
        }
        Merge { kept, lost }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn lunch() -> Entry {
        Entry {
            name: Some("soup".to_owned()),
            ..Entry::new(
                date(2026, 11, 23),
                "2026-11-23T07:30:00.1239Z".parse().unwrap(),
                "Food",
                "Lunch",
                650,
            )
        }
    }

    #[test]
    fn a_member_collides_only_if_the_stored_one_is_neither_the_base_nor_the_wanted_one() {
        let (base, note) = (lunch(), |text: &str| Some(Some(text.to_owned())));
        let patch = ActivityPatch {
            kcal: Some(700),
            note: note("mine"),
            name: Some(None),
            ..ActivityPatch::default()
        };
        let stored = Entry {
            kcal: 700,
            note: Some("theirs".to_owned()),
            ..lunch()
        };
        let Merge { kept, lost } = patch.merged(&base, &stored);
        assert_eq!(
            kept,
            ActivityPatch {
                name: Some(None),
                ..ActivityPatch::default()
            }
        );
        assert_eq!(
            lost,
            ActivityPatch {
                note: note("mine"),
                ..ActivityPatch::default()
            }
        );
        assert!(patch.merged(&base, &base.edited(&patch)).kept.is_empty());
    }

    #[test]
    fn category_and_type_collide_together() {
        let dinner = Entry {
            kind: "Dinner".to_owned(),
            ..lunch()
        };
        let patch = dinner.patch_from(&lunch()).unwrap();
        let stored = Entry::new(lunch().date, lunch().moment, "Drink", "Lunch", 650);
        let Merge { kept, lost } = patch.merged(&lunch(), &stored);
        assert!(kept.category.is_none() && kept.kind.is_none());
        assert_eq!(
            (lost.category.as_deref(), lost.kind.as_deref()),
            (Some("Food"), Some("Dinner"))
        );
    }

    fn entry() -> impl Strategy<Value = Entry> {
        (0..3_u32, proptest::option::of("[ab]"), "[ab]").prop_map(|(kcal, name, kind)| Entry {
            kind,
            name,
            kcal,
            ..lunch()
        })
    }

    proptest! {
        #[test]
        fn every_member_is_mine_or_theirs_and_theirs_where_both_changed_it(
            base in entry(), mine in entry(), theirs in entry(),
        ) {
            let patch = mine.patch_from(&base).unwrap_or_default();
            let Merge { kept, lost } = patch.merged(&base, &theirs);
            let merged = theirs.edited(&kept);
            prop_assert!(patch.merged(&base, &merged).kept.is_empty(), "a merged edit has nothing left to do");
            for (base, mine, theirs, merged, lost) in [
                (base.kcal.to_string(), mine.kcal.to_string(), theirs.kcal.to_string(), merged.kcal.to_string(), lost.kcal.is_some()),
                (format!("{:?}", base.name), format!("{:?}", mine.name), format!("{:?}", theirs.name), format!("{:?}", merged.name), lost.name.is_some()),
                (base.kind, mine.kind, theirs.kind, merged.kind, lost.kind.is_some()),
            ] {
                let collides = mine != base && theirs != base && mine != theirs;
                prop_assert_eq!(lost, collides);
                prop_assert_eq!(merged, if mine == base || collides { theirs } else { mine });
            }
        }
    }
}
