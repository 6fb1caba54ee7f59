//! The list of the library's items.

use caltrack_domain::{
    Entry, Grams, in_milliseconds,
    library::{SavedItem, removal},
};
use jiff::{Timestamp, civil::Date};

use super::{saved_form::SavedForm, surroundings::Surroundings};
use crate::app::{
    input::{
        action::{Action, Control},
        bindings::Meaning,
        context::Context,
        key::Key,
    },
    reaction::Reaction,
    shell::Tone,
};

const PAGE: usize = 5;

/// The list of the library's items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SavedList {
    selected: usize,
}

impl SavedList {
    /// The index of the selected one of `count` items.
    pub fn selected(self, count: usize) -> usize {
        self.selected.min(count.saturating_sub(1))
    }

    pub(super) fn press(&mut self, around: &mut Surroundings<'_>, key: Key) -> Reaction<SavedForm> {
        let items = around.saved.items();
        let at = self.selected(items.len());
        let selected = items.get(at);
        match (around.shell.keymap.meaning(Context::Library, key), selected) {
            (Some(Meaning::Control(Control::Back)), _) => return Reaction::Close,
            (Some(Meaning::Control(Control::Confirm)), Some(item)) => {
                return Reaction::Open(SavedForm::of(item, around.shell.display.energy));
            }
            (Some(Meaning::Action(Action::LogAgain)), Some(item)) => {
                let entry = logged(item, around.shell.today(), around.shell.now.timestamp());
                return Reaction::Submit(around.shell.creating(vec![entry]));
            }
            (Some(Meaning::Action(Action::RemoveSaved)), Some(item)) => {
                let now = around.shell.now.timestamp();
                let change = removal(&item.key, around.saved.library(), now);
                match around.saved.saving(format!("{} removed", item.own.name), change) {
                    Ok(effect) => return Reaction::Perform(effect),
                    Err(full) => around.shell.notify(Tone::Problem, full.to_string()),
                }
            }
            (Some(Meaning::Action(Action::NewFood)), _) => {
                return Reaction::Open(SavedForm::food(
                    &around.shell.new_id(),
                    around.shell.display.energy,
                ));
            }
            (Some(Meaning::Action(action @ (Action::Quit | Action::Suspend))), _) => {
                return Reaction::Run(action);
            }
            (Some(Meaning::Control(Control::Move(motion))), _) => {
                self.selected = motion.from(at, PAGE, items.len().saturating_sub(1));
            }
            (Some(Meaning::Action(_) | Meaning::Control(_)) | None, _) => {}
        }
        Reaction::Stay
    }
}

/// The entry of an item as it is saved.
fn logged(item: &SavedItem, date: Date, now: Timestamp) -> Entry {
    let own = &item.own;
    let [protein, fat, carbohydrate] = own.macros.map(|grams| grams.and_then(Grams::from_f64));
    Entry {
        name: Some(own.name.clone()),
        quantity: own.quantity,
        unit: own.unit.clone(),
        protein,
        fat,
        carbohydrate,
        ..Entry::new(date, in_milliseconds(now), &own.category, &own.kind, own.kcal)
    }
}
