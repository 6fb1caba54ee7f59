//! Favourites, own foods and recipes: what is done to the library.

use caltrack_domain::{
    library::{SavedItem, SavedKind, favourite_key, removal},
    line::Own,
};

use super::{marked, saves};
use crate::app::{
    dialogs::{Dialog, saved_form::SavedForm},
    effect::Effect,
    shell::Tone,
    state::State,
};

/// Makes the selected entry's name a favourite, or no longer one.
pub(super) fn favourite(state: &mut State) -> Vec<Effect> {
    let Some(activity) = saves::selected(state) else {
        return Vec::new();
    };
    let Some(own) = Own::of(activity.entry) else {
        state
            .shell
            .notify(Tone::Info, "only an entry with a name can be a favourite");
        return Vec::new();
    };
    let (library, at) = (state.saved.library(), state.shell.now.timestamp());
    let key = favourite_key(&own.name);
    let (name, change) = if state.saved.item(&key).is_some() {
        let name = format!("{} is no longer a favourite", own.name);
        (name, removal(&key, library, at))
    } else {
        let name = format!("{} is a favourite", own.name);
        let kind = SavedKind::Favourite;
        let recipe = None;
        let item = SavedItem {
            key,
            kind,
            own,
            recipe,
        };
        (name, item.edit(library, at))
    };
    match state.saved.saving(name, change) {
        Ok(effect) => vec![effect],
        Err(full) => {
            state.shell.notify(Tone::Problem, full.to_string());
            Vec::new()
        }
    }
}

/// Opens the form for a recipe of the marked entries, or of the selected one.
pub(super) fn make_recipe(state: &mut State) {
    let entries: Vec<_> = marked::targets(state)
        .into_iter()
        .map(|activity| activity.entry)
        .collect();
    if entries.is_empty() {
        return;
    }
    let id = state.shell.new_id();
    match SavedForm::recipe(&id, &entries, state.shell.display.energy) {
        Some(form) => {
            state.screens.today.unmark_all();
            state.dialogs.open(Dialog::LibraryItem(Box::new(form)));
        }
        None => state
            .shell
            .notify(Tone::Info, "a recipe is made of food and drinks; mark some first"),
    }
}

/// Opens the form for a new own food.
pub(super) fn new_food(state: &mut State) {
    let id = state.shell.new_id();
    let form = SavedForm::food(&id, state.shell.display.energy);
    state.dialogs.open(Dialog::LibraryItem(Box::new(form)));
}
