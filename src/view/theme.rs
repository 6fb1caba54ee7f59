//! The theme as the terminal's styles, and the places of a picture that can be clicked.

#![expect(
    clippy::disallowed_types,
    reason = "places are noted while one picture is drawn, and dropped with its theme"
)]

use std::cell::RefCell;

use ratatui::{
    layout::{Position, Rect},
    style::{self, Modifier, Style},
};

use crate::app::{
    input::mouse::Target,
    shell::{
        Tone,
        theme::{self, Ansi, Color, Paint},
    },
};

/// The styles of the theme's roles, and what was drawn where, if that is asked for.
#[derive(Debug)]
pub(super) struct Theme {
    pub(super) has_colors: bool,
    pub(super) background: Style,
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
    /// The last one is topmost. None where only the picture is wanted.
    places: Option<RefCell<Vec<(Rect, Target)>>>,
}

impl Theme {
    pub(super) fn of(theme: &theme::Theme) -> Self {
        Self {
            has_colors: theme.has_colors,
            background: style(theme.background),
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
            places: None,
        }
    }

    /// The same styles, and every place that can be clicked is noted.
    pub(super) fn noting_places(theme: &theme::Theme) -> Self {
        Self {
            places: Some(RefCell::default()),
            ..Self::of(theme)
        }
    }

    /// Notes that something was drawn that can be clicked.
    pub(super) fn note(&self, place: Rect, target: Target) {
        if let Some(places) = &self.places {
            places.borrow_mut().push((place, target));
        }
    }

    /// Notes a line of the list that takes the keys, where line `selected` is selected.
    pub(super) fn note_line(&self, place: Rect, line: usize, selected: usize) {
        if let (Ok(line), Ok(selected)) = (isize::try_from(line), isize::try_from(selected)) {
            self.note(place, Target::Line(line - selected));
        }
    }

    /// Forgets what was noted: a dialog lies over it.
    pub(super) fn cover(&self) {
        if let Some(places) = &self.places {
            places.borrow_mut().clear();
        }
    }

    /// What can be clicked at a position.
    pub(super) fn target_at(&self, position: Position) -> Option<Target> {
        let places = self.places.as_ref()?.borrow();
        let found = places.iter().rfind(|(place, _)| place.contains(position));
        found.map(|(_, target)| *target)
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
    if let Some(shown) = paint.color {
        style = style.fg(color(shown));
    }
    if let Some(behind) = paint.background {
        style = style.bg(color(behind));
    }
    for (is_set, modifier) in [
        (paint.bold, Modifier::BOLD),
        (paint.underlined, Modifier::UNDERLINED),
        (paint.reversed, Modifier::REVERSED),
        (paint.crossed_out, Modifier::CROSSED_OUT),
    ] {
        if is_set {
            style = style.add_modifier(modifier);
        }
    }
    style
}

const fn color(color: Color) -> style::Color {
    match color {
        Color::Rgb(red, green, blue) => style::Color::Rgb(red, green, blue),
        Color::Indexed(index) => style::Color::Indexed(index),
        Color::Ansi(ansi) => match ansi {
            Ansi::Black => style::Color::Black,
            Ansi::Red => style::Color::Red,
            Ansi::Green => style::Color::Green,
            Ansi::Yellow => style::Color::Yellow,
            Ansi::Blue => style::Color::Blue,
            Ansi::Magenta => style::Color::Magenta,
            Ansi::Cyan => style::Color::Cyan,
            Ansi::Gray => style::Color::Gray,
            Ansi::DarkGray => style::Color::DarkGray,
            Ansi::LightRed => style::Color::LightRed,
            Ansi::LightGreen => style::Color::LightGreen,
            Ansi::LightYellow => style::Color::LightYellow,
            Ansi::LightBlue => style::Color::LightBlue,
            Ansi::LightMagenta => style::Color::LightMagenta,
            Ansi::LightCyan => style::Color::LightCyan,
            Ansi::White => style::Color::White,
        },
    }
}
