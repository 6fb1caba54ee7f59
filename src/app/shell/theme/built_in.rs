//! The themes in the program, in the spelling of theme files.

use std::collections::BTreeMap;

use caltrack_domain::{DEFAULT_THEME, clean, nearest, shortened};

use super::{color::Depth, paint::Paint, roles::Theme};

/// One paint for each of [`Theme::ROLES`], in their order.
type Paints = [&'static str; 13];

/// Only the terminal's own foreground, background and sixteen colours, so that it is readable everywhere.
const TERMINAL: Paints = [
    "",
    "",
    "bold",
    "dark-gray",
    "dark-gray",
    "reversed",
    "bold green",
    "green",
    "yellow",
    "red",
    "yellow",
    "cyan",
    "crossed-out dark-gray",
];

/// The themes besides that of the terminal's colours. Sources: <https://github.com/morhetz/gruvbox>,
/// <https://catppuccin.com/palette> (Mocha, Latte), <https://ethanschoonover.com/solarized>; `color-blind`: the palette of
/// Okabe and Ito (<https://jfly.uni-koeln.de/color>), blue against orange.
const OTHERS: [(&str, Paints); 10] = [
    (
        "gruvbox-dark",
        [
            "#ebdbb2 on #282828",
            "#ebdbb2",
            "bold #fbf1c7",
            "#a89984",
            "#7c6f64",
            "bold #282828 on #d79921",
            "bold #b8bb26",
            "#b8bb26",
            "#fabd2f",
            "#fb4934",
            "#fe8019",
            "#83a598",
            "crossed-out #928374",
        ],
    ),
    (
        "gruvbox-light",
        [
            "#3c3836 on #fbf1c7",
            "#3c3836",
            "bold #282828",
            "#7c6f64",
            "#a89984",
            "bold #fbf1c7 on #b57614",
            "bold #79740e",
            "#79740e",
            "#b57614",
            "#9d0006",
            "#af3a03",
            "#076678",
            "crossed-out #928374",
        ],
    ),
    (
        "catppuccin-dark",
        [
            "#cdd6f4 on #1e1e2e",
            "#cdd6f4",
            "bold #cdd6f4",
            "#a6adc8",
            "#6c7086",
            "bold #1e1e2e on #89b4fa",
            "bold #a6e3a1",
            "#a6e3a1",
            "#f9e2af",
            "#f38ba8",
            "#fab387",
            "#89dceb",
            "crossed-out #7f849c",
        ],
    ),
    (
        "catppuccin-light",
        [
            "#4c4f69 on #eff1f5",
            "#4c4f69",
            "bold #4c4f69",
            "#6c6f85",
            "#9ca0b0",
            "bold #eff1f5 on #1e66f5",
            "bold #40a02b",
            "#40a02b",
            "#df8e1d",
            "#d20f39",
            "#fe640b",
            "#04a5e5",
            "crossed-out #8c8fa1",
        ],
    ),
    (
        "solarized-dark",
        [
            "#93a1a1 on #002b36",
            "#93a1a1",
            "bold #eee8d5",
            "#839496",
            "#586e75",
            "bold #002b36 on #268bd2",
            "bold #859900",
            "#859900",
            "#b58900",
            "#dc322f",
            "#cb4b16",
            "#2aa198",
            "crossed-out #586e75",
        ],
    ),
    (
        "solarized-light",
        [
            "#586e75 on #fdf6e3",
            "#586e75",
            "bold #073642",
            "#657b83",
            "#93a1a1",
            "bold #fdf6e3 on #268bd2",
            "bold #859900",
            "#859900",
            "#b58900",
            "#dc322f",
            "#cb4b16",
            "#2aa198",
            "crossed-out #93a1a1",
        ],
    ),
    (
        "color-blind-dark",
        [
            "#e6e6e6 on #101418",
            "#e6e6e6",
            "bold #ffffff",
            "#a0a8b0",
            "#60707c",
            "bold #101418 on #e69f00",
            "bold #56b4e9",
            "#56b4e9",
            "#f0e442",
            "#d55e00",
            "#e69f00",
            "#56b4e9",
            "crossed-out #808890",
        ],
    ),
    (
        "color-blind-light",
        [
            "#202428 on #fafafa",
            "#202428",
            "bold #000000",
            "#586068",
            "#8c949c",
            "bold #fafafa on #0072b2",
            "bold #0072b2",
            "#0072b2",
            "#8a5a00",
            "#c04000",
            "#b06000",
            "#0072b2",
            "crossed-out #80888f",
        ],
    ),
    (
        "high-contrast",
        [
            "white on black",
            "white",
            "bold white",
            "white",
            "white",
            "bold black on light-yellow",
            "bold light-green",
            "bold light-green",
            "bold light-yellow",
            "bold light-red",
            "bold light-yellow",
            "bold light-cyan",
            "crossed-out white",
        ],
    ),
    (
        "mono",
        [
            "",
            "",
            "bold",
            "",
            "",
            "reversed",
            "bold",
            "bold",
            "underlined",
            "bold reversed",
            "",
            "",
            "crossed-out",
        ],
    ),
];

/// The theme of the terminal's own colours.
pub(super) fn terminal() -> Theme {
    theme(&TERMINAL)
}

/// All themes by name, the terminal's own first.
pub(super) fn all() -> impl Iterator<Item = (&'static str, Theme)> {
    std::iter::once((DEFAULT_THEME, TERMINAL))
        .chain(OTHERS)
        .map(|(name, paints)| (name, theme(&paints)))
}

fn theme(paints: &Paints) -> Theme {
    let [
        background,
        text,
        strong,
        muted,
        border,
        selected,
        brand,
        good,
        waiting,
        bad,
        consumed,
        burned,
        deleted,
    ] = paints.map(|paint| paint.parse::<Paint>().unwrap_or_default());
    let mut theme = Theme {
        has_colors: true,
        background,
        text,
        strong,
        muted,
        border,
        selected,
        brand,
        good,
        waiting,
        bad,
        consumed,
        burned,
        deleted,
    };
    let paints = [background, muted, good, bad];
    theme.has_colors = paints.iter().any(|paint| paint.color.is_some());
    theme
}

impl Theme {
    /// The theme of the terminal's own colours, or without any (`NO_COLOR`).
    pub fn built_in(has_colors: bool) -> Self {
        let theme = terminal();
        if has_colors {
            theme
        } else {
            theme.reduced(Depth::None)
        }
    }

    /// The theme of a file: its roles over those of the terminal's own colours.
    ///
    /// # Errors
    ///
    /// A sentence about the first role or colour that is unknown.
    pub fn from_roles(roles: &BTreeMap<String, String>) -> Result<Self, String> {
        let mut theme = terminal();
        for (name, paint) in roles {
            let Some(role) = theme.role(name) else {
                let hint = nearest(name, Self::ROLES.iter().copied())
                    .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                return Err(format!("`{}` is no role{hint}", shortened(&clean(name), 30)));
            };
            *role = paint.parse().map_err(|error| format!("{name}: {error}"))?;
        }
        Ok(theme)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::shell::theme::color::{Ansi, Color};

    fn roles(list: &[(&str, &str)]) -> BTreeMap<String, String> {
        list.iter()
            .map(|(role, paint)| ((*role).to_owned(), (*paint).to_owned()))
            .collect()
    }

    #[test]
    fn a_file_changes_its_roles_alone() {
        let theme = Theme::from_roles(&roles(&[
            ("brand", "bold #fabd2f on 235"),
            ("deleted", "crossed-out"),
        ]));
        let theme = theme.unwrap();
        assert_eq!(
            theme.brand,
            Paint {
                color: Some(Color::Rgb(250, 189, 47)),
                background: Some(Color::Indexed(235)),
                bold: true,
                ..Paint::default()
            }
        );
        assert_eq!(theme.deleted.color, None);
        assert_eq!(theme.good, Theme::built_in(true).good);
        assert!(Theme::ROLES.len() <= 14);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (role, paint, says) in [
            ("brnad", "red", "did you mean `brand`?"),
            ("brand", "reddish", "`reddish` is no colour"),
            ("brand", "on", "`` is no colour"),
        ] {
            let error = Theme::from_roles(&roles(&[(role, paint)])).unwrap_err();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn every_built_in_paint_can_be_read() {
        for (name, paints) in std::iter::once((DEFAULT_THEME, TERMINAL)).chain(OTHERS) {
            for paint in paints {
                assert!(paint.parse::<Paint>().is_ok(), "{name}: {paint}");
            }
        }
    }

    #[test]
    fn the_base_theme_uses_the_terminals_own_colours_alone() {
        let theme = terminal();
        assert_eq!(theme.reduced(Depth::Sixteen), theme);
        assert_eq!(theme.background, Paint::default());
    }

    #[test]
    fn on_sixteen_colours_nothing_but_failures_is_red() {
        let is_red = |paint: Paint| {
            let color = paint.color;
            color == Some(Color::Ansi(Ansi::Red)) || color == Some(Color::Ansi(Ansi::LightRed))
        };
        for (name, theme) in all() {
            let theme = theme.reduced(Depth::Sixteen);
            for other in [
                theme.waiting,
                theme.consumed,
                theme.burned,
                theme.good,
                theme.brand,
                theme.text,
            ] {
                assert!(!is_red(other), "{name}: {other:?}");
            }
        }
    }

    #[test]
    fn failures_have_a_paint_of_their_own_in_every_theme() {
        for (name, theme) in all() {
            for other in [theme.waiting, theme.consumed, theme.good, theme.text] {
                assert_ne!(theme.bad, other, "{name}");
            }
        }
    }
}
