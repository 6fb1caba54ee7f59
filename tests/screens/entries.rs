//! Entries, edits and totals as these tests write them down.

use caltrack_domain::{Activity, ActivityPatch, Category, DailyTotals, NewActivity};
use jiff::{Timestamp, Zoned, civil::Date};

/// The id of the user `alice`, who owns every entry unless a test sets another owner.
pub(crate) const SUB: &str = "sub-alice";

/// Half past twelve on Monday, 2026-11-23, in UTC.
pub(crate) fn now() -> Zoned {
    "2026-11-23T12:30:00+00:00[UTC]".parse().unwrap()
}

pub(crate) fn today() -> Date {
    now().date()
}

pub(crate) fn yesterday() -> Date {
    today().yesterday().unwrap()
}

pub(crate) fn categories() -> Vec<Category> {
    let category = |name: &str, types: &[&str]| Category {
        name: name.to_owned(),
        types: types.iter().map(|kind| (*kind).to_owned()).collect(),
    };
    vec![
        category("Drink", &["Tea", "Coffee", "Shake", "Juice"]),
        category("Exercise", &["Walk", "Run", "Cardio", "Weights"]),
        category("Food", &["Breakfast", "Lunch", "Dinner", "Snacks"]),
    ]
}

/// An entry, new or stored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) owner: String,
    /// 0 until it is stored.
    pub(crate) rev: u32,
    pub(crate) date: Date,
    pub(crate) moment: Timestamp,
    pub(crate) category: String,
    pub(crate) kind: String,
    pub(crate) kcal: u32,
    pub(crate) name: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) quantity: Option<f64>,
    pub(crate) unit: Option<String>,
}

/// An entry of today at 08:10, stored once.
pub(crate) fn entry(id: &str, kind: &str, kcal: u32) -> Entry {
    let category = categories()
        .into_iter()
        .find(|category| category.types.iter().any(|candidate| candidate == kind))
        .map_or("Supplement".to_owned(), |category| category.name);
    Entry {
        id: id.to_owned(),
        owner: SUB.to_owned(),
        rev: 1,
        date: today(),
        moment: "2026-11-23T08:10:00Z".parse().unwrap(),
        category,
        kind: kind.to_owned(),
        kcal,
        name: None,
        note: None,
        quantity: None,
        unit: None,
    }
}

impl Entry {
    /// The same as the backend has it after that many writes.
    pub(crate) fn rev(&self, rev: u32) -> Self {
        Self { rev, ..self.clone() }
    }

    pub(crate) fn with_id(&self, id: &str) -> Self {
        let id = id.to_owned();
        Self { id, ..self.clone() }
    }

    pub(crate) fn kcal(&self, kcal: u32) -> Self {
        Self { kcal, ..self.clone() }
    }

    pub(crate) fn named(&self, name: &str) -> Self {
        let name = Some(name.to_owned());
        Self { name, ..self.clone() }
    }

    pub(crate) fn amount(&self, quantity: f64, unit: &str) -> Self {
        Self {
            quantity: Some(quantity),
            unit: Some(unit.to_owned()),
            ..self.clone()
        }
    }

    pub(crate) fn noted(&self, note: &str) -> Self {
        let note = Some(note.to_owned());
        Self { note, ..self.clone() }
    }

    pub(crate) fn on(&self, date: Date) -> Self {
        Self { date, ..self.clone() }
    }

    /// At a time of today such as `12:00`, or `12:00:42.5`.
    pub(crate) fn at(&self, time: &str) -> Self {
        let seconds = if time.len() > 5 { "" } else { ":00" };
        let moment = format!("{}T{time}{seconds}Z", today()).parse().unwrap();
        Self {
            moment,
            ..self.clone()
        }
    }

    pub(crate) fn owned_by(&self, sub: &str) -> Self {
        Self {
            owner: sub.to_owned(),
            ..self.clone()
        }
    }

    pub(super) fn of_new(new: &NewActivity) -> Self {
        Self::parts(new.id.clone(), SUB.to_owned(), 0, new.entry.clone())
    }

    pub(super) fn of(stored: &Activity) -> Self {
        Self::parts(
            stored.id.clone(),
            stored.owner.clone(),
            stored.rev,
            stored.entry.clone(),
        )
    }

    fn parts(id: String, owner: String, rev: u32, entry: caltrack_domain::Entry) -> Self {
        Self {
            id,
            owner,
            rev,
            date: entry.date,
            moment: entry.moment,
            category: entry.category,
            kind: entry.kind,
            kcal: entry.kcal,
            name: entry.name,
            note: entry.note,
            quantity: entry.quantity,
            unit: entry.unit,
        }
    }

    pub(crate) fn stored(&self) -> Activity {
        let entry = self.clone();
        Activity {
            id: entry.id,
            owner: entry.owner,
            entry: caltrack_domain::Entry {
                name: entry.name,
                note: entry.note,
                quantity: entry.quantity,
                unit: entry.unit,
                ..caltrack_domain::Entry::new(
                    entry.date,
                    entry.moment,
                    entry.category,
                    entry.kind,
                    entry.kcal,
                )
            },
            rev: entry.rev,
        }
    }
}

/// An edit that was sent: what is `Some` changes; `Some(None)` removes.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(clippy::option_option, reason = "a member is left alone, set or removed")]
pub(crate) struct Edit {
    pub(crate) id: String,
    pub(crate) expected_rev: Option<u32>,
    pub(crate) date: Option<Date>,
    pub(crate) moment: Option<Timestamp>,
    pub(crate) category: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) kcal: Option<u32>,
    pub(crate) name: Option<Option<String>>,
    pub(crate) note: Option<Option<String>>,
    pub(crate) quantity: Option<Option<f64>>,
}

impl Edit {
    pub(super) fn of(id: &str, patch: &ActivityPatch, expected_rev: Option<u32>) -> Self {
        let patch = patch.clone();
        Self {
            id: id.to_owned(),
            expected_rev,
            date: patch.date,
            moment: patch.moment,
            category: patch.category,
            kind: patch.kind,
            kcal: patch.kcal,
            name: patch.name,
            note: patch.note,
            quantity: patch.quantity,
        }
    }

    /// The entry as the backend has it after this edit.
    pub(crate) fn applied_to(&self, before: &Entry) -> Entry {
        let (edit, before) = (self.clone(), before.clone());
        Entry {
            rev: before.rev + 1,
            date: edit.date.unwrap_or(before.date),
            moment: edit.moment.unwrap_or(before.moment),
            category: edit.category.unwrap_or(before.category),
            kind: edit.kind.unwrap_or(before.kind),
            kcal: edit.kcal.unwrap_or(before.kcal),
            name: edit.name.unwrap_or(before.name),
            note: edit.note.unwrap_or(before.note),
            quantity: edit.quantity.unwrap_or(before.quantity),
            ..before
        }
    }
}

/// Totals of today.
pub(crate) fn totals(consumed: i64, burned: i64, version: u64) -> DailyTotals {
    totals_on(today(), consumed, burned, version)
}

pub(crate) fn totals_on(date: Date, consumed: i64, burned: i64, version: u64) -> DailyTotals {
    DailyTotals {
        calories_consumed: consumed,
        calories_burned: burned,
        version,
        ..DailyTotals::empty(date)
    }
}
