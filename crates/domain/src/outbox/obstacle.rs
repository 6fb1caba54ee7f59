//! Why a change can't be undone or redone.

use crate::{EnergyUnit, Entry};

/// Why a change can't be undone or redone.
#[derive(Debug, Clone, PartialEq)]
pub enum Obstacle {
    /// The entry was deleted since.
    Deleted(Box<Entry>),
    /// The entry was changed since.
    Changed {
        /// The entry that the change left.
        expected: Box<Entry>,
        /// The entry as it is now.
        now: Box<Entry>,
    },
    /// The change makes no difference to the entry.
    Unchanged(Box<Entry>),
}

impl Obstacle {
    /// The reason as a sentence without its full stop, with figures in a unit of energy.
    pub fn text(&self, energy: EnergyUnit) -> String {
        match self {
            Self::Deleted(entry) => format!("{} was deleted since", summary(entry, energy)),
            Self::Changed { expected, now } => format!(
                "{} was changed since; it is {} now",
                summary(expected, energy),
                summary(now, energy)
            ),
            Self::Unchanged(entry) => format!("{} is as it was", summary(entry, energy)),
        }
    }
}

/// `Lunch 650 kcal`, with the name if there is one, in a unit of energy.
pub(super) fn summary(entry: &Entry, energy: EnergyUnit) -> String {
    let (figure, unit) = (energy.of_kcal(entry.kcal.into()), energy.symbol());
    match &entry.name {
        Some(name) => format!("{} {figure} {unit} ({name})", entry.kind),
        None => format!("{} {figure} {unit}", entry.kind),
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};

    use super::*;

    #[test]
    fn figures_are_in_the_chosen_unit() {
        let entry = |kcal| {
            Box::new(Entry::new(
                date(2026, 11, 23),
                Timestamp::UNIX_EPOCH,
                "Food",
                "Lunch",
                kcal,
            ))
        };
        let changed = Obstacle::Changed {
            expected: entry(400),
            now: entry(650),
        };
        assert_eq!(
            changed.text(EnergyUnit::Kcal),
            "Lunch 400 kcal was changed since; it is Lunch 650 kcal now"
        );
        assert_eq!(
            changed.text(EnergyUnit::Kilojoule),
            "Lunch 1674 kJ was changed since; it is Lunch 2720 kJ now"
        );
    }
}
