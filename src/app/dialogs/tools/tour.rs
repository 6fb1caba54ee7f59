//! The tour: a few pages about what the screens can do, with the keys as they are.

use crate::app::{
    input::{
        action::{Action, Control, Motion},
        context::Context,
        key::Key,
        keymap::Keymap,
    },
    reaction::Reaction,
    tab::Tab,
};

/// The page that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tour {
    /// From 0.
    pub page: usize,
}

/// A page of the tour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its heading.
    pub title: &'static str,
    /// Its sentences, one a paragraph.
    pub text: Vec<String>,
}

impl Tour {
    /// All pages, with the keys of a keymap.
    pub fn pages(keymap: &Keymap) -> Vec<Page> {
        let today = |action: Action| keymap.hint(Context::Tab(Tab::Today), action);
        let trends = |action: Action| keymap.hint(Context::Tab(Tab::Trends), action);
        let confirm = keymap.confirm(Context::Quick);
        vec![
            Page {
                title: "Log in one line",
                text: vec![
                    format!("{} opens a line. Type what you ate, drank or did: `lunch 650`, `2 eggs, toast 60g, coffee`, `run 30m`.", today(Action::Add)),
                    format!("Below it stands what {confirm} will log. `yesterday` or `@07:30` in front sets day or time."),
                ],
            },
            Page {
                title: "Repeat, correct, undo",
                text: vec![
                    format!("{} logs the selected entry again, {} edits it, {} deletes it.", today(Action::LogAgain), today(Action::Edit), today(Action::Delete)),
                    format!("{} undoes the last change, also after a restart; {} redoes it. So nothing needs to be confirmed.", today(Action::Undo), today(Action::Redo)),
                ],
            },
            Page {
                title: "Look back",
                text: vec![
                    format!("{} shows all days, {} weeks and months; {} and {} change the range.", today(Action::ShowHistory), today(Action::ShowTrends), trends(Action::ShorterRange), trends(Action::LongerRange)),
                    format!("{} searches every entry ever logged, {} goes to a day that you type.", today(Action::Search), today(Action::Jump)),
                ],
            },
            Page {
                title: "Make it yours",
                text: vec![
                    format!("{} lists every command by name: themes, settings, account. {} lists the keys of where you are.", today(Action::Palette), today(Action::Help)),
                    "`caltrack-tui demo` shows every screen full, with an invented log in a directory of its own.".to_owned(),
                ],
            },
        ]
    }

    pub(super) fn press(&mut self, keymap: &Keymap, key: Key) -> Reaction {
        let last = Self::pages(keymap).len().saturating_sub(1);
        match keymap.control(Context::Tour, key) {
            Some(Control::Confirm) if self.page >= last => return Reaction::Close,
            Some(Control::Confirm) => self.page = Motion::Down.from(self.page, 1, last),
            Some(Control::Move(motion)) => self.page = motion.from(self.page, 1, last),
            Some(Control::Back) => return Reaction::Close,
            Some(Control::NextField | Control::PreviousField) | None => {}
        }
        Reaction::Stay
    }
}
