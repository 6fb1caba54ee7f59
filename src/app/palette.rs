//! The command palette: every action by its name.

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
    /// What matches, best first.
    pub fn matches(&self) -> Vec<Action> {
        let typed = self.field.value().trim().to_lowercase();
        let mut ranked: Vec<(usize, Action)> = ACTIONS
            .into_iter()
            .filter_map(|action| Some((rank(&typed, &action.title().to_lowercase())?, action)))
            .collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        ranked.into_iter().map(|(_, action)| action).collect()
    }
}

/// How well a title fits: at its start, at a word's start, inside, or letter by letter.
fn rank(typed: &str, title: &str) -> Option<usize> {
    if title.starts_with(typed) {
        return Some(0);
    }
    if title.split(' ').any(|word| word.starts_with(typed)) {
        return Some(1);
    }
    if title.contains(typed) {
        return Some(2);
    }
    let mut letters = title.chars();
    typed
        .chars()
        .filter(|c| *c != ' ')
        .all(|c| letters.any(|letter| letter == c))
        .then_some(3)
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
