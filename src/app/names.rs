//! The names of the user's log and the weights, for the quick line.

use std::sync::Arc;

use caltrack_domain::{
    Category, Entry,
    line::{Habit, Item, Own, Reading, Setting, read, read_first},
};
use caltrack_foods::{Habits, OwnNames, WithOwn, table};
use jiff::{Zoned, civil::Date};

/// The weight in kg by which activities burn until one is known.
pub const USUAL_WEIGHT: f64 = 70.0;
/// New names that are learned one by one; more of them are read from the copy of the log.
const MAX_LEARNED: usize = 200;
/// Usual entries that an empty line offers.
const MAX_USUAL: usize = 7;

/// What this computer's copy of the log has of names and weights.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LogNames {
    /// The names with their uses.
    pub habits: Habits,
    /// The days with a weight in kg, in order.
    pub weights: Vec<(Date, f64)>,
    /// The weight of the profile in kg.
    pub weight: Option<f64>,
}

/// The names and weights that are known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Names {
    log: Arc<LogNames>,
    /// Names that were logged here since `log` was read.
    recent: Habits,
    /// The names of the library.
    library: Arc<OwnNames>,
    /// Whether the copy of the log has names that are not in `log`.
    is_stale: bool,
    /// Grows with every change.
    revision: u64,
}

/// What a line is read with, beside the names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surrounding<'a> {
    pub(super) now: &'a Zoned,
    pub(super) today: Date,
    /// The day of an entry without one.
    pub(super) date: Date,
    pub(super) categories: &'a [Category],
    /// The weight of the shown day.
    pub(super) weight: Option<(Date, f64)>,
}

impl Names {
    /// A number that differs after every change, so that readings can be kept until then.
    pub(super) const fn revision(&self) -> u64 {
        self.revision
    }

    /// Takes what the copy of the log has.
    pub(super) fn take(&mut self, log: Arc<LogNames>) {
        self.log = log;
        self.is_stale = false;
        self.recent = Habits::default();
        self.revision += 1;
    }

    /// Takes the names of the library.
    pub(super) fn take_library(&mut self, library: Arc<OwnNames>) {
        self.library = library;
        self.revision += 1;
    }

    /// Another user has signed in, or none.
    pub(super) fn forget(&mut self) {
        *self = Self {
            revision: self.revision + 1,
            ..Self::default()
        };
    }

    /// Learns the new names among entries that another program has logged.
    pub(super) fn notice<'e>(&mut self, entries: impl Iterator<Item = &'e Entry>, now: &Zoned) {
        let is_new = |entry: &&Entry| {
            let name = entry.name.as_ref();
            name.is_some_and(|name| !self.recent.names().has(name) && !self.log.habits.names().has(name))
        };
        let new: Vec<Entry> = entries.filter(is_new).cloned().collect();
        if self.recent.all().len() + new.len() > MAX_LEARNED {
            self.is_stale = true;
        } else {
            self.learn(new.iter(), now);
        }
    }

    /// Another day of the copy of the log has changed.
    pub(super) fn expire(&mut self) {
        self.is_stale = true;
    }

    /// Whether the names are to be read again; they are only once.
    pub(super) fn take_stale(&mut self) -> bool {
        std::mem::take(&mut self.is_stale)
    }

    /// Learns the names of entries that were logged.
    pub(super) fn learn<'e>(&mut self, entries: impl Iterator<Item = &'e Entry>, now: &Zoned) {
        let mut recent: Vec<Habit> = self.recent.all().to_vec();
        let before = recent.clone();
        for entry in entries {
            let Some(own) = Own::of(entry.clone()) else {
                continue;
            };
            let known = recent
                .iter()
                .chain(self.log.habits.all())
                .find(|habit| habit.own.name == own.name);
            let mut habit = Habit::first(own, entry.moment);
            if let Some(known) = known {
                habit.add(known);
            }
            recent.retain(|other| other.own.name != habit.own.name);
            recent.push(habit);
        }
        if recent != before {
            self.recent = Habits::of(recent, now);
            self.revision += 1;
        }
    }

    /// The weight in kg by which an activity of a day burns; none if none is known.
    pub(super) fn weight_on(&self, day: Date, shown: Option<(Date, f64)>) -> Option<f64> {
        let noted = self.log.weights.iter().rev().find(|(date, _)| *date <= day);
        let shown = shown.filter(|(date, _)| *date <= day);
        let latest = match (noted, shown) {
            (Some(noted), Some(shown)) if noted.0 > shown.0 => Some(noted.1),
            (noted, shown) => shown.map(|(_, kg)| kg).or(noted.map(|(_, kg)| *kg)),
        };
        latest.or(self.log.weight)
    }

    /// The readings of a line, likeliest first.
    pub(super) fn read(&self, line: &str, around: &Surrounding<'_>) -> Vec<Reading> {
        let mut readings = self.with(around, around.date, |setting| read(line, setting));
        let day = readings.first().and_then(|first| first.day);
        if let Some(day) = day.filter(|day| *day != around.date) {
            readings = self.with(around, day, |setting| read(line, setting));
        }
        readings
    }

    /// What is usual at this hour, likeliest first, and whether the first one was logged at about this hour before.
    pub(super) fn usual(&self, around: &Surrounding<'_>) -> (Vec<Reading>, bool) {
        let known = self.log.habits.likeliest(around.now, MAX_USUAL * 2);
        let recent = self.recent.all().iter();
        let known = known.into_iter().filter(|habit| {
            !self
                .recent
                .all()
                .iter()
                .any(|newer| newer.own.name == habit.own.name)
        });
        let habits = caltrack_domain::line::likeliest(recent.chain(known), around.now, MAX_USUAL * 2);
        let mut is_usual = None;
        let mut readings = Vec::new();
        for habit in habits {
            let reading = self.with(around, around.date, |setting| {
                read_first(&habit.own.name, setting)
            });
            let [item] = reading.items.as_slice() else {
                continue;
            };
            // A name that the line understands otherwise isn't offered.
            if reading.question.is_none() && item.name.as_ref() == Some(&habit.own.name) {
                is_usual.get_or_insert(habit.uses_near(around.now) > 0);
                readings.push(reading);
            }
            if readings.len() == MAX_USUAL {
                break;
            }
        }
        (readings, is_usual.unwrap_or(false))
    }

    /// The item that a name of the log or the library stands for, if the line understands it as that.
    pub(super) fn item_of(&self, name: &str, around: &Surrounding<'_>) -> Option<Item> {
        let reading = self.with(around, around.date, |setting| read_first(name, setting));
        let is_named = |item: &Item| item.name.as_deref() == Some(name);
        let mut items = reading.items.into_iter();
        let first = items.next().filter(|_| items.next().is_none())?;
        (reading.question.is_none() && is_named(&first)).then_some(first)
    }

    /// What was logged before, likeliest at this hour first.
    pub(super) fn likely(&self, around: &Surrounding<'_>, most: usize) -> Vec<Item> {
        let known = self.log.habits.likeliest(around.now, most);
        let habits = self.recent.all().iter().chain(known);
        let likely = caltrack_domain::line::likeliest(habits, around.now, most);
        let items = likely.into_iter();
        items
            .filter_map(|habit| self.item_of(&habit.own.name, around))
            .collect()
    }

    fn with<T>(&self, around: &Surrounding<'_>, day: Date, run: impl FnOnce(&Setting<'_>) -> T) -> T {
        let own: [&OwnNames; 2] = [self.recent.names(), self.log.habits.names()];
        let lookup = WithOwn {
            own: &own,
            library: &self.library,
            habits: &[self.recent.all(), self.log.habits.all()],
            table: table(),
        };
        run(&Setting {
            today: around.today,
            hour: around.now.hour(),
            categories: around.categories,
            kg: self.weight_on(day, around.weight).unwrap_or(USUAL_WEIGHT),
            lookup: &lookup,
        })
    }
}
