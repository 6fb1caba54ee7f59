//! Small dialogs about the screens themselves: search, the day to go to, themes, settings, the tour.

pub mod jump;
pub mod search;
pub mod settings;
pub mod themes;
pub mod tour;

use self::{jump::Jump, search::Search, settings::SettingsList, themes::ThemeList, tour::Tour};
use super::surroundings::Surroundings;
use crate::app::{
    effect::Effect,
    input::{context::Context, key::Key},
    reaction::Reaction,
};

/// A dialog about the screens.
#[derive(Debug, Clone, PartialEq)]
pub enum Tool {
    /// Search over every entry.
    Search(Search),
    /// The day to go to.
    Jump(Jump),
    /// The list of themes.
    Themes(ThemeList),
    /// The settings of the screens.
    Settings(SettingsList),
    /// The tour of the screens, a page at a time.
    Tour(Tour),
}

impl Tool {
    pub(super) const fn context(&self) -> Context {
        match self {
            Self::Search(search) => search.context(),
            Self::Jump(_) => Context::Jump,
            Self::Themes(_) => Context::Themes,
            Self::Settings(_) => Context::Settings,
            Self::Tour(_) => Context::Tour,
        }
    }

    pub(super) fn press(&mut self, around: &mut Surroundings<'_>, key: Key) -> Reaction {
        let shell = &mut *around.shell;
        match self {
            Self::Search(search) => search.press(&shell.keymap, key),
            Self::Jump(jump) => jump.press(shell, key),
            Self::Themes(list) => list.press(shell, key),
            Self::Settings(list) => list.press(shell, key),
            Self::Tour(tour) => tour.press(&shell.keymap, key),
        }
    }

    /// Takes a pasted text; an effect may follow.
    pub(super) fn paste(&mut self, text: &str) -> Option<Effect> {
        match self {
            Self::Search(search) => Some(search.paste(text)),
            Self::Jump(jump) => {
                jump.field.paste(text);
                None
            }
            Self::Themes(_) | Self::Settings(_) | Self::Tour(_) => None,
        }
    }
}
