//! What an import has to do: the rows that are not logged yet, as commands.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use caltrack_domain::{
    Account, LogCommand, NewActivity, Profile,
    outbox::{Command, Library, LibraryChange, ProfileChange, Row, WeightChange, import_name, members_of},
};
use caltrack_import::{Import, Minting, Skipped, Weight, WeightUnit, mint};
use jiff::{Timestamp, civil::Date};

use super::{files::ReadFiles, foods};

/// Generations of ids that are tried for rows that are imported again.
const MAX_GENERATIONS: u32 = 1_000;

/// What the user decides.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choices {
    /// Whether rows are imported again that were imported before.
    pub(crate) again: bool,
    /// The unit of weights that have none in the file.
    pub(crate) weight_unit: Option<WeightUnit>,
    /// The name of the source in notes, for tables of unknown ones.
    pub(crate) source: Option<String>,
}

/// What this computer knows of the log, as it will be once all is sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct KnownLog {
    /// The ids among those of [`ids`] that are logged, queued or deleted.
    pub(crate) ids: HashSet<String>,
    pub(crate) weights: BTreeMap<Date, f64>,
    /// `Some(None)` if the user has none, `None` if that is unknown.
    #[expect(clippy::option_option, reason = "no profile, and an unknown one")]
    pub(crate) profile: Option<Option<Profile>>,
    pub(crate) library: Library,
}

impl KnownLog {
    /// Takes what waits in the outbox.
    pub(crate) fn take_queue(&mut self, username: &str, rows: &[Row]) {
        for row in rows {
            match &row.command {
                // One that was rejected is sent again.
                Command::Log(LogCommand::Create(new)) if row.is_pending() => {
                    self.ids.insert(new.id.clone());
                }
                Command::Weight(change) if row.is_pending() => match change.weight {
                    Some(weight) => drop(self.weights.insert(change.date, weight)),
                    None => drop(self.weights.remove(&change.date)),
                },
                Command::Profile(change) if row.is_pending() => {
                    let profile = self.profile.take().flatten();
                    let profile = profile.unwrap_or_else(|| Profile::new(username));
                    self.profile = Some(Some(change.applied(profile)));
                }
                Command::Library(change) if row.is_pending() => drop(self.library.apply(change)),
                Command::Log(_) | Command::Weight(_) | Command::Profile(_) | Command::Library(_) => {}
            }
        }
    }
}

/// Every id that an entry of the files may get.
pub(crate) fn ids(import: &Import, minting: &Minting<'_>) -> Vec<String> {
    let mut ids: Vec<String> = import.entries.iter().map(|row| minting.id(row)).collect();
    for own in &import.own {
        ids.push(own.new.id.clone());
        ids.push(minting.moved(&own.new.id));
    }
    ids
}

/// The first generation of which nothing is logged.
pub(crate) fn next_generation(import: &Import, minting: &Minting<'_>, has: impl Fn(&str) -> bool) -> u32 {
    let is_free = |generation: &u32| {
        let minting = Minting {
            generation: *generation,
            ..minting.clone()
        };
        let foreign = import.entries.iter().take(50).any(|row| has(&minting.id(row)));
        let own = import.own.iter().take(50);
        !foreign && !own.map(|own| minting.moved(&own.new.id)).any(|id| has(&id))
    };
    (1..MAX_GENERATIONS).find(is_free).unwrap_or(MAX_GENERATIONS)
}

/// The file names no unit of its weights, and has nothing else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the file names no unit of its {0} weights: kg or lb?")]
pub(crate) struct UnclearWeights(pub(crate) usize);

/// The rows of an import, and what was found out about them.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The files' names.
    name: String,
    mark: String,
    /// Entries to be logged, with their lines.
    pub(crate) entries: Vec<Planned>,
    /// Weights to be noted.
    pub(crate) weights: Vec<WeightChange>,
    /// The profile, for a user who has none.
    pub(super) profile: Option<ProfileChange>,
    /// Own foods to be saved, and their number.
    pub(super) foods: Option<(LibraryChange, usize)>,
    pub(crate) read: usize,
    pub(crate) already: usize,
    pub(crate) skipped: Vec<Skipped>,
    pub(crate) unnamed: usize,
    pub(crate) warnings: Vec<String>,
    pub(crate) sources: Vec<String>,
    days: BTreeSet<Date>,
}

/// An entry to be logged.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    pub(super) line: u64,
    pub(crate) new: NewActivity,
}

impl Plan {
    /// Compares rows with what this computer knows of the log.
    ///
    /// # Errors
    ///
    /// [`UnclearWeights`] where a decision about them is needed first.
    pub(crate) fn of(
        files: ReadFiles,
        choices: &Choices,
        account: &Account,
        minting: &Minting<'_>,
        known: &KnownLog,
        now: Timestamp,
    ) -> Result<Self, UnclearWeights> {
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
        let mut taken = HashSet::new();
        for mut row in import.entries {
            if let Some(source) = &choices.source
                && row.source == "table"
            {
                row.note = row.note.take().or_else(|| Some(format!("from {source}")));
            }
            plan.days.insert(row.date);
            match mint(&row, minting) {
                Ok(new) if known.ids.contains(&new.id) || !taken.insert(new.id.clone()) => plan.already += 1,
                Ok(new) => plan.entries.push(Planned { line: row.line, new }),
                Err(unfit) => plan.skip(row.line, unfit.to_string()),
            }
        }
        for own in import.own {
            plan.days.insert(own.new.entry.date);
            let moved = minting.moved(&own.new.id);
            let mut new = own.new;
            if choices.again {
                new.id.clone_from(&moved);
            } else {
                new.other_id = Some(moved.clone());
            }
            let is_known = known.ids.contains(&new.id) || known.ids.contains(&moved);
            if is_known || !taken.insert(new.id.clone()) {
                plan.already += 1;
            } else {
                plan.entries.push(Planned { line: own.line, new });
            }
        }
        plan.weigh(import.weights, choices, known)?;
        let foods = foods::plan(&import.foods, &known.library, now);
        plan.already += foods.already;
        plan.skipped.extend(foods.skipped);
        plan.foods = (foods.count > 0).then_some((foods.change, foods.count));
        if let Some(user) = &import.user {
            plan.take_profile(user, account, known);
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
        weights: Vec<Weight>,
        choices: &Choices,
        known: &KnownLog,
    ) -> Result<(), UnclearWeights> {
        let unclear = weights.iter().filter(|weight| weight.unit.is_none()).count();
        if unclear > 0 && choices.weight_unit.is_none() {
            let question = UnclearWeights(unclear);
            if self.entries.is_empty() && self.already == 0 {
                return Err(question);
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
            match known.weights.get(&weight.date) {
                Some(noted) if (noted - kilograms).abs() < 1e-9 => self.already += 1,
                Some(noted) if !choices.again => {
                    self.skip(
                        weight.line,
                        format!("{}: {kilograms} kg, but {noted} kg are noted", weight.date),
                    );
                }
                noted => self.weights.push(WeightChange {
                    date: weight.date,
                    weight: Some(kilograms),
                    before: noted.copied(),
                }),
            }
        }
        Ok(())
    }

    fn take_profile(&mut self, user: &Profile, account: &Account, known: &KnownLog) {
        match &known.profile {
            Some(None) => {
                let before = Profile::new(&account.username);
                self.profile = Some(ProfileChange::of(&before, members_of(user)));
            }
            Some(Some(mine)) if members_of(mine) == members_of(user) => {}
            _ => self.warnings.push(
                "the profile of the file is left out, since there is one: `profile` changes it".to_owned(),
            ),
        }
    }

    /// The name of the steps of the history.
    pub(crate) fn step_name(&self) -> String {
        import_name(&self.name, &self.mark)
    }

    /// The own foods that will be saved.
    pub(crate) fn foods(&self) -> usize {
        self.foods.as_ref().map_or(0, |(_, count)| *count)
    }

    /// The rows that will be imported.
    pub(crate) fn rows(&self) -> usize {
        self.entries.len() + self.weights.len() + self.foods()
    }

    /// The rows that are not imported.
    pub(crate) fn left_out(&self) -> usize {
        self.skipped.len() + self.unnamed
    }

    /// The first and the last day of all rows.
    pub(crate) fn range(&self) -> (Option<Date>, Option<Date>) {
        (self.days.first().copied(), self.days.last().copied())
    }
}
