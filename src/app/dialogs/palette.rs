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

/// Whether a word of a text, and what follows it, begins with `typed`, which is in lower case.
fn begins_word(text: &str, typed: &str) -> bool {
    let text = text.to_lowercase();
    text.starts_with(typed) || text.contains(&format!(" {typed}"))
}

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

    /// The actions that match, best first: by a word of their title, by another word for it, by scattered letters.
    pub fn matches(&self) -> Vec<Action> {
        let available = Self::offered(self.from);
        let titles: Vec<&str> = available.iter().map(|action| action.title()).collect();
        let typed = self.field.value().trim().to_lowercase();
        let found = search(&typed, &titles).into_iter();
        let found = found.filter_map(|index| available.get(index).copied());
        if typed.is_empty() {
            return found.collect();
        }
        let (named, mut scattered): (Vec<Action>, Vec<Action>) =
            found.partition(|action| begins_word(action.title(), &typed));
        let others = available.into_iter().filter(|action| !named.contains(action));
        let others = others.filter(|action| begins_word(action.other_words(), &typed));
        let others: Vec<Action> = others.collect();
        scattered.retain(|action| !others.contains(action));
        [named, others, scattered].concat()
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::app::tab::Tab;

    #[rstest]
    #[case("undo", Action::Undo)]
    #[case("target", Action::ShowProfile)]
    #[case("goal", Action::ShowProfile)]
    #[case("kJ", Action::ScreenSettings)]
    #[case("dark", Action::ChooseTheme)]
    #[case("csv", Action::Import)]
    #[case("logout", Action::SignOut)]
    #[case("mve", Action::MoveTo)]
    fn an_action_is_found_by_its_title_and_by_other_words(#[case] typed: &str, #[case] first: Action) {
        let mut palette = Palette::new(Context::Tab(Tab::Today));
        palette.paste(typed);
        assert_eq!(palette.matches().first(), Some(&first), "{:?}", palette.matches());
    }
}
