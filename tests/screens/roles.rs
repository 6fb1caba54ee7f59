//! The theme's roles: how the built-in theme paints them, and a theme that makes them readable in a picture.

use caltrack_tui::app::shell::theme::{Ansi, Color, Paint, Theme};
use ratatui::{
    buffer::Cell,
    style::{self, Modifier},
};

/// Paints each role differently. Bold stays free: views add it to other roles.
fn marked() -> Theme {
    let paint = |color, reversed, crossed_out| Paint {
        color,
        bold: false,
        reversed,
        crossed_out,
        ..Paint::default()
    };
    Theme {
        has_colors: true,
        background: Paint::default(),
        text: paint(None, false, false),
        strong: paint(None, false, true),
        selected: paint(None, true, false),
        border: paint(Some(Color::Ansi(Ansi::Cyan)), false, false),
        burned: paint(Some(Color::Ansi(Ansi::Cyan)), true, false),
        muted: paint(Some(Color::Ansi(Ansi::DarkGray)), false, false),
        deleted: paint(Some(Color::Ansi(Ansi::DarkGray)), true, false),
        good: paint(Some(Color::Ansi(Ansi::Green)), false, false),
        brand: paint(Some(Color::Ansi(Ansi::Green)), true, false),
        waiting: paint(Some(Color::Ansi(Ansi::Yellow)), false, false),
        consumed: paint(Some(Color::Ansi(Ansi::Yellow)), true, false),
        bad: paint(Some(Color::Ansi(Ansi::Red)), false, false),
    }
}

/// Every role with its paint.
fn roles(theme: &Theme) -> [(&'static str, Paint); 12] {
    let Theme {
        has_colors: _,
        background: _,
        brand,
        text,
        strong,
        muted,
        border,
        selected,
        good,
        waiting,
        bad,
        consumed,
        burned,
        deleted,
    } = theme.clone();
    [
        ("text", text),
        ("strong", strong),
        ("selected", selected),
        ("border", border),
        ("burned", burned),
        ("muted", muted),
        ("deleted", deleted),
        ("good", good),
        ("brand", brand),
        ("waiting", waiting),
        ("consumed", consumed),
        ("bad", bad),
    ]
}

/// The paint of a cell, without bold.
fn paint(cell: &Cell) -> Paint {
    Paint {
        color: match cell.fg {
            style::Color::Cyan => Some(Color::Ansi(Ansi::Cyan)),
            style::Color::DarkGray => Some(Color::Ansi(Ansi::DarkGray)),
            style::Color::Green => Some(Color::Ansi(Ansi::Green)),
            style::Color::Yellow => Some(Color::Ansi(Ansi::Yellow)),
            style::Color::Red => Some(Color::Ansi(Ansi::Red)),
            style::Color::Reset => None,
            other => panic!("no role has the colour {other}"),
        },
        bold: false,
        reversed: cell.modifier.contains(Modifier::REVERSED),
        crossed_out: cell.modifier.contains(Modifier::CROSSED_OUT),
        ..Paint::default()
    }
}

/// The roles of a cell of a picture in the marked theme; empty for plain text.
pub(crate) fn of(cell: &Cell) -> String {
    let roles = roles(&marked());
    let role = |wanted: Paint| {
        let found = roles.iter().find(|(_, paint)| *paint == wanted);
        found.map(|(role, _)| *role)
    };
    let seen = paint(cell);
    let mut words = match role(seen) {
        Some("text") => Vec::new(),
        Some(role) => vec![role],
        // A line in one role over parts of another.
        None => {
            let under = Paint {
                reversed: false,
                crossed_out: false,
                ..seen
            };
            let mut words: Vec<&str> = role(under).into_iter().collect();
            words.extend(seen.reversed.then_some("selected"));
            words.extend(seen.crossed_out.then_some("strong"));
            words
        }
    };
    words.extend(cell.modifier.contains(Modifier::BOLD).then_some("bold"));
    words.join(" ")
}

/// The built-in theme, role by role.
fn listed(has_colors: bool) -> String {
    let roles = roles(&Theme::built_in(has_colors)).map(|(role, paint)| {
        let color = paint.color.map(|color| match color {
            Color::Ansi(ansi) => format!("{ansi:?}").to_lowercase(),
            other => panic!("{other:?} is not the terminal's own"),
        });
        let words = [
            color.as_deref(),
            paint.bold.then_some("bold"),
            paint.reversed.then_some("reversed"),
            paint.crossed_out.then_some("crossed out"),
        ];
        let words: Vec<&str> = words.into_iter().flatten().collect();
        format!("{role}: {}", words.join(" ")).trim_end().to_owned()
    });
    roles.join("\n")
}

impl crate::world::World {
    /// The same in a theme that [`of`] reads.
    pub(crate) fn marked(mut self) -> Self {
        self.set_theme(marked());
        self
    }
}

#[test]
fn the_built_in_theme() {
    insta::assert_snapshot!("in_colours", listed(true));
    insta::assert_snapshot!("without_colours", listed(false));
}
