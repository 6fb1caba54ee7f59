//! What entries add to a day.

use std::{
    iter::Sum,
    ops::{Add, AddAssign, Neg, Sub},
};

use caltrack_domain::Grams;
use serde::{Deserialize, Serialize};

/// What one or more entries add to a day's totals; of a change, the difference, which may be negative.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amounts {
    /// kcal of Food and Drink.
    pub consumed: i64,
    /// kcal of Exercise.
    pub burned: i64,
    /// The number of entries, those of unknown categories included.
    pub entries: i64,
    /// The sum of [`caltrack_domain::entry_digest`] over the entries.
    pub digest: i64,
    /// Protein of Food and Drink.
    pub protein: Grams,
    /// Fat of Food and Drink.
    pub fat: Grams,
    /// Carbohydrate of Food and Drink.
    pub carbohydrate: Grams,
}

impl Amounts {
    /// The members beside kcal by their names in the row of totals, as DynamoDB's decimal texts.
    pub fn counted(&self) -> [(&'static str, String); 5] {
        [
            ("entries", self.entries.to_string()),
            ("digest", self.digest.to_string()),
            ("protein", self.protein.to_string()),
            ("fat", self.fat.to_string()),
            ("carbohydrate", self.carbohydrate.to_string()),
        ]
    }
}

impl Add for Amounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            consumed: self.consumed + other.consumed,
            burned: self.burned + other.burned,
            entries: self.entries + other.entries,
            digest: self.digest + other.digest,
            protein: self.protein + other.protein,
            fat: self.fat + other.fat,
            carbohydrate: self.carbohydrate + other.carbohydrate,
        }
    }
}

impl Neg for Amounts {
    type Output = Self;

    fn neg(self) -> Self {
        Self {
            consumed: -self.consumed,
            burned: -self.burned,
            entries: -self.entries,
            digest: -self.digest,
            protein: -self.protein,
            fat: -self.fat,
            carbohydrate: -self.carbohydrate,
        }
    }
}

impl Sub for Amounts {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl AddAssign for Amounts {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Amounts {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}
