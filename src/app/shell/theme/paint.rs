//! How a role is painted, and its spelling in theme files.

use std::str::FromStr;

use super::color::{Color, Depth};

/// How a role is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "modifiers are independent of each other"
)]
pub struct Paint {
    /// The text's colour; none is the terminal's default, or that of the role `text`.
    pub color: Option<Color>,
    /// The colour behind the text; none is the terminal's default, or that of the role `background`.
    pub background: Option<Color>,
    /// Whether it is bold.
    pub bold: bool,
    /// Whether it is underlined.
    pub underlined: bool,
    /// Whether foreground and background are exchanged.
    pub reversed: bool,
    /// Whether it is crossed out.
    pub crossed_out: bool,
}

impl Paint {
    /// The paint on a terminal of this depth.
    pub(super) fn reduced(self, depth: Depth) -> Self {
        let reduced = |color: Option<Color>| color.and_then(|color| color.reduced(depth));
        Self {
            color: reduced(self.color),
            background: reduced(self.background),
            ..self
        }
    }
}

/// Reads words in any order: a colour, `on` and a colour, `bold`, `underlined`, `reversed`, `crossed-out`.
impl FromStr for Paint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut paint = Self::default();
        let mut words = text.split_whitespace();
        while let Some(word) = words.next() {
            match word {
                "bold" => paint.bold = true,
                "underlined" => paint.underlined = true,
                "reversed" => paint.reversed = true,
                "crossed-out" => paint.crossed_out = true,
                "on" => paint.background = Some(color(words.next().unwrap_or_default())?),
                word => paint.color = Some(color(word)?),
            }
        }
        Ok(paint)
    }
}

fn color(word: &str) -> Result<Color, String> {
    word.parse().map_err(|_| {
        format!(
            "`{}` is no colour; colours are `red`, `light-blue`, `#fabd2f` and the like",
            caltrack_domain::shortened(&caltrack_domain::clean(word), 30)
        )
    })
}
