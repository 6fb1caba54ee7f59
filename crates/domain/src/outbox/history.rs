//! The undo history: steps that can be undone, and undone steps that can be redone.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::change::Change;
use crate::Activity;

/// The most steps remembered.
pub const MAX_STEPS: usize = 200;
/// The most changes of all steps together, those of imports apart: the newest step is remembered whatever its size.
pub const MAX_CHANGES: usize = 1_000;
/// The most steps of imports: a part of an import is a step, of some hundred entries. The newest import is remembered whatever
/// its size.
pub const MAX_PARTS: usize = 1_000;
/// The most entries whose new ids are remembered.
const MAX_REDIRECTS: usize = 1_000;

/// Something that a user did, and can undo as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Its number, higher than those of earlier steps.
    pub number: u64,
    /// For people: `Lunch 650 kcal`.
    pub name: String,
    /// What it changed, in order.
    pub changes: Vec<TrackedChange>,
    /// Whether it is undone.
    pub undone: bool,
}

/// The beginning of an import's name.
const IMPORT: &str = "import of ";

/// The name of the steps of an import, which are undone and redone together: what was imported, and a mark that no other
/// import has.
pub fn import_name(what: &str, mark: &str) -> String {
    format!("{IMPORT}{what} ({mark})")
}

impl Step {
    /// Whether it is a part of an import.
    pub fn is_import(&self) -> bool {
        self.name.starts_with(IMPORT)
    }

    /// Whether both are parts of one import.
    pub fn continues(&self, other: &Self) -> bool {
        self.name == other.name && self.is_import()
    }
}

/// How many of the oldest steps are forgotten, of all steps with their numbers of changes, the oldest first. The newest step, or
/// the newest import, is remembered whatever its size. An import counts as one step, and its changes count apart, so that it can be
/// undone after later changes as well.
pub fn too_many<'a>(steps: impl DoubleEndedIterator<Item = (&'a Step, usize)> + Clone) -> usize {
    let Some((newest, _)) = steps.clone().next_back() else {
        return 0;
    };
    let newest_import = steps
        .clone()
        .rev()
        .map(|(step, _)| step)
        .find(|step| step.is_import());
    let (mut left, mut changes, mut parts) = (0, 0, 0);
    let mut before: Option<&Step> = None;
    for (step, size) in steps.clone() {
        let is_first = before.is_none_or(|before| !step.continues(before));
        left += usize::from(is_first);
        if step.is_import() {
            let is_newest = newest_import.is_some_and(|newest| step.continues(newest));
            parts += usize::from(!is_newest);
        } else {
            changes += size;
        }
        before = Some(step);
    }
    let mut forgotten: Option<&Step> = None;
    let mut count = 0;
    for (step, size) in steps {
        let is_newest = step.number == newest.number || step.continues(newest);
        // A part of an import can't be undone.
        let is_part = forgotten.is_some_and(|last| step.continues(last));
        if is_newest || !(is_part || left > MAX_STEPS || changes > MAX_CHANGES || parts > MAX_PARTS) {
            break;
        }
        left -= usize::from(!is_part);
        if step.is_import() {
            parts = parts.saturating_sub(1);
        } else {
            changes -= size;
        }
        forgotten = Some(step);
        count += 1;
    }
    count
}

/// A change of a step, and the row that sends it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrackedChange {
    /// What changed.
    pub change: Change,
    /// The row of the queue that contains it; `None` once that is acknowledged.
    pub row: Option<u64>,
}

/// The steps of one user.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    /// In the order of their numbers.
    pub(super) steps: VecDeque<Step>,
    /// Ids of deleted entries and the ids under which they were logged again, the oldest first.
    pub(super) redirects: VecDeque<(String, String)>,
}

impl History {
    /// A history of stored steps and redirects.
    pub fn new(steps: Vec<Step>, redirects: Vec<(String, String)>) -> Self {
        let mut steps: VecDeque<Step> = steps.into();
        steps.make_contiguous().sort_by_key(|step| step.number);
        Self {
            steps,
            redirects: redirects.into(),
        }
    }

    /// The steps, the oldest first.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter()
    }

    /// Old ids and the new ones of their entries, the oldest first.
    pub fn redirects(&self) -> impl Iterator<Item = &(String, String)> {
        self.redirects.iter()
    }

    /// The present id of an entry that was deleted and came back, however often; any other id is itself.
    pub fn resolve<'a>(&'a self, id: &'a str) -> &'a str {
        let mut now = id;
        // A redirect leads to an id that was new then, so that later ones can follow and no circle is possible.
        for (old, new) in &self.redirects {
            if old == now {
                now = new;
            }
        }
        now
    }

    /// The ids under which the entry of a present id was known before, and that id; only the id itself if it is none any more.
    pub fn earlier_ids<'a>(&'a self, id: &'a str) -> Vec<&'a str> {
        let mut ids = vec![id];
        if self.resolve(id) == id {
            // Later redirects follow earlier ones.
            for (old, new) in self.redirects.iter().rev() {
                if ids.contains(&new.as_str()) {
                    ids.push(old);
                }
            }
        }
        ids
    }

    pub(super) fn redirect(&mut self, old: String, new: String) {
        if self.redirects.len() >= MAX_REDIRECTS {
            self.redirects.pop_front();
        }
        self.redirects.push_back((old, new));
    }

    /// Adds a step. Undone steps can't be redone any more, and the oldest are forgotten if there are too many.
    pub(super) fn record(&mut self, step: Step) {
        self.steps.retain(|step| !step.undone);
        self.insert(step);
    }

    /// Adds a step that the user didn't make: what can be redone stays.
    pub(super) fn insert(&mut self, step: Step) {
        let at = self.steps.partition_point(|earlier| earlier.number < step.number);
        self.steps.insert(at, step);
        let forgotten = too_many(self.steps.iter().map(|step| (step, step.changes.len())));
        self.steps.drain(..forgotten);
    }

    /// The step that undo takes next.
    pub(super) fn last_done(&mut self) -> Option<&mut Step> {
        self.steps.iter_mut().rev().find(|step| !step.undone)
    }

    /// The step that redo takes next.
    pub(super) fn first_undone(&mut self) -> Option<&mut Step> {
        self.steps.iter_mut().find(|step| step.undone)
    }

    pub(super) fn forget(&mut self, number: u64) {
        self.steps.retain(|step| step.number != number);
    }

    /// A row is acknowledged: its changes have happened.
    pub(super) fn acknowledged(&mut self, row: u64) {
        for change in self.changes_mut() {
            if change.row == Some(row) {
                change.row = None;
            }
        }
    }

    /// Notes the revision of an entry in all steps.
    pub(super) fn note(&mut self, activity: &Activity) {
        let ids: Vec<String> = self
            .earlier_ids(&activity.id)
            .into_iter()
            .map(ToOwned::to_owned)
            .collect();
        for change in self.changes_mut() {
            if change
                .change
                .id()
                .is_some_and(|id| ids.iter().any(|known| known == id))
            {
                change.change.set_rev(activity.rev);
            }
        }
    }

    /// An entry gets another id before the backend has it.
    pub(super) fn rename(&mut self, old: &str, new: &str) {
        for change in self.changes_mut() {
            change.change.rename(old, new);
        }
    }

    /// Removes the changes of a row that will not happen; returns the name of their step, if there was one.
    pub(super) fn withdraw(&mut self, row: u64) -> Option<String> {
        let mut name = None;
        self.steps.retain_mut(|step| {
            let before = step.changes.len();
            step.changes.retain(|change| change.row != Some(row));
            let is_shorter = step.changes.len() < before;
            if is_shorter {
                name = Some(step.name.clone());
            }
            !(is_shorter && step.changes.is_empty())
        });
        name
    }

    fn changes_mut(&mut self) -> impl Iterator<Item = &mut TrackedChange> {
        self.steps.iter_mut().flat_map(|step| &mut step.changes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(names: &[(&str, usize)]) -> Vec<(Step, usize)> {
        let step = |number: usize, name: &str| Step {
            number: number as u64,
            name: name.to_owned(),
            changes: Vec::new(),
            undone: false,
        };
        let numbered = names.iter().enumerate();
        numbered
            .map(|(at, (name, size))| (step(at, name), *size))
            .collect()
    }

    fn forgotten(names: &[(&str, usize)]) -> usize {
        let steps = steps(names);
        too_many(steps.iter().map(|(step, size)| (step, *size)))
    }

    #[test]
    fn an_import_of_any_size_is_remembered_after_later_changes() {
        let name = import_name("log.csv", "1");
        let mut all = vec![("Lunch", 1)];
        all.extend(vec![(name.as_str(), 250); 400]);
        all.push(("Dinner", 1));
        assert_eq!(forgotten(&all), 0);
        // As long as later changes leave room for it.
        all.push(("all days copied", MAX_CHANGES));
        assert_eq!(forgotten(&all), 402);
    }

    #[test]
    fn an_import_is_forgotten_as_a_whole_and_counts_as_one_step() {
        let (first, second) = (import_name("a.csv", "1"), import_name("b.csv", "2"));
        let mut all = vec![(first.as_str(), 250); 3];
        all.extend(vec![("Lunch", 1); MAX_STEPS - 1]);
        assert_eq!(forgotten(&all), 0);
        all.push((second.as_str(), 250));
        assert_eq!(forgotten(&all), 3);
    }

    #[test]
    fn imports_before_the_newest_have_a_limit_of_their_own() {
        let (first, second) = (import_name("a.csv", "1"), import_name("b.csv", "2"));
        let mut all = vec![(first.as_str(), 250); MAX_PARTS];
        all.extend(vec![(second.as_str(), 250); MAX_PARTS * 4]);
        all.push(("Lunch", 1));
        assert_eq!(forgotten(&all), 0);
        all.insert(0, (first.as_str(), 250));
        assert_eq!(forgotten(&all), MAX_PARTS + 1);
    }
}
