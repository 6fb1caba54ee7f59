//! Colours, and what is left of them on terminals with fewer.

use std::str::FromStr;

use strum::{EnumString, VariantArray};

/// The sixteen colours of a terminal, which decides how they look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Ansi {
    /// 0
    Black,
    /// 1
    Red,
    /// 2
    Green,
    /// 3
    Yellow,
    /// 4
    Blue,
    /// 5
    Magenta,
    /// 6
    Cyan,
    /// 7
    Gray,
    /// 8, bright black
    DarkGray,
    /// 9
    LightRed,
    /// 10
    LightGreen,
    /// 11
    LightYellow,
    /// 12
    LightBlue,
    /// 13
    LightMagenta,
    /// 14
    LightCyan,
    /// 15
    White,
}

/// A colour of a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// One of the terminal's own.
    Ansi(Ansi),
    /// One of xterm's 256.
    Indexed(u8),
    /// Red, green and blue.
    Rgb(u8, u8, u8),
}

/// How many colours a terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None may be used (`NO_COLOR`, `vt100`).
    None,
    /// The terminal's own sixteen.
    Sixteen,
    /// xterm's 256.
    Indexed,
    /// All.
    True,
}

/// Red, green and blue of the sixteen colours, as xterm has them.
const ANSI_RGB: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];
/// The levels of xterm's cube of 216 colours.
const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];

impl Color {
    /// The nearest colour that a terminal of this depth has; `None` without colours.
    pub(super) fn reduced(self, depth: Depth) -> Option<Self> {
        match (depth, self) {
            (Depth::None, _) => None,
            (Depth::True, color)
            | (Depth::Indexed | Depth::Sixteen, color @ Self::Ansi(_))
            | (Depth::Indexed, color @ Self::Indexed(_)) => Some(color),
            (Depth::Indexed, color @ Self::Rgb(..)) => {
                let all = (16..=255).map(|index| (Self::Indexed(index), indexed_rgb(index)));
                nearest(color.rgb(), all)
            }
            (Depth::Sixteen, color) => {
                let rgb = color.rgb();
                let family = family(rgb);
                let all = Ansi::VARIANTS.iter().copied().zip(ANSI_RGB);
                let like = all.filter(|(ansi, _)| family.is_none_or(|family| family.contains(ansi)));
                nearest(rgb, like.map(|(ansi, rgb)| (Self::Ansi(ansi), rgb)))
            }
        }
    }

    fn rgb(self) -> (u8, u8, u8) {
        match self {
            Self::Rgb(red, green, blue) => (red, green, blue),
            Self::Indexed(index) => indexed_rgb(index),
            Self::Ansi(ansi) => {
                let at = Ansi::VARIANTS.iter().position(|one| *one == ansi);
                at.and_then(|at| ANSI_RGB.get(at).copied()).unwrap_or_default()
            }
        }
    }
}

/// Red, green and blue of one of xterm's 256 colours.
fn indexed_rgb(index: u8) -> (u8, u8, u8) {
    if let Some(rgb) = ANSI_RGB.get(usize::from(index)) {
        return *rgb;
    }
    if let Some(step) = index.checked_sub(232) {
        let gray = 8 + 10 * step;
        return (gray, gray, gray);
    }
    let cube = index - 16;
    let level = |at: u8| LEVELS.get(usize::from(at)).copied().unwrap_or_default();
    (level(cube / 36), level(cube / 6 % 6), level(cube % 6))
}

/// The two of the sixteen that have the hue of a vivid colour, which would else become gray. Only what is red becomes red, the
/// colour of failures: orange becomes yellow.
fn family((red, green, blue): (u8, u8, u8)) -> Option<[Ansi; 2]> {
    /// The difference of the strongest and the weakest part of a vivid colour.
    const VIVID: i32 = 56;
    /// Degrees on either side of red: towards orange, and towards pink.
    const RED: (i32, i32) = (15, 30);
    let (red, green, blue) = (i32::from(red), i32::from(green), i32::from(blue));
    let highest = red.max(green).max(blue);
    let chroma = highest - red.min(green).min(blue);
    if chroma < VIVID {
        return None;
    }
    let degrees = |part: i32, sector: i32| 120 * sector + 60 * part / chroma;
    let hue = if highest == red {
        degrees(green - blue, 0)
    } else if highest == green {
        degrees(blue - red, 1)
    } else {
        degrees(red - green, 2)
    };
    Some(match hue {
        hue if (-RED.1..=RED.0).contains(&hue) => [Ansi::Red, Ansi::LightRed],
        ..=-1 | 270.. => [Ansi::Magenta, Ansi::LightMagenta],
        0..=89 => [Ansi::Yellow, Ansi::LightYellow],
        90..=149 => [Ansi::Green, Ansi::LightGreen],
        150..=199 => [Ansi::Cyan, Ansi::LightCyan],
        200..=269 => [Ansi::Blue, Ansi::LightBlue],
    })
}

fn nearest(to: (u8, u8, u8), among: impl Iterator<Item = (Color, (u8, u8, u8))>) -> Option<Color> {
    let apart = |one: u8, other: u8| u32::from(one.abs_diff(other)).pow(2);
    among
        .min_by_key(|(_, rgb)| apart(rgb.0, to.0) + apart(rgb.1, to.1) + apart(rgb.2, to.2))
        .map(|(color, _)| color)
}

/// A text that names no colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownColor;

/// Reads `red`, `light-blue`, `#fabd2f` or a number from 0 to 255.
impl FromStr for Color {
    type Err = UnknownColor;

    fn from_str(text: &str) -> Result<Self, UnknownColor> {
        if let Some(digits) = text.strip_prefix('#') {
            let number = u32::from_str_radix(digits, 16).map_err(|_| UnknownColor)?;
            let [0, red, green, blue] = number.to_be_bytes() else {
                return Err(UnknownColor);
            };
            return if digits.len() == 6 {
                Ok(Self::Rgb(red, green, blue))
            } else {
                Err(UnknownColor)
            };
        }
        if let Ok(index) = text.parse() {
            return Ok(Self::Indexed(index));
        }
        text.parse().map(Self::Ansi).map_err(|_| UnknownColor)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("red", Some(Color::Ansi(Ansi::Red)))]
    #[case("light-blue", Some(Color::Ansi(Ansi::LightBlue)))]
    #[case("#fabd2f", Some(Color::Rgb(250, 189, 47)))]
    #[case("214", Some(Color::Indexed(214)))]
    #[case("256", None)]
    #[case("#fff", None)]
    #[case("#fabd2f0", None)]
    #[case("purplish", None)]
    fn colours_are_read(#[case] text: &str, #[case] color: Option<Color>) {
        assert_eq!(text.parse().ok(), color);
    }

    #[rstest]
    #[case::orange(Color::Rgb(175, 58, 3), Ansi::Yellow)]
    #[case::red(Color::Rgb(157, 0, 6), Ansi::Red)]
    #[case::pink(Color::Rgb(243, 139, 168), Ansi::LightRed)]
    #[case::mint(Color::Rgb(166, 227, 161), Ansi::Green)]
    #[case::sky(Color::Rgb(38, 139, 210), Ansi::LightBlue)]
    #[case::gray(Color::Rgb(146, 131, 116), Ansi::DarkGray)]
    fn a_hue_stays_a_hue_on_sixteen_colours(#[case] color: Color, #[case] like: Ansi) {
        assert_eq!(color.reduced(Depth::Sixteen), Some(Color::Ansi(like)));
    }

    #[test]
    fn terminals_with_fewer_colours_get_the_nearest() {
        let yellow = Color::Rgb(250, 189, 47);
        assert_eq!(yellow.reduced(Depth::True), Some(yellow));
        assert_eq!(yellow.reduced(Depth::Indexed), Some(Color::Indexed(214)));
        assert_eq!(yellow.reduced(Depth::Sixteen), Some(Color::Ansi(Ansi::Yellow)));
        assert_eq!(yellow.reduced(Depth::None), None);
        assert_eq!(
            Color::Rgb(8, 8, 8).reduced(Depth::Indexed),
            Some(Color::Indexed(232))
        );
        assert_eq!(
            Color::Indexed(196).reduced(Depth::Sixteen),
            Some(Color::Ansi(Ansi::LightRed))
        );
        let own = Color::Ansi(Ansi::Green);
        assert_eq!(own.reduced(Depth::Sixteen), Some(own));
    }
}
