//! The help: every key of the one table.

use super::{
    Effect, Key, State,
    action::Action,
    dialog::{self, Dialog},
    keymap::{self, Binding, CONTEXTS, Context},
};

/// The help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Help {
    /// The first line shown.
    pub scroll: usize,
    /// Where it was opened: that part comes first.
    pub from: Context,
}

/// A line of the help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// A heading.
    Heading(Context),
    /// Keys and what they do.
    Binding(&'static Binding),
    /// Nothing.
    Gap,
}

impl Help {
    /// Every line.
    pub fn lines(self) -> Vec<Line> {
        let others = CONTEXTS.into_iter().filter(|context| *context != self.from);
        let mut lines = Vec::new();
        for context in std::iter::once(self.from).chain(others) {
            if !lines.is_empty() {
                lines.push(Line::Gap);
            }
            lines.push(Line::Heading(context));
            lines.extend(keymap::bindings(context).map(Line::Binding));
        }
        lines
    }

    /// How many lines of it a terminal of this many rows shows.
    pub fn page(rows: u16) -> usize {
        usize::from(rows.saturating_sub(4)).max(1)
    }
}

pub(super) fn open(state: &mut State) {
    let from = state.context();
    state.dialogs.push(Dialog::Help(Help { scroll: 0, from }));
}

pub(super) fn press(state: &mut State, mut help: Help, key: Key) -> Vec<Effect> {
    match keymap::action(Context::Help, key) {
        Some(Action::Back) => {
            dialog::reopen(state);
            return Vec::new();
        }
        Some(Action::Move(motion)) => {
            let page = Help::page(state.size.1);
            help.scroll = motion.from(help.scroll, page, help.lines().len().saturating_sub(page));
        }
        Some(_) | None => {}
    }
    state.dialogs.push(Dialog::Help(help));
    Vec::new()
}
