//! The theme: how each role of the screens looks, as plain data.

/// One of the terminal's own sixteen colours, so that light and dark backgrounds both work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// ANSI colour 1.
    Red,
    /// ANSI colour 2.
    Green,
    /// ANSI colour 3.
    Yellow,
    /// ANSI colour 6.
    Cyan,
    /// ANSI colour 8, bright black.
    DarkGray,
}

/// How a role is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Paint {
    /// The text's colour; none is the terminal's default.
    pub color: Option<Color>,
    /// Whether it is bold.
    pub bold: bool,
    /// Whether foreground and background are exchanged.
    pub reversed: bool,
    /// Whether it is crossed out.
    pub crossed_out: bool,
}

impl Paint {
    const fn color(color: Color) -> Self {
        Self {
            color: Some(color),
            ..Self::PLAIN
        }
    }

    const PLAIN: Self = Self {
        color: None,
        bold: false,
        reversed: false,
        crossed_out: false,
    };
    const BOLD: Self = Self {
        bold: true,
        ..Self::PLAIN
    };
}

/// The roles of the screens. Without colours, words, marks and reversal still tell apart everything that matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Whether colours are used at all; QR codes need to know.
    pub has_colors: bool,
    /// The program's name, and headings.
    pub brand: Paint,
    /// Text in the terminal's own colour.
    pub text: Paint,
    /// Text that stands out.
    pub strong: Paint,
    /// Text of less importance.
    pub muted: Paint,
    /// Frames of lists and dialogs.
    pub border: Paint,
    /// The selected line of a list.
    pub selected: Paint,
    /// Success, and a budget that is kept.
    pub good: Paint,
    /// Work in progress, and a budget that is nearly used up or exceeded.
    pub waiting: Paint,
    /// Failures, and nothing else.
    pub bad: Paint,
    /// Figures of kcal eaten.
    pub consumed: Paint,
    /// Figures of kcal burned.
    pub burned: Paint,
    /// An entry that is being deleted.
    pub deleted: Paint,
}

impl Theme {
    /// The built-in theme, in colours or without any (`NO_COLOR`).
    pub const fn built_in(has_colors: bool) -> Self {
        let theme = Self {
            has_colors,
            brand: Paint {
                bold: true,
                ..Paint::color(Color::Green)
            },
            text: Paint::PLAIN,
            strong: Paint::BOLD,
            muted: Paint::color(Color::DarkGray),
            border: Paint::color(Color::DarkGray),
            selected: Paint {
                reversed: true,
                ..Paint::PLAIN
            },
            good: Paint::color(Color::Green),
            waiting: Paint::color(Color::Yellow),
            bad: Paint::color(Color::Red),
            consumed: Paint::color(Color::Yellow),
            burned: Paint::color(Color::Cyan),
            deleted: Paint {
                crossed_out: true,
                ..Paint::color(Color::DarkGray)
            },
        };
        if has_colors { theme } else { theme.without_colors() }
    }

    const fn without_colors(self) -> Self {
        const fn plain(paint: Paint) -> Paint {
            Paint { color: None, ..paint }
        }
        Self {
            has_colors: false,
            brand: plain(self.brand),
            text: plain(self.text),
            strong: plain(self.strong),
            muted: plain(self.muted),
            border: plain(self.border),
            selected: plain(self.selected),
            good: plain(self.good),
            waiting: plain(self.waiting),
            bad: plain(self.bad),
            consumed: plain(self.consumed),
            burned: plain(self.burned),
            deleted: plain(self.deleted),
        }
    }
}
