//! What open forms learn while they are open.

use super::{Form, kinds, names};
use crate::app::{State, dialog::Dialog, picker::Picker, save};

/// Open forms learn what somebody else changed of their entry: fields that the user left alone follow it.
pub(in crate::app) fn rebase(state: &mut State) {
    let mut dialogs = std::mem::take(&mut state.dialogs);
    let mut drafts = std::mem::take(&mut state.drafts);
    for dialog in dialogs.iter_mut().chain(&mut drafts) {
        let Dialog::Form(form) = dialog else { continue };
        let Some(before) = &form.editing else { continue };
        let Some(newest) = save::newest(state, &before.id).filter(|newest| newest.rev > before.rev) else {
            continue;
        };
        let mut fresh = Form::of(state, &newest);
        let old = Form::of(state, before);
        // A type belongs to its category: they are kept, or follow, together.
        if form.category.value() != old.category.value() || form.kind.value() != old.kind.value() {
            fresh.category = form.category.clone();
            fresh.kind = form.kind.clone();
        }
        for (typed, was, now) in [
            (&form.kcal, &old.kcal, &mut fresh.kcal),
            (&form.name, &old.name, &mut fresh.name),
            (&form.date, &old.date, &mut fresh.date),
            (&form.time, &old.time, &mut fresh.time),
            (&form.note, &old.note, &mut fresh.note),
        ] {
            if typed.value() != was.value() {
                now.clone_from(typed);
            }
        }
        fresh.focus = form.focus;
        fresh.problem = form.problem.take();
        **form = fresh;
    }
    state.dialogs = dialogs;
    state.drafts = drafts;
}

/// Open forms learn the categories that arrived meanwhile.
pub(in crate::app) fn learn_categories(state: &mut State) {
    let categories = &state.categories;
    for dialog in state.dialogs.iter_mut().chain(&mut state.drafts) {
        if let Dialog::Form(form) = dialog {
            let category = form.category.value().map(str::to_owned);
            let kind = form.kind.value().map(str::to_owned);
            form.category = Picker::new(names(categories), category.as_deref());
            let category = form.category.value().map(str::to_owned);
            form.kind = kinds(categories, category.as_deref(), kind.as_deref());
        }
    }
}
