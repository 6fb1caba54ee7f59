//! Keys and pasted texts: to the topmost dialog, else to a form about the account, else to the screen.

use std::convert::Infallible;

use strum::VariantArray as _;

use super::{actions, context::history_days, log, marked, saves};
use crate::app::{
    dialogs::{Pressed, surroundings::Surroundings},
    effect::Effect,
    input::{
        action::{Action, Control},
        bindings::Meaning,
        context::Context,
        key::Key,
    },
    reaction::{Pick, Reaction},
    screens::Lists,
    shell::Tone,
    state::State,
    tab::Tab,
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
        Pressed::Pick(pick) => picked(state, pick),
        Pressed::Perform(effect) => vec![effect],
    }
}

fn follow(state: &mut State, reaction: Reaction<Infallible>) -> Vec<Effect> {
    match reaction {
        Reaction::Stay | Reaction::Close => Vec::new(),
        Reaction::Open(never) => match never {},
        Reaction::Submit(commands) => saves::save(state, commands),
        Reaction::Run(action) => actions::run(state, action),
        Reaction::Pick(pick) => picked(state, pick),
        Reaction::Perform(effect) | Reaction::Finish(effect) => vec![effect],
    }
}

fn press_screen(state: &mut State, key: Key) -> Vec<Effect> {
    match state.shell.keymap.meaning(Context::Tab(state.screens.tab), key) {
        Some(Meaning::Action(action)) => actions::run(state, action),
        Some(Meaning::Control(control)) => {
            self::control(state, control);
            Vec::new()
        }
        None => {
            hint(state, key);
            Vec::new()
        }
    }
}

/// Does on the screen what a control key does.
pub(super) fn control(state: &mut State, control: Control) {
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
}

/// Logs or shows what was picked in a dialog.
fn picked(state: &mut State, pick: Pick) -> Vec<Effect> {
    match pick {
        Pick::Relog(activity) => marked::log_entries_again(state, vec![activity.entry]),
        Pick::Show(activity) => {
            state.screens.tab = Tab::Today;
            let effects = log::show(state, activity.entry.date);
            state.screens.today.select(&activity.id, &state.log.day.rows);
            effects
        }
        Pick::Day(day) if state.screens.tab == Tab::History => {
            state.screens.history.select(day);
            Vec::new()
        }
        Pick::Day(day) => {
            state.screens.tab = Tab::Today;
            log::show(state, day)
        }
    }
}

/// A hint for a key without a meaning: it is that of another screen, comes from Caps Lock or another keyboard layout, or has none.
fn hint(state: &mut State, key: Key) {
    let context = Context::Tab(state.screens.tab);
    let keymap = &state.shell.keymap;
    let letter = key.typed().filter(|letter| letter.is_alphabetic());
    let elsewhere = Tab::VARIANTS
        .iter()
        .find_map(|tab| Some((*tab, keymap.meaning(Context::Tab(*tab), key)?)));
    let small = letter.map(|letter| letter.to_ascii_lowercase());
    let as_small = small
        .filter(|small| Some(*small) != letter)
        .and_then(|small| Some((small, keymap.meaning(context, Key::char(small))?)));
    let text = if let Some((tab, meaning)) = elsewhere {
        let screen = tab.title();
        let way = keymap.hint(context, tab.action());
        format!("{key} is for {screen} ({way}): {}", meaning.title())
    } else if let Some((small, meaning)) = as_small {
        format!(
            "{key} is no key here, {small} is ({}): is Caps Lock on?",
            meaning.title()
        )
    } else if letter.is_some_and(|letter| !letter.is_ascii()) {
        let palette = keymap.hint(context, Action::Palette);
        format!(
            "`{key}` is no key: keys are Latin letters, unless [keys] in config.toml binds others; arrows and Enter \
             work in every keyboard layout, {palette} lists the commands"
        )
    } else {
        let help = keymap.hint(context, Action::Help);
        format!("{key} is no key here; {help} lists the keys")
    };
    state.shell.notify(Tone::Info, text);
}

pub(super) fn paste(state: &mut State, text: &str) -> Vec<Effect> {
    if state.dialogs.is_empty() {
        state.session.paste(text);
        return Vec::new();
    }
    state.dialogs.paste(text).into_iter().collect()
}
