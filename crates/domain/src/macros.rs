//! Protein, fat and carbohydrate together.

use std::ops::{Add, Sub};

use jiff::civil::Date;

use crate::{
    Activity, Booking, DailyTotals, Entry, Grams, LogCommand,
    outbox::{by_entry, projected},
};

/// Grams of protein, fat and carbohydrate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Macros {
    /// Protein.
    pub protein: Grams,
    /// Fat.
    pub fat: Grams,
    /// Carbohydrate.
    pub carbohydrate: Grams,
}

impl Macros {
    /// Those of a day's totals; `None` where the day was last counted before the backend knew them.
    pub fn of_totals(totals: &DailyTotals) -> Option<Self> {
        Some(Self {
            protein: totals.protein?,
            fat: totals.fat?,
            carbohydrate: totals.carbohydrate?,
        })
    }

    /// Those that an entry adds to its day: absent ones are 0, and so are those of other entries than Food and Drink.
    pub fn of_entry(entry: &Entry) -> Self {
        if Booking::of(&entry.category) != Booking::Consumed {
            return Self::default();
        }
        Self {
            protein: entry.protein.unwrap_or_default(),
            fat: entry.fat.unwrap_or_default(),
            carbohydrate: entry.carbohydrate.unwrap_or_default(),
        }
    }

    /// What pending changes, in their order, add to the totals of `date`; negative where they take away. `stored` returns an entry
    /// as the backend has it, if that is known.
    pub fn queued<'a, 'b>(
        date: Date,
        pending: impl Iterator<Item = &'a LogCommand>,
        stored: impl Fn(&str) -> Option<&'b Activity>,
    ) -> Self {
        let of = |activity: Option<&Activity>| {
            let entry = activity.map(|activity| &activity.entry);
            entry
                .filter(|entry| entry.date == date)
                .map_or_else(Self::default, Self::of_entry)
        };
        by_entry(pending)
            .into_iter()
            .fold(Self::default(), |sum, (id, commands)| {
                let before = stored(id);
                let after = projected(commands.into_iter(), "", before);
                sum + of(after.as_ref()) - of(before)
            })
    }

    /// Whether all are 0.
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

impl Add for Macros {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            protein: self.protein + other.protein,
            fat: self.fat + other.fat,
            carbohydrate: self.carbohydrate + other.carbohydrate,
        }
    }
}

impl Sub for Macros {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            protein: self.protein - other.protein,
            fat: self.fat - other.fat,
            carbohydrate: self.carbohydrate - other.carbohydrate,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};

    use super::*;
    use crate::{ActivityPatch, NewActivity};

    const DAY: Date = date(2026, 11, 23);

    fn meal(category: &str, protein: u32) -> Entry {
        Entry {
            protein: Some(Grams::whole(protein)),
            ..Entry::new(DAY, Timestamp::UNIX_EPOCH, category, "Lunch", 650)
        }
    }

    #[test]
    fn queued_changes_add_the_grams_of_food_and_drink_on_their_day() {
        let stored = Activity {
            id: "a".to_owned(),
            owner: "u".to_owned(),
            entry: meal("Food", 30),
            rev: 1,
        };
        let edit = ActivityPatch {
            protein: Some(Some(Grams::whole(25))),
            ..ActivityPatch::default()
        };
        let new = |id: &str, entry| LogCommand::Create(NewActivity::new(id.to_owned(), entry));
        let pending = [
            LogCommand::Update {
                before: stored.clone(),
                patch: edit,
            },
            new("b", meal("Drink", 8)),
            new("c", meal("Exercise", 99)),
            new(
                "d",
                Entry {
                    date: DAY.tomorrow().unwrap(),
                    ..meal("Food", 99)
                },
            ),
        ];
        let queued = Macros::queued(DAY, pending.iter(), |id| (id == "a").then_some(&stored));
        let expected = Macros {
            protein: Grams::whole(3),
            ..Macros::default()
        };
        assert_eq!(queued, expected);
        assert!(Macros::queued(DAY, [].iter(), |_| None).is_nothing());
    }
}
