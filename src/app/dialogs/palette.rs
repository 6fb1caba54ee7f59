//! The command palette: every available action by its name.

use crate::app::{
    input::{
        action::{Action, Control},
        context::Context,
        key::Key,
        keymap::Keymap,
        text_field::TextField,
    },
    reaction::Reaction,
};

const LIMIT: usize = 100;
const PAGE: usize = 5;

/// The list of available actions, narrowed by typing.
#[derive(Debug, Clone, PartialEq)]
pub struct Palette {
    /// The text that narrows the list.
    pub field: TextField,
    /// The selected line, among those that match.
    pub selected: usize,
    /// Where it was opened: it offers what is available there.
    pub from: Context,
}

impl Palette {
    pub(in crate::app) fn new(from: Context) -> Self {
        Self {
            field: TextField::new(LIMIT),
            selected: 0,
            from,
        }
    }

    /// The actions that match, best first.
    pub fn matches(&self) -> Vec<Action> {
        let typed = self.field.value().trim().to_lowercase();
        let mut ranked: Vec<(usize, Action)> = Action::ALL
            .iter()
            .filter(|action| action.available_in(self.from) && **action != Action::Palette)
            .filter_map(|action| Some((rank(&typed, &action.title().to_lowercase())?, *action)))
            .collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        ranked.into_iter().map(|(_, action)| action).collect()
    }

    pub(super) fn press(&mut self, keymap: &Keymap, key: Key) -> Reaction {
        match keymap.control(Context::Palette, key) {
            Some(Control::Confirm) => {
                if let Some(action) = self.matches().get(self.selected) {
                    return Reaction::Run(*action);
                }
            }
            Some(Control::Back) => return Reaction::Close,
            Some(Control::Move(motion)) => {
                let last = self.matches().len().saturating_sub(1);
                self.selected = motion.from(self.selected, PAGE, last);
            }
            Some(Control::NextField | Control::PreviousField) | None => {
                if self.field.press(key) {
                    self.selected = 0;
                }
            }
        }
        Reaction::Stay
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.field.paste(text);
        self.selected = 0;
    }
}

/// How well a title matches: at its start, at a word's start, inside, or letter by letter.
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
