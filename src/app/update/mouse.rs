//! Clicks and the wheel: they do what keys do.

use super::{actions, context::context, keys, log};
use crate::app::{
    effect::Effect,
    input::{
        action::{Action, Control, Motion},
        mouse::Target,
    },
    state::State,
    tab::Tab,
};

/// Lines by which one turn of the wheel moves.
const WHEEL: usize = 3;
/// The most lines that a click moves; a terminal has fewer.
const MOST: usize = 1_000;

/// Chooses what was clicked.
pub(super) fn click(state: &mut State, target: Target) -> Vec<Effect> {
    match target {
        Target::Tab(tab) => actions::run(
            state,
            match tab {
                Tab::Today => Action::ShowToday,
                Tab::History => Action::ShowHistory,
                Tab::Trends => Action::ShowTrends,
                Tab::Suggestions => Action::ShowSuggestions,
                Tab::Profile => Action::ShowProfile,
            },
        ),
        Target::Line(below) => {
            let motion = if below < 0 { Motion::Up } else { Motion::Down };
            turn(state, motion, below.unsigned_abs().min(MOST))
        }
        Target::Day(day) if state.screens.tab == Tab::History => {
            state.screens.history.select(day);
            Vec::new()
        }
        Target::Day(day) => {
            state.screens.tab = Tab::Today;
            log::show(state, day)
        }
    }
}

/// Moves in the list that takes the keys.
pub(super) fn wheel(state: &mut State, motion: Motion) -> Vec<Effect> {
    turn(state, motion, WHEEL)
}

fn turn(state: &mut State, motion: Motion, lines: usize) -> Vec<Effect> {
    let control = Control::Move(motion);
    let mut effects = Vec::new();
    for _ in 0..lines {
        if state.dialogs.is_empty() && state.session.context().is_none() {
            keys::control(state, control);
        } else if let Some(key) = state.shell.keymap.key(context(state), control) {
            effects.extend(keys::press(state, key));
        } else {
            break;
        }
    }
    effects
}
