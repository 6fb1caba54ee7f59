//! Which theme is used: by its name, or by the name of a pair and what lies behind the text.

use caltrack_domain::{DEFAULT_THEME, nearest};

use super::{built_in, color::Depth, roles::Theme};

/// A theme by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedTheme {
    /// Its name in `config.toml`, and in the picker.
    pub name: String,
    /// The theme, with all its colours.
    pub theme: Theme,
    /// Whether it is a file of the user.
    pub is_file: bool,
}

/// The themes that can be chosen, and what the terminal can show of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Themes {
    list: Vec<NamedTheme>,
    /// How many colours the terminal has.
    pub depth: Depth,
    /// Whether the terminal is light, which decides between the two themes of a pair.
    pub is_light: bool,
}

/// The ends of the names of a pair.
const DARK: &str = "-dark";
const LIGHT: &str = "-light";

impl Themes {
    /// The built-in themes, and those of files, which replace built-in ones of the same name.
    pub fn new(files: Vec<NamedTheme>, depth: Depth, is_light: bool) -> Self {
        let all = built_in::all().map(|(name, theme)| NamedTheme {
            name: name.to_owned(),
            theme,
            is_file: false,
        });
        let mut list: Vec<NamedTheme> = all.collect();
        list.retain(|theme| !files.iter().any(|file| file.name == theme.name));
        list.extend(files);
        Self {
            list,
            depth,
            is_light,
        }
    }

    /// The themes by their own names.
    pub fn list(&self) -> &[NamedTheme] {
        &self.list
    }

    /// The names that can be chosen: of themes, and of pairs.
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for NamedTheme { name, .. } in &self.list {
            if let Some(pair) = name.strip_suffix(DARK).filter(|pair| self.is_pair(pair)) {
                names.push(pair.to_owned());
            }
            names.push(name.clone());
        }
        names
    }

    /// Whether a name is that of two themes, a dark and a light one.
    pub fn is_pair(&self, name: &str) -> bool {
        self.find(name).is_none()
            && [DARK, LIGHT]
                .iter()
                .all(|end| self.find(&format!("{name}{end}")).is_some())
    }

    /// The theme of a name, as this terminal can show it; `None` if there is none of that name.
    pub fn get(&self, name: &str) -> Option<Theme> {
        let named = if self.is_pair(name) {
            let end = if self.is_light { LIGHT } else { DARK };
            self.find(&format!("{name}{end}"))
        } else {
            self.find(name)
        };
        named.map(|named| named.theme.reduced(self.depth))
    }

    /// The theme of a name, or the terminal's own colours and a sentence about the unknown name.
    pub fn get_or_default(&self, name: &str) -> (Theme, Option<String>) {
        if let Some(theme) = self.get(name) {
            return (theme, None);
        }
        let names = self.names();
        let hint = nearest(name, names.iter().map(String::as_str)).map_or_else(
            || "`caltrack-tui themes` lists them".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        let shown = caltrack_domain::shortened(&caltrack_domain::clean(name), 40);
        let problem = format!("there is no theme `{shown}` ({hint})");
        let theme = self
            .get(DEFAULT_THEME)
            .unwrap_or_else(|| Theme::built_in(self.depth > Depth::None));
        (theme, Some(problem))
    }

    fn find(&self, name: &str) -> Option<&NamedTheme> {
        self.list.iter().find(|theme| theme.name == name)
    }
}

impl Default for Themes {
    /// The built-in themes on a dark terminal with all colours.
    fn default() -> Self {
        Self::new(Vec::new(), Depth::True, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_follows_the_terminal() {
        let mut themes = Themes::default();
        assert!(themes.is_pair("gruvbox"));
        assert_eq!(themes.get("gruvbox"), themes.get("gruvbox-dark"));
        themes.is_light = true;
        assert_eq!(themes.get("gruvbox"), themes.get("gruvbox-light"));
        assert_ne!(themes.get("gruvbox-dark"), themes.get("gruvbox-light"));
        let names = themes.names();
        assert!(names.contains(&"gruvbox".to_owned()) && names.contains(&"gruvbox-light".to_owned()));
    }

    #[test]
    fn a_file_replaces_a_built_in_theme_of_its_name() {
        let mono = NamedTheme {
            name: "mono".to_owned(),
            theme: Theme::built_in(true),
            is_file: true,
        };
        let themes = Themes::new(vec![mono], Depth::True, false);
        assert_eq!(themes.get("mono"), Some(Theme::built_in(true)));
        assert_eq!(
            themes.list().iter().filter(|theme| theme.name == "mono").count(),
            1
        );
    }

    #[test]
    fn an_unknown_name_gets_the_terminals_colours_and_a_hint() {
        let (theme, problem) = Themes::default().get_or_default("grubvox");
        assert_eq!(theme, Theme::built_in(true));
        assert!(problem.unwrap().contains("did you mean `gruvbox`?"));
    }

    #[test]
    fn without_colours_every_theme_is_without_them() {
        let themes = Themes::new(Vec::new(), Depth::None, false);
        for name in themes.names() {
            let theme = themes.get(&name).unwrap();
            assert!(!theme.has_colors);
            for paint in [theme.background, theme.selected, theme.bad, theme.consumed] {
                assert_eq!((paint.color, paint.background), (None, None), "{name}");
            }
        }
    }
}
