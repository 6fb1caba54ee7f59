//! The theme as the terminal's styles.

use ratatui::style::{self, Modifier, Style};

use crate::app::shell::{
    Tone,
    theme::{self, Color, Paint},
};

/// The styles of the theme's roles.
#[derive(Debug, Clone, Copy)]
pub(super) struct Theme {
    pub(super) has_colors: bool,
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
    pub(super) deleted: Style,
}

impl Theme {
    pub(super) fn of(theme: &theme::Theme) -> Self {
        Self {
            has_colors: theme.has_colors,
            brand: style(theme.brand),
            text: style(theme.text),
            strong: style(theme.strong),
            muted: style(theme.muted),
            border: style(theme.border),
            selected: style(theme.selected),
            good: style(theme.good),
            waiting: style(theme.waiting),
            bad: style(theme.bad),
            consumed: style(theme.consumed),
            burned: style(theme.burned),
            deleted: style(theme.deleted),
        }
    }

    /// The style of a notice.
    pub(super) const fn tone(&self, tone: Tone) -> Style {
        match tone {
            Tone::Info => self.waiting,
            Tone::Good => self.good,
            Tone::Problem => self.bad,
        }
    }
}

fn style(paint: Paint) -> Style {
    let mut style = Style::new();
    if let Some(color) = paint.color {
        style = style.fg(match color {
            Color::Red => style::Color::Red,
            Color::Green => style::Color::Green,
            Color::Yellow => style::Color::Yellow,
            Color::Cyan => style::Color::Cyan,
            Color::DarkGray => style::Color::DarkGray,
        });
    }
    for (is_set, modifier) in [
        (paint.bold, Modifier::BOLD),
        (paint.reversed, Modifier::REVERSED),
        (paint.crossed_out, Modifier::CROSSED_OUT),
    ] {
        if is_set {
            style = style.add_modifier(modifier);
        }
    }
    style
}
