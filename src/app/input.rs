//! Keys and pasted texts: to the topmost dialog, else to the screen.

use super::{
    Effect, Key, State,
    account::form as account_form,
    action::Action,
    dialog::Dialog,
    form, help,
    keymap::{self, Context},
    palette, quick, run, start,
    start::Start,
    state::Screen,
};

pub(super) fn press(state: &mut State, key: Key) -> Vec<Effect> {
    state.notice = None;
    // These hold everywhere, whatever a dialog would make of them.
    if let Some(action @ (Action::Quit | Action::Suspend)) = keymap::action(Context::Global, key) {
        return run::run(state, action);
    }
    match state.dialogs.pop() {
        Some(Dialog::Quick(quick)) => quick::press(state, quick, key),
        Some(Dialog::Form(form)) => form::press(state, *form, key),
        Some(Dialog::Help(help)) => help::press(state, help, key),
        Some(Dialog::Palette(palette)) => palette::press(state, palette, key),
        None => match std::mem::replace(&mut state.screen, Screen::Start(Start::default())) {
            Screen::Start(start) => start::press(state, start, key),
            Screen::Account(form) => account_form::press(state, form, key),
            Screen::Today => {
                state.screen = Screen::Today;
                keymap::action(Context::Today, key).map_or_else(Vec::new, |action| run::run(state, action))
            }
        },
    }
}

pub(super) fn paste(state: &mut State, text: &str) -> Vec<Effect> {
    match (state.dialogs.last_mut(), &mut state.screen) {
        (Some(Dialog::Quick(quick)), _) => {
            quick.field.paste(text);
            quick.problem = None;
        }
        (Some(Dialog::Form(form)), _) => form.paste(text),
        (Some(Dialog::Palette(palette)), _) => {
            palette.field.paste(text);
            palette.selected = 0;
        }
        (None, Screen::Account(form)) => form.paste(text),
        (Some(Dialog::Help(_)), _) | (None, Screen::Start(_) | Screen::Today) => {}
    }
    Vec::new()
}
