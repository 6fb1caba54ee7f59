//! The command palette: every action by its name.

use caltrack_domain::search;

use super::{
    Effect, Key, State,
    action::Action,
    dialog::{self, Dialog},
    keymap::{self, Context},
    run,
    text_field::TextField,
};

/// What the palette offers, in its order.
const ACTIONS: [Action; 18] = [
    Action::Add,
    Action::OpenForm,
    Action::Edit,
    Action::Delete,
    Action::Undo,
    Action::PreviousDay,
    Action::NextDay,
    Action::Today,
    Action::Refresh,
    Action::Help,
    Action::SignOut,
    Action::SignOutEverywhere,
    Action::ChangePassword,
    Action::SetUpAuthenticator,
    Action::DropAuthenticator,
    Action::Suspend,
    Action::Quit,
    Action::Open,
];
const LIMIT: usize = 100;
const PAGE: usize = 5;

/// The command palette.
#[derive(Debug, Clone, PartialEq)]
pub struct Palette {
    /// What narrows the list.
    pub field: TextField,
    /// The selected line, among those that match.
    pub selected: usize,
}

impl Palette {
    /// The actions whose titles match the text, best first.
    pub fn matches(&self) -> Vec<Action> {
        let titles = ACTIONS.map(Action::title);
        search(self.field.value(), &titles)
            .into_iter()
            .filter_map(|index| ACTIONS.get(index).copied())
            .collect()
    }
}

pub(super) fn open(state: &mut State) {
    state.dialogs.push(Dialog::Palette(Palette {
        field: TextField::new(LIMIT),
        selected: 0,
    }));
}

pub(super) fn press(state: &mut State, mut palette: Palette, key: Key) -> Vec<Effect> {
    match keymap::action(Context::Palette, key) {
        Some(Action::Confirm) => {
            if let Some(action) = palette.matches().get(palette.selected).copied() {
                let effects = run::run(state, action);
                dialog::reopen(state);
                return effects;
            }
        }
        Some(Action::Back) => {
            dialog::reopen(state);
            return Vec::new();
        }
        Some(Action::Move(motion)) => {
            let last = palette.matches().len().saturating_sub(1);
            palette.selected = motion.from(palette.selected, PAGE, last);
        }
        Some(_) | None => {
            if palette.field.press(key) {
                palette.selected = 0;
            }
        }
    }
    state.dialogs.push(Dialog::Palette(palette));
    Vec::new()
}
