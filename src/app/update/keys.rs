//! Keys and pasted texts: to the topmost dialog, else to a form about the account, else to the screen.

use std::convert::Infallible;

use super::{actions, context::history_days, saves};
use crate::app::{
    dialogs::{Pressed, surroundings::Surroundings},
    effect::Effect,
    input::{action::Action, bindings::Meaning, context::Context, key::Key},
    reaction::Reaction,
    screens::Lists,
    state::State,
};

pub(super) fn press(state: &mut State, key: Key) -> Vec<Effect> {
    state.shell.notice = None;
    // These apply everywhere, even where a dialog takes the key.
    let everywhere = state.shell.keymap.meaning(Context::Global, key);
    if let Some(Meaning::Action(action @ (Action::Quit | Action::Suspend))) = everywhere {
        return actions::run(state, action);
    }
    if !state.dialogs.is_empty() {
        return press_dialog(state, key);
    }
    if state.session.context().is_some() {
        let reaction = state.session.press(&mut state.shell, key);
        return follow(state, reaction);
    }
    press_screen(state, key)
}

fn press_dialog(state: &mut State, key: Key) -> Vec<Effect> {
    let mut around = Surroundings {
        shell: &mut state.shell,
        categories: &state.catalog.categories,
        queue: state.outbox.queue(),
        saved: &state.saved,
        profile: &state.profile,
        username: state.session.account().map_or("", |account| &account.username),
        owner: state.session.account().map_or("", |account| &account.sub),
    };
    match state.dialogs.press(&mut around, key) {
        Pressed::Done => Vec::new(),
        Pressed::Submit(request, commands, replaces) => saves::start(state, request, commands, replaces),
        Pressed::Run(action) => actions::run(state, action),
        Pressed::Perform(effect) => vec![effect],
    }
}

fn follow(state: &mut State, reaction: Reaction<Infallible>) -> Vec<Effect> {
    match reaction {
        Reaction::Stay | Reaction::Close => Vec::new(),
        Reaction::Open(never) => match never {},
        Reaction::Submit(commands) => saves::save(state, commands),
        Reaction::Run(action) => actions::run(state, action),
        Reaction::Perform(effect) | Reaction::Finish(effect) => vec![effect],
    }
}

fn press_screen(state: &mut State, key: Key) -> Vec<Effect> {
    match state.shell.keymap.meaning(Context::Tab(state.screens.tab), key) {
        Some(Meaning::Action(action)) => actions::run(state, action),
        Some(Meaning::Control(control)) => {
            // Half the terminal, so that readers keep their place.
            let page = usize::from(state.shell.size.1 / 2).max(1);
            let days = history_days(state);
            let lists = Lists {
                rows: &state.log.day.rows,
                days,
                today: state.shell.today(),
                page,
            };
            state.screens.control(control, &lists);
            Vec::new()
        }
        None => Vec::new(),
    }
}

pub(super) fn paste(state: &mut State, text: &str) {
    if state.dialogs.is_empty() {
        state.session.paste(text);
    } else {
        state.dialogs.paste(text);
    }
}
