//! Search over every entry ever logged.

use caltrack_domain::Activity;

use crate::app::{
    effect::Effect,
    input::{
        action::{Action, Control},
        bindings::Meaning,
        context::Context,
        key::Key,
        keymap::Keymap,
        text_field::TextField,
    },
    reaction::{Pick, Reaction},
};

const LIMIT: usize = 100;
/// How far a page key moves.
const PAGE: usize = 8;

/// The words, and the entries that have them.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// The words, or their beginnings.
    pub field: TextField,
    /// The newest entries that match, newest first.
    pub found: Vec<Activity>,
    /// The selected one of them.
    pub selected: usize,
    /// Whether keys act on the list, and are no text.
    pub is_in_list: bool,
    /// The words that `found` is the answer to.
    pub answered: String,
}

impl Search {
    pub(in crate::app) fn new() -> Self {
        Self {
            field: TextField::new(LIMIT),
            found: Vec::new(),
            selected: 0,
            is_in_list: false,
            answered: String::new(),
        }
    }

    pub(super) const fn context(&self) -> Context {
        if self.is_in_list {
            Context::Found
        } else {
            Context::Search
        }
    }

    /// Takes what the copy of the log has, unless other words were typed since.
    pub(in crate::app) fn take(&mut self, text: String, found: Vec<Activity>) {
        if self.field.value() == text {
            self.found = found;
            self.answered = text;
            self.selected = 0;
            self.is_in_list &= !self.found.is_empty();
        }
    }

    pub(super) fn press(&mut self, keymap: &Keymap, key: Key) -> Reaction {
        match keymap.meaning(self.context(), key) {
            Some(Meaning::Action(Action::LogAgain)) => self.pick(Pick::Relog),
            Some(Meaning::Action(Action::Search)) => {
                self.is_in_list = false;
                Reaction::Stay
            }
            Some(Meaning::Action(action)) => Reaction::Run(action),
            Some(Meaning::Control(Control::Confirm)) => self.pick(Pick::Show),
            Some(Meaning::Control(Control::Back)) => Reaction::Close,
            Some(Meaning::Control(Control::Move(motion))) => {
                if self.is_in_list {
                    let last = self.found.len().saturating_sub(1);
                    self.selected = motion.from(self.selected, PAGE, last);
                }
                self.is_in_list = !self.found.is_empty();
                Reaction::Stay
            }
            Some(Meaning::Control(Control::NextField | Control::PreviousField)) | None => {
                // A letter in the list goes on typing.
                if self.field.press(key) {
                    self.is_in_list = false;
                    Reaction::Perform(self.searched())
                } else {
                    Reaction::Stay
                }
            }
        }
    }

    pub(super) fn paste(&mut self, text: &str) -> Effect {
        self.field.paste(text);
        self.is_in_list = false;
        self.searched()
    }

    fn searched(&self) -> Effect {
        Effect::Search(self.field.value().to_owned())
    }

    fn pick(&self, how: fn(Activity) -> Pick) -> Reaction {
        let found = self.found.get(self.selected);
        found.map_or(Reaction::Stay, |activity| Reaction::Pick(how(activity.clone())))
    }
}
