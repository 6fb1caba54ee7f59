//! The help: every key of the keymap.

use crate::app::{
    input::{action::Control, bindings::Binding, context::Context, key::Key, keymap::Keymap},
    reaction::Reaction,
    shell::Shell,
};

/// The list of keys, by context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Help {
    /// The first line shown.
    pub scroll: usize,
    /// Where it was opened: that part comes first.
    pub from: Context,
}

/// A line of the help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'a> {
    /// The heading of a context.
    Heading(Context),
    /// Keys and what they do.
    Binding(&'a Binding),
    /// A blank line between two contexts.
    Gap,
}

impl Help {
    pub(in crate::app) const fn new(from: Context) -> Self {
        Self { scroll: 0, from }
    }

    /// All of its lines, from the top.
    pub fn lines(self, keymap: &Keymap) -> Vec<Line<'_>> {
        let others = Context::all().filter(|context| *context != self.from);
        let mut lines = Vec::new();
        for context in std::iter::once(self.from).chain(others) {
            if !lines.is_empty() {
                lines.push(Line::Gap);
            }
            lines.push(Line::Heading(context));
            lines.extend(keymap.bindings(context).map(Line::Binding));
        }
        lines
    }

    /// How many of its lines a terminal of this many rows shows.
    pub fn page(rows: u16) -> usize {
        usize::from(rows.saturating_sub(4)).max(1)
    }

    pub(super) fn press(&mut self, shell: &Shell, key: Key) -> Reaction {
        match shell.keymap.control(Context::Help, key) {
            Some(Control::Back) => return Reaction::Close,
            Some(Control::Move(motion)) => {
                let page = Self::page(shell.size.1);
                let lines = self.lines(&shell.keymap).len();
                self.scroll = motion.from(self.scroll, page, lines.saturating_sub(page));
            }
            Some(Control::NextField | Control::PreviousField | Control::Confirm) | None => {}
        }
        Reaction::Stay
    }
}
