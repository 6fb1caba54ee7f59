//! What an import has to do: the rows that are not logged yet, as commands.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use caltrack_domain::{
    LogCommand, NewActivity, Profile,
    outbox::{Command, Known, ProfileChange, WeightChange, members_of},
};
use caltrack_import::{Food, Minting, Skipped, WeightUnit, mint};
use jiff::civil::Date;

use super::files::{Choices, ReadFiles};
use crate::cli::{error::CommandError, local_log::LocalLog, now::Now};

/// Generations of ids that `--again` tries.
const MAX_GENERATIONS: u32 = 1_000;

/// The rows of an import, and what was found out about them.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The name of the steps of the history.
    pub(super) name: String,
    pub(super) mark: String,
    /// Entries to be logged, with their lines.
    pub(super) entries: Vec<Planned>,
    /// Weights to be noted.
    pub(super) weights: Vec<WeightChange>,
    /// The profile, for a user who has none.
    pub(super) profile: Option<ProfileChange>,
    pub(super) read: usize,
    pub(super) already: usize,
    pub(super) skipped: Vec<Skipped>,
    pub(super) unnamed: usize,
    pub(super) warnings: Vec<String>,
    pub(super) sources: Vec<String>,
    days: BTreeSet<Date>,
}

/// An entry to be logged.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    pub(super) line: u64,
    pub(super) new: NewActivity,
    /// The id under which it is logged if its own is taken.
    pub(super) other_id: Option<String>,
}

impl Plan {
    /// Compares rows with what this computer knows of the log.
    pub(super) fn of(
        files: ReadFiles,
        choices: &Choices,
        local: &LocalLog<'_>,
        now: &Now,
    ) -> Result<Self, CommandError> {
        let ReadFiles { import, name, mark } = files;
        let mut plan = Self {
            name,
            mark,
            read: import.read,
            skipped: import.skipped,
            unnamed: import.unnamed,
            warnings: import.warnings,
            sources: import.sources,
            ..Self::default()
        };
        let known = KnownIds::of(local);
        let mut minting = Minting {
            sub: &local.account.sub,
            generation: 0,
            clock: &now.clock,
        };
        if choices.again {
            minting.generation = next_generation(&import.entries, &import.own, &minting, &known);
        }
        let mut taken = HashSet::new();
        for mut row in import.entries {
            if let Some(source) = &choices.source
                && row.source == "table"
            {
                row.note = row.note.take().or_else(|| Some(format!("from {source}")));
            }
            plan.days.insert(row.date);
            match mint(&row, &minting) {
                Ok(new) if known.has(&new.id) || !taken.insert(new.id.clone()) => plan.already += 1,
                Ok(new) => plan.entries.push(Planned {
                    line: row.line,
                    new,
                    other_id: None,
                }),
                Err(unfit) => plan.skip(row.line, unfit.to_string()),
            }
        }
        for own in import.own {
            plan.days.insert(own.new.entry.date);
            let moved = minting.moved(&own.new.id);
            let mut new = own.new;
            let other_id = if choices.again {
                new.id.clone_from(&moved);
                None
            } else {
                Some(moved.clone())
            };
            if known.has(&new.id) || known.has(&moved) || !taken.insert(new.id.clone()) {
                plan.already += 1;
            } else {
                plan.entries.push(Planned {
                    line: own.line,
                    new,
                    other_id,
                });
            }
        }
        plan.weigh(import.weights, choices, local)?;
        plan.leave_out(&import.foods);
        if let Some(user) = &import.user {
            plan.take_profile(user, local);
        }
        Ok(plan)
    }

    fn skip(&mut self, line: u64, reason: impl Into<String>) {
        self.skipped.push(Skipped {
            line,
            reason: reason.into(),
        });
    }

    /// Plans the weights of days that have none.
    fn weigh(
        &mut self,
        weights: Vec<caltrack_import::Weight>,
        choices: &Choices,
        local: &LocalLog<'_>,
    ) -> Result<(), CommandError> {
        let known: BTreeMap<Date, f64> = local.weights().into_iter().collect();
        let unclear = weights.iter().filter(|weight| weight.unit.is_none()).count();
        if unclear > 0 && choices.weight_unit.is_none() {
            let question = format!("the file names no unit of its {unclear} weights: kg or lb?");
            if self.entries.is_empty() && self.already == 0 {
                return Err(CommandError::ask(question)
                    .advising("decide by --weights kg or --weights lb; nothing was imported"));
            }
            self.warnings.push(format!(
                "{question} They are left out: repeat it with --weights kg or --weights lb, which adds them alone"
            ));
        }
        for weight in weights {
            let Some(unit) = weight.unit.or(choices.weight_unit) else {
                self.skip(
                    weight.line,
                    format!("{}: {} without a unit", weight.date, weight.value),
                );
                continue;
            };
            let kilograms = match unit {
                WeightUnit::Kilograms => weight.value,
                unit => (weight.value * unit.kilograms() * 10.0).round() / 10.0,
            };
            self.days.insert(weight.date);
            match known.get(&weight.date) {
                Some(noted) if (noted - kilograms).abs() < 1e-9 => self.already += 1,
                Some(noted) if !choices.again => {
                    self.skip(
                        weight.line,
                        format!("{}: {kilograms} kg, but {noted} kg are noted", weight.date),
                    );
                }
                _ => self.weights.push(WeightChange {
                    date: weight.date,
                    weight: Some(kilograms),
                    before: known.get(&weight.date).copied(),
                }),
            }
        }
        Ok(())
    }

    fn take_profile(&mut self, user: &Profile, local: &LocalLog<'_>) {
        match local.profile() {
            Some(None) => {
                let before = Profile::new(&local.account.username);
                self.profile = Some(ProfileChange::of(&before, members_of(user)));
            }
            Some(Some(mine)) if members_of(&mine) == members_of(user) => {}
            _ => self.warnings.push(
                "the profile of the file is left out, since there is one: `profile` changes it".to_owned(),
            ),
        }
    }

    fn leave_out(&mut self, foods: &[Food]) {
        if !foods.is_empty() {
            self.warnings.push(format!(
                "{} foods of a library are read and not imported: the log has no own foods yet",
                foods.len()
            ));
            for (food, line) in foods.iter().zip(1..) {
                self.skip(line, format!("{}: a food of a library, not an entry", food.name));
            }
        }
    }

    /// The rows that will be imported.
    pub(super) fn rows(&self) -> usize {
        self.entries.len() + self.weights.len()
    }

    /// The first and the last day of all rows.
    pub(super) fn range(&self) -> (Option<Date>, Option<Date>) {
        (self.days.first().copied(), self.days.last().copied())
    }
}

/// The ids that are logged, queued or deleted, as far as this computer knows.
struct KnownIds<'a, 'b> {
    local: &'a LocalLog<'b>,
    queued: HashSet<String>,
}

impl<'a, 'b> KnownIds<'a, 'b> {
    fn of(local: &'a LocalLog<'b>) -> Self {
        let rows = local.listing().rows;
        let queued = rows.iter().filter_map(|row| match &row.command {
            Command::Log(LogCommand::Create(new)) => Some(new.id.clone()),
            _ => None,
        });
        Self {
            local,
            queued: queued.collect(),
        }
    }

    fn has(&self, id: &str) -> bool {
        self.queued.contains(id) || self.local.stored(id) != Known::Unknown
    }
}

/// The first generation of which nothing is logged.
fn next_generation(
    entries: &[caltrack_import::ForeignEntry],
    own: &[caltrack_import::OwnEntry],
    minting: &Minting<'_>,
    known: &KnownIds<'_, '_>,
) -> u32 {
    let is_free = |generation: &u32| {
        let minting = Minting {
            generation: *generation,
            ..minting.clone()
        };
        let foreign = entries.iter().take(50).any(|row| known.has(&minting.id(row)));
        let own = own
            .iter()
            .take(50)
            .any(|row| known.has(&minting.moved(&row.new.id)));
        !foreign && !own
    };
    (1..MAX_GENERATIONS).find(is_free).unwrap_or(MAX_GENERATIONS)
}
