//! How the screens can look: what the terminal shows, by its environment, and the user's themes.

use caltrack_client::config::{Config, variable};

use crate::app::shell::theme::{Depth, NamedTheme, Theme, Themes};

/// Terminals without colours.
const MONOCHROME: [&str; 6] = ["vt100", "vt102", "vt220", "xterm-mono", "screen-mono", "linux-m"];
/// Terminals with all colours that may not say so.
const TRUE_COLOR: [&str; 6] = ["kitty", "alacritty", "foot", "wezterm", "ghostty", "direct"];

/// The themes that can be chosen on this terminal, and a sentence about each file that can't be used. Whether the
/// terminal is light is what its background is known to be, else what `COLORFGBG` says, else dark.
pub(crate) fn themes(config: &Config, is_light: Option<bool>) -> (Themes, Vec<String>) {
    let mut problems = Vec::new();
    let mut files = Vec::new();
    for file in config.theme_files() {
        let theme = file.roles.and_then(|roles| Theme::from_roles(&roles));
        match theme {
            Ok(theme) => files.push(NamedTheme {
                name: file.name,
                theme,
                is_file: true,
            }),
            Err(why) => problems.push(format!("theme {}: {why}", caltrack_domain::clean(&file.name))),
        }
    }
    let is_light = is_light.or_else(light_by_environment).unwrap_or(false);
    (Themes::new(files, depth(config.color), is_light), problems)
}

/// How many colours the terminal has, and whether they may be used.
fn depth(may_use_colors: bool) -> Depth {
    let text = |name| variable(name).map(|value| value.to_string_lossy().into_owned());
    if may_use_colors {
        depth_of(
            &text("TERM").unwrap_or_default(),
            &text("COLORTERM").unwrap_or_default(),
        )
    } else {
        Depth::None
    }
}

fn depth_of(term: &str, color_term: &str) -> Depth {
    if MONOCHROME.contains(&term) {
        return Depth::None;
    }
    if matches!(color_term, "truecolor" | "24bit") || TRUE_COLOR.iter().any(|name| term.contains(name)) {
        return Depth::True;
    }
    if term.contains("256color") {
        Depth::Indexed
    } else {
        Depth::Sixteen
    }
}

/// Whether the terminal is light, by `COLORFGBG` (`foreground;background`, the terminal's sixteen colours), which rxvt,
/// Konsole and others set.
pub(super) fn light_by_environment() -> Option<bool> {
    light_of(&variable("COLORFGBG")?.to_string_lossy())
}

fn light_of(color_fgbg: &str) -> Option<bool> {
    let (_, background) = color_fgbg.rsplit_once(';')?;
    let background: u8 = background.parse().ok()?;
    // 7 and 15 are white; 8 is dark gray; the others are dark enough for light text.
    Some(matches!(background, 7 | 9..=15))
}

/// Whether the locale's encoding is another than UTF-8, so that the screens use ASCII alone. Without any locale in the
/// environment, as in containers, terminals show UTF-8.
pub(super) fn is_ascii() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(variable);
    locale.is_some_and(|locale| !is_utf8(&locale.to_string_lossy()))
}

fn is_utf8(locale: &str) -> bool {
    let encoding = locale.to_lowercase().replace('-', "");
    encoding.contains("utf8")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("xterm-256color", "", Depth::Indexed)]
    #[case("xterm-256color", "truecolor", Depth::True)]
    #[case("xterm-kitty", "", Depth::True)]
    #[case("xterm", "", Depth::Sixteen)]
    #[case("linux", "", Depth::Sixteen)]
    #[case("vt100", "", Depth::None)]
    #[case("xterm-mono", "truecolor", Depth::None)]
    fn colours_follow_from_the_environment(
        #[case] term: &str,
        #[case] color_term: &str,
        #[case] depth: Depth,
    ) {
        assert_eq!(depth_of(term, color_term), depth);
    }

    #[rstest]
    #[case("15;0", Some(false))]
    #[case("0;15", Some(true))]
    #[case("0;default;15", Some(true))]
    #[case("0;8", Some(false))]
    #[case("default;default", None)]
    #[case("", None)]
    fn light_follows_from_colorfgbg(#[case] text: &str, #[case] is_light: Option<bool>) {
        assert_eq!(light_of(text), is_light);
    }

    #[rstest]
    #[case("de_DE.UTF-8", true)]
    #[case("C.utf8", true)]
    #[case("C", false)]
    #[case("POSIX", false)]
    #[case("de_DE.ISO-8859-1", false)]
    fn encodings_are_read_from_locales(#[case] locale: &str, #[case] utf8: bool) {
        assert_eq!(is_utf8(locale), utf8);
    }
}
