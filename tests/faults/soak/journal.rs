//! What a device did, as it printed it: each action before it was saved and after.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An action of a user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Action {
    /// An entry has these kcal: it was created or edited.
    Kcal {
        id: String,
        kcal: u32,
    },
    Delete {
        id: String,
    },
    Weight {
        date: Date,
        kg: f64,
    },
    Target {
        kcal: u32,
    },
    DayStart {
        at: String,
    },
}

/// A line of a device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Line {
    /// It is going to save this.
    Try(Action),
    /// It is saved.
    Saved,
}

/// Entries that both devices change; all others are changed by the device that created them alone.
pub(crate) const SHARED: &str = "5ed00000-";

/// The values that something may have at the end.
#[derive(Debug, Clone, PartialEq)]
struct Value<V> {
    /// The last one that was reported as saved.
    last: Option<V>,
    /// Those that were not reported since, because the device was killed: they may be saved.
    unsure: Vec<V>,
}

impl<V> Default for Value<V> {
    fn default() -> Self {
        Self {
            last: None,
            unsure: Vec::new(),
        }
    }
}

impl<V: PartialEq + Clone + std::fmt::Debug> Value<V> {
    fn try_out(&mut self, value: V) {
        self.unsure.push(value);
    }

    fn save(&mut self) {
        self.last = self.unsure.pop();
        self.unsure.clear();
    }

    fn allows(&self, found: Option<&V>) -> bool {
        self.last.as_ref() == found || self.unsure.iter().any(|value| Some(value) == found)
    }
}

/// What the devices have done.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    /// kcal of entries that one device changes, 0 of deleted ones.
    own: BTreeMap<String, Value<u32>>,
    /// kcal that devices gave to shared entries, whether that was reported as saved or not.
    shared: BTreeMap<String, BTreeSet<u32>>,
    /// Shared entries of which a change was reported as saved.
    known: BTreeSet<String>,
    deleted: BTreeSet<String>,
    weights: BTreeMap<Date, Value<f64>>,
    target: Value<u32>,
    day_start: Value<String>,
    pub(crate) saved: usize,
}

impl Journal {
    /// A device is going to save this.
    pub(crate) fn try_out(&mut self, action: &Action) {
        match action.clone() {
            Action::Kcal { id, kcal } if id.starts_with(SHARED) => {
                self.shared.entry(id).or_default().insert(kcal);
            }
            Action::Kcal { id, kcal } => self.own.entry(id).or_default().try_out(kcal),
            Action::Delete { id } if id.starts_with(SHARED) => {
                self.deleted.insert(id);
            }
            Action::Delete { id } => self.own.entry(id).or_default().try_out(0),
            Action::Weight { date, kg } => self.weights.entry(date).or_default().try_out(kg),
            Action::Target { kcal } => self.target.try_out(kcal),
            Action::DayStart { at } => self.day_start.try_out(at),
        }
    }

    /// It is saved.
    pub(crate) fn save(&mut self, action: &Action) {
        self.saved += 1;
        match action {
            Action::Kcal { id, .. } | Action::Delete { id } => {
                if let Some(value) = self.own.get_mut(id) {
                    value.save();
                } else {
                    self.known.insert(id.clone());
                }
            }
            Action::Weight { date, .. } => self.weights.entry(*date).or_default().save(),
            Action::Target { .. } => self.target.save(),
            Action::DayStart { .. } => self.day_start.save(),
        }
    }

    /// What differs between what the devices did and what the backend has: kcal by entry, weights, target, start of days.
    pub(crate) fn differences(
        &self,
        entries: &BTreeMap<String, u32>,
        weights: &BTreeMap<Date, f64>,
        target: Option<u32>,
        day_start: Option<&String>,
    ) -> Vec<String> {
        let mut found = Vec::new();
        for (id, value) in &self.own {
            let stored = entries.get(id).copied();
            let deleted = value.allows(Some(&0));
            if !(value.allows(stored.as_ref()) || (stored.is_none() && deleted)) {
                found.push(format!("{id} has {stored:?}, not {value:?}"));
            }
        }
        for (id, kcal) in entries.iter().filter(|(id, _)| !self.own.contains_key(*id)) {
            if !self.shared.get(id).is_some_and(|values| values.contains(kcal)) {
                found.push(format!("{id} has {kcal}, which no device gave it"));
            }
        }
        for id in &self.known {
            if !entries.contains_key(id) && !self.deleted.contains(id) {
                found.push(format!("{id} is lost"));
            }
        }
        for (date, value) in &self.weights {
            if !value.allows(weights.get(date)) {
                found.push(format!("{date} has {:?}, not {value:?}", weights.get(date)));
            }
        }
        if self.target != Value::default() && !self.target.allows(target.as_ref()) {
            found.push(format!("the target is {target:?}, not {:?}", self.target));
        }
        if !self.day_start.allows(day_start) {
            found.push(format!("days begin at {day_start:?}, not {:?}", self.day_start));
        }
        found
    }
}

#[test]
fn a_lost_and_a_foreign_value_are_found() {
    let mut journal = Journal::default();
    let one = Action::Kcal {
        id: "a".to_owned(),
        kcal: 1,
    };
    journal.try_out(&one);
    journal.save(&one);
    let two = Action::Kcal {
        id: "a".to_owned(),
        kcal: 2,
    };
    journal.try_out(&two);
    let of = |entries: &[(&str, u32)]| {
        let entries = entries
            .iter()
            .map(|(id, kcal)| ((*id).to_owned(), *kcal))
            .collect();
        journal.differences(&entries, &BTreeMap::new(), None, None).len()
    };
    assert_eq!([of(&[("a", 1)]), of(&[("a", 2)])], [0, 0]);
    assert_eq!([of(&[]), of(&[("a", 3)]), of(&[("a", 1), ("b", 1)])], [1, 1, 1]);
}
