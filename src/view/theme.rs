//! The colours: the terminal's own sixteen, so that light and dark backgrounds both work.

use ratatui::style::{Color, Modifier, Style};

use crate::app::state::Tone;

/// Named styles. Without colours, everything that matters is still told apart by words, marks or reversal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Theme {
    pub(super) brand: Style,
    pub(super) text: Style,
    pub(super) strong: Style,
    pub(super) muted: Style,
    pub(super) border: Style,
    pub(super) selected: Style,
    pub(super) good: Style,
    pub(super) waiting: Style,
    pub(super) bad: Style,
    pub(super) consumed: Style,
    pub(super) burned: Style,
}

impl Theme {
    pub(super) fn new(color: bool) -> Self {
        let plain = Style::new();
        let paint = |hue: Color| if color { plain.fg(hue) } else { plain };
        Self {
            brand: paint(Color::Green).add_modifier(Modifier::BOLD),
            text: plain,
            strong: plain.add_modifier(Modifier::BOLD),
            muted: paint(Color::DarkGray),
            border: paint(Color::DarkGray),
            selected: plain.add_modifier(Modifier::REVERSED),
            good: paint(Color::Green),
            waiting: paint(Color::Yellow),
            bad: paint(Color::Red),
            consumed: paint(Color::Yellow),
            burned: paint(Color::Cyan),
        }
    }

    /// How a notice looks.
    pub(super) fn tone(&self, tone: Tone) -> Style {
        match tone {
            Tone::Info => self.waiting,
            Tone::Good => self.good,
            Tone::Problem => self.bad,
        }
    }
}
