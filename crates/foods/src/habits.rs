//! The names of the user's log, indexed for the quick line and for the usual at an hour.

use caltrack_domain::line::{Habit, likeliest};
use jiff::Zoned;

use crate::own::OwnNames;

/// The names of a log with their uses.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Habits {
    habits: Vec<Habit>,
    names: OwnNames,
}

impl Habits {
    /// Indexes names; search puts those that are likely at this moment in front.
    pub fn of(habits: Vec<Habit>, now: &Zoned) -> Self {
        let mut scored: Vec<(f64, Habit)> = habits
            .into_iter()
            .map(|habit| (habit.score(now), habit))
            .collect();
        scored.sort_by(|one, other| other.0.total_cmp(&one.0));
        let habits: Vec<Habit> = scored.into_iter().map(|(_, habit)| habit).collect();
        Self {
            names: OwnNames::of(habits.iter().map(|habit| habit.own.clone()).collect()),
            habits,
        }
    }

    /// The names for the quick line.
    pub const fn names(&self) -> &OwnNames {
        &self.names
    }

    /// The habits, in the order of the index.
    pub fn all(&self) -> &[Habit] {
        &self.habits
    }

    /// The habits likeliest at a moment, likeliest first.
    pub fn likeliest(&self, now: &Zoned, most: usize) -> Vec<&Habit> {
        likeliest(self.habits.iter(), now, most)
    }
}
