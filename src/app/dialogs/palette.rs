//! The command palette: every available action by its name.

use caltrack_domain::search;
use strum::VariantArray;

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

    /// The actions that it offers in a context.
    pub fn offered(from: Context) -> Vec<Action> {
        let all = Action::VARIANTS.iter().copied();
        all.filter(|action| action.available_in(from) && *action != Action::Palette)
            .collect()
    }

    /// The actions that match, best first.
    pub fn matches(&self) -> Vec<Action> {
        let available = Self::offered(self.from);
        let titles: Vec<&str> = available.iter().map(|action| action.title()).collect();
        let found = search(self.field.value(), &titles).into_iter();
        found.filter_map(|index| available.get(index).copied()).collect()
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
