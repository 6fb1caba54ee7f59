//! Random writes to the activity table, the stream that they leave, and what they should add up to.

use std::collections::BTreeMap;

use caltrack_aggregator::Amounts;
use caltrack_domain::{Grams, entry_digest};
use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};

use crate::support::{Key, Stream, meal, tombstone, with, with_text, without};

const USERS: [&str; 3] = ["user-0", "user-1", "user-2"];
const DAYS: [&str; 3] = ["2026-11-22", "2026-11-23", "2026-11-24"];

/// The members of an entry.
#[derive(Debug, Clone)]
pub(super) struct Values {
    kcal: Kcal,
    protein: Protein,
    category: &'static str,
    day: Day,
}

#[derive(Debug, Clone, Copy)]
enum Protein {
    Tenths(i64),
    Absent,
    Null,
    /// More than one decimal: can't be booked.
    TooFine,
}

#[derive(Debug, Clone, Copy)]
enum Kcal {
    Whole(i64),
    Absent,
    Null,
    /// Not a GraphQL `Int`: can't be booked.
    Fraction,
}

#[derive(Debug, Clone, Copy)]
enum Day {
    Dated(usize),
    /// Without `date`: the last second of the UTC day.
    Undated(usize),
    /// Not in the calendar: can't be booked.
    Impossible,
}

/// One write to the activity table.
#[derive(Debug, Clone)]
pub(super) enum Write {
    /// A create, or an edit where there is an entry.
    Put(usize, Values),
    /// An edit of what doesn't count.
    Rename,
    /// The tombstone instead of the entry.
    Delete,
    /// The item goes: a tombstone by its time to live, an entry by hand.
    Remove,
    /// Another owner, by hand.
    HandOver(usize),
}

fn values() -> impl Strategy<Value = Values> {
    let kcal = prop_oneof![
        12 => (1_i64..1000).prop_map(Kcal::Whole),
        2 => Just(Kcal::Whole(0)),
        1 => Just(Kcal::Absent),
        1 => Just(Kcal::Null),
        1 => Just(Kcal::Fraction),
    ];
    let category = select(vec![
        "Food", "Drink", "Exercise", "Food", "Exercise", "Sleep", "food",
    ]);
    let day = prop_oneof![
        8 => (0..DAYS.len()).prop_map(Day::Dated),
        2 => (0..DAYS.len()).prop_map(Day::Undated),
        1 => Just(Day::Impossible),
    ];
    let protein = prop_oneof![
        8 => (0_i64..1000).prop_map(Protein::Tenths),
        4 => Just(Protein::Absent),
        1 => Just(Protein::Null),
        1 => Just(Protein::TooFine),
    ];
    (kcal, protein, category, day).prop_map(|(kcal, protein, category, day)| Values {
        kcal,
        protein,
        category,
        day,
    })
}

pub(super) fn write() -> impl Strategy<Value = Write> {
    prop_oneof![
        8 => (0..USERS.len(), values()).prop_map(|(user, values)| Write::Put(user, values)),
        1 => Just(Write::Rename),
        2 => Just(Write::Delete),
        1 => Just(Write::Remove),
        1 => (0..USERS.len()).prop_map(Write::HandOver),
    ]
}

/// Totals by user and day.
pub(super) type Totals = BTreeMap<Key, Amounts>;

/// An item of the table, and what it adds to a day: known from what was written, not read from the item.
#[derive(Debug, Clone)]
pub(super) struct StoredTotals {
    pub(super) item: Value,
    values: Values,
    owner: Option<usize>,
    id: String,
    rev: u32,
}

impl StoredTotals {
    fn new(slot: usize, owner: usize, values: &Values, rev: u32) -> Self {
        let id = format!("entry-{slot}");
        let item = with_text(&without(&meal(0), "caloriesConsumed"), "id", &id);
        let item = with_text(&item, "userid", USERS[owner]);
        let item = with_text(&item, "category", values.category);
        let item = with(&item, "rev", json!({ "N": rev.to_string() }));
        let item = match values.day {
            Day::Dated(day) => with_text(&item, "date", DAYS[day]),
            Day::Undated(day) => with_text(
                &without(&item, "date"),
                "creationDateTime",
                &format!("{}T23:59:59.999Z", DAYS[day]),
            ),
            Day::Impossible => with_text(&item, "date", "2026-02-30"),
        };
        let item = match values.kcal {
            Kcal::Whole(kcal) => with(&item, "caloriesConsumed", json!({ "N": kcal.to_string() })),
            Kcal::Absent => item,
            Kcal::Null => with(&item, "caloriesConsumed", json!({ "NULL": true })),
            Kcal::Fraction => with(&item, "caloriesConsumed", json!({ "N": "99.5" })),
        };
        let item = match values.protein {
            Protein::Tenths(tenths) => with(
                &item,
                "protein",
                json!({ "N": Grams::from_tenths(tenths).to_string() }),
            ),
            Protein::Absent => item,
            Protein::Null => with(&item, "protein", json!({ "NULL": true })),
            Protein::TooFine => with(&item, "protein", json!({ "N": "0.25" })),
        };
        Self {
            item,
            values: values.clone(),
            owner: Some(owner),
            id,
            rev,
        }
    }

    fn is_readable(&self) -> bool {
        let Values {
            kcal,
            protein,
            category,
            day,
        } = self.values;
        let kcal = !matches!(kcal, Kcal::Fraction);
        let protein = !matches!(protein, Protein::TooFine);
        let numbers = match category {
            "Food" | "Drink" => kcal && protein,
            "Exercise" => kcal,
            // It counts nothing then.
            _ => return true,
        };
        self.owner.is_none() || (numbers && !matches!(day, Day::Impossible))
    }

    pub(super) fn adds(&self) -> Option<(Key, Amounts)> {
        let owner = self.owner.filter(|_| self.is_readable())?;
        let (Day::Dated(day) | Day::Undated(day)) = self.values.day else {
            return None;
        };
        let nothing = Amounts {
            entries: 1,
            digest: i64::try_from(entry_digest(&self.id, self.rev)).unwrap(),
            ..Amounts::default()
        };
        let kcal = match self.values.kcal {
            Kcal::Whole(kcal) => kcal,
            Kcal::Absent | Kcal::Null | Kcal::Fraction => 0,
        };
        let protein = match self.values.protein {
            Protein::Tenths(tenths) => Grams::from_tenths(tenths),
            Protein::Absent | Protein::Null | Protein::TooFine => Grams::ZERO,
        };
        let amounts = match self.values.category {
            "Food" | "Drink" => Amounts {
                consumed: kcal,
                protein,
                ..nothing
            },
            "Exercise" => Amounts {
                burned: kcal,
                ..nothing
            },
            _ => nothing,
        };
        Some(((USERS[owner].to_owned(), DAYS[day].to_owned()), amounts))
    }
}

/// A record, and what it should do.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) slot: usize,
    pub(super) record: Value,
    /// By user and day.
    pub(super) effects: Totals,
    /// The entry's new image isn't valid.
    pub(super) unreadable: bool,
}

/// What a history leaves: its stream, and the table in the end.
pub(super) fn live(writes: &[(usize, Write)]) -> (Vec<Written>, Vec<StoredTotals>) {
    let mut stream = Stream::new();
    let mut table: BTreeMap<usize, StoredTotals> = BTreeMap::new();
    let mut records = Vec::new();
    for (rev, (slot, write)) in (1..).zip(writes) {
        let old = table.get(slot).cloned();
        let new = match (&old, write) {
            (None, Write::Put(user, values)) => Some(StoredTotals::new(*slot, *user, values, rev)),
            (
                Some(StoredTotals {
                    owner: Some(owner), ..
                }),
                Write::Put(_, values),
            ) => Some(StoredTotals::new(*slot, *owner, values, rev)),
            (Some(old @ StoredTotals { owner: Some(_), .. }), Write::Rename) => Some(StoredTotals {
                item: with_text(&old.item, "name", &rev.to_string()),
                ..old.clone()
            }),
            (Some(old @ StoredTotals { owner: Some(_), .. }), Write::Delete) => Some(StoredTotals {
                item: tombstone(&old.item),
                owner: None,
                ..old.clone()
            }),
            (Some(old @ StoredTotals { owner: Some(_), .. }), Write::HandOver(user)) => Some(StoredTotals {
                item: with(
                    &with_text(&old.item, "userid", USERS[*user]),
                    "rev",
                    json!({ "N": rev.to_string() }),
                ),
                owner: Some(*user),
                rev,
                ..old.clone()
            }),
            (Some(_), Write::Remove) => None,
            // Not there, or deleted: the resolvers refuse.
            (None | Some(StoredTotals { owner: None, .. }), _) => continue,
        };
        let record = match (&old, &new) {
            (None, Some(new)) => stream.insert(&new.item),
            (Some(old), Some(new)) => stream.modify(&old.item, &new.item),
            (Some(old), None) if old.owner.is_none() => stream.expire(&old.item),
            (Some(old), None) => stream.remove(&old.item),
            (None, None) => continue,
        };
        let added = new.as_ref().and_then(StoredTotals::adds);
        let taken = old.as_ref().and_then(StoredTotals::adds);
        let taken = taken.map(|(key, amounts)| (key, -amounts));
        let effects = sum(added.into_iter().chain(taken));
        let unreadable = new.as_ref().is_some_and(|stored| !stored.is_readable());
        records.push(Written {
            slot: *slot,
            record,
            effects,
            unreadable,
        });
        match new {
            Some(new) => table.insert(*slot, new),
            None => table.remove(slot),
        };
    }
    (records, table.into_values().collect())
}

/// The sum by user and day.
pub(super) fn sum(effects: impl Iterator<Item = (Key, Amounts)>) -> Totals {
    let mut sum = Totals::new();
    for (key, effect) in effects {
        *sum.entry(key).or_default() += effect;
    }
    sum
}

/// The totals without days at zero.
pub(super) fn not_zero(mut totals: Totals) -> Totals {
    totals.retain(|_, total| *total != Amounts::default());
    totals
}
