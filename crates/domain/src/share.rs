//! The share of each type in what was eaten and drunk.

use std::collections::BTreeMap;

use crate::{
    Activity, Booking, LogCommand,
    outbox::{by_entry, projected},
};
use jiff::civil::Date;

/// kcal of the entries of a type; negative where queued changes take more away than they add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeKcal {
    /// The category of the type.
    pub category: String,
    /// The type.
    pub kind: String,
    /// The sum of its entries' kcal.
    pub kcal: i64,
}

/// The sums of food and drink by type, the largest first, then by name. Types without kcal are absent.
pub fn eaten_by_type<'a>(parts: impl Iterator<Item = &'a TypeKcal>) -> Vec<TypeKcal> {
    let mut sums: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for part in parts.filter(|part| Booking::of(&part.category) == Booking::Consumed) {
        let sum = sums.entry((&part.kind, &part.category)).or_default();
        *sum = sum.saturating_add(part.kcal);
    }
    let mut shares: Vec<TypeKcal> = sums
        .into_iter()
        .filter(|(_, kcal)| *kcal > 0)
        .map(|((kind, category), kcal)| TypeKcal {
            category: category.to_owned(),
            kind: kind.to_owned(),
            kcal,
        })
        .collect();
    shares.sort_by_key(|share| std::cmp::Reverse(share.kcal));
    shares
}

/// What pending changes, in their order, add to the types of each day, measured as [`QueuedKcal::by_day`] measures totals.
///
/// [`QueuedKcal::by_day`]: crate::outbox::QueuedKcal::by_day
pub fn queued_by_type<'a>(pending: impl Iterator<Item = &'a LogCommand>) -> Vec<(Date, TypeKcal)> {
    let mut parts = Vec::new();
    for commands in by_entry(pending).into_values() {
        let before = commands.first().and_then(|first| match first {
            LogCommand::Create(_) => None,
            LogCommand::Update { before, .. } | LogCommand::Delete(before) => Some(before),
        });
        let after = projected(commands.into_iter(), "", before);
        let part = |activity: &Activity, sign: i64| {
            let entry = &activity.entry;
            let kcal = sign.saturating_mul(i64::from(entry.kcal));
            let (category, kind) = (entry.category.clone(), entry.kind.clone());
            (entry.date, TypeKcal { category, kind, kcal })
        };
        parts.extend(before.map(|activity| part(activity, -1)));
        parts.extend(after.as_ref().map(|activity| part(activity, 1)));
    }
    parts
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};

    use super::*;
    use crate::{Entry, NewActivity};

    fn part(category: &str, kind: &str, kcal: i64) -> TypeKcal {
        TypeKcal {
            category: category.to_owned(),
            kind: kind.to_owned(),
            kcal,
        }
    }

    #[test]
    fn shares_are_the_sums_of_what_was_eaten_the_largest_first() {
        let parts = [
            part("Food", "Lunch", 600),
            part("Drink", "Coffee", 30),
            part("Exercise", "Run", 900),
            part("Food", "Dinner", 700),
            part("Food", "Lunch", 400),
            part("Food", "Snacks", 0),
        ];
        let shares = eaten_by_type(parts.iter());
        let expected = [
            part("Food", "Lunch", 1_000),
            part("Food", "Dinner", 700),
            part("Drink", "Coffee", 30),
        ];
        assert_eq!(shares, expected);
    }

    #[test]
    fn a_queued_change_of_the_type_moves_its_kcal() {
        let day = date(2026, 11, 30);
        let entry = |kind: &str| Entry::new(day, Timestamp::UNIX_EPOCH, "Food", kind, 500);
        let stored = Activity {
            id: "a".to_owned(),
            owner: "me".to_owned(),
            entry: entry("Lunch"),
            rev: 1,
        };
        let pending = [
            LogCommand::Delete(stored),
            LogCommand::Create(NewActivity::new("b".to_owned(), entry("Dinner"))),
        ];
        let queued = queued_by_type(pending.iter());
        let expected = [
            (day, part("Food", "Lunch", -500)),
            (day, part("Food", "Dinner", 500)),
        ];
        assert_eq!(queued, expected);
    }
}
