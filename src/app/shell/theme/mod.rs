//! Themes: how each role of the screens looks, as plain data.

mod built_in;
mod choice;
mod color;
mod paint;

use std::collections::BTreeMap;

use caltrack_domain::{clean, nearest, shortened};

pub use choice::{NamedTheme, Themes};
pub use color::{Ansi, Color, Depth};
pub use paint::Paint;

/// Makes [`Theme`] from one list of roles.
macro_rules! theme {
    ($($(#[doc = $doc:literal])+ $role:ident,)+) => {
        /// The roles of the screens. Without colours, words, marks and reversal still tell apart everything that matters.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Theme {
            /// Whether colours are used at all; QR codes need to know.
            pub has_colors: bool,
            $($(#[doc = $doc])+ pub $role: Paint,)+
        }

        impl Theme {
            /// The names of the roles, in the order of the guide.
            pub const ROLES: &[&str] = &[$(stringify!($role)),+];

            /// What each role is for, in the same order.
            pub const PURPOSES: &[&str] = &[$(concat!($($doc),+)),+];

            fn role(&mut self, name: &str) -> Option<&mut Paint> {
                match name {
                    $(stringify!($role) => Some(&mut self.$role),)+
                    _ => None,
                }
            }

            /// The theme on a terminal of this depth.
            #[must_use]
            fn reduced(&self, depth: Depth) -> Self {
                Self {
                    has_colors: depth > Depth::None && self.has_colors,
                    $($role: self.$role.reduced(depth),)+
                }
            }
        }
    };
}

theme! {
    /// What lies behind everything, and plain text on it.
    background,
    /// Text in lists and dialogs.
    text,
    /// Text that stands out.
    strong,
    /// Text of less importance.
    muted,
    /// Frames of lists and dialogs.
    border,
    /// The selected line of a list.
    selected,
    /// The program's name, and headings.
    brand,
    /// Success, and a budget that is kept.
    good,
    /// Work in progress, and a budget that is nearly used up or exceeded.
    waiting,
    /// Failures, and nothing else.
    bad,
    /// Figures of kcal eaten.
    consumed,
    /// Figures of kcal burned.
    burned,
    /// An entry that is being deleted.
    deleted,
}

impl Theme {
    /// The theme of the terminal's own colours, or without any (`NO_COLOR`).
    pub fn built_in(has_colors: bool) -> Self {
        let theme = built_in::terminal();
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
        let mut theme = built_in::terminal();
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
}
