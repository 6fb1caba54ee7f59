//! The list of themes: the selected one is shown at once.

use caltrack_domain::DisplaySetting;

use crate::app::{
    effect::Effect,
    input::{action::Control, context::Context, key::Key},
    reaction::Reaction,
    shell::{Shell, Tone},
};

/// How far a page key moves.
const PAGE: usize = 5;

/// The list of themes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeList {
    /// The names that can be chosen.
    pub names: Vec<String>,
    /// The selected one, in whose colours the screens are shown.
    pub selected: usize,
    /// The theme before the list was opened.
    before: String,
}

impl ThemeList {
    pub(in crate::app) fn new(shell: &Shell) -> Self {
        let names = shell.themes.names();
        let before = shell.display.theme.clone();
        Self {
            selected: names.iter().position(|name| *name == before).unwrap_or(0),
            names,
            before,
        }
    }

    pub(super) fn press(&mut self, shell: &mut Shell, key: Key) -> Reaction {
        match shell.keymap.control(Context::Themes, key) {
            Some(Control::Confirm) => {
                let chosen = shell.display.theme.clone();
                shell.notify(Tone::Info, format!("theme {chosen}, from now on"));
                Reaction::Finish(Effect::SaveSetting(DisplaySetting::Theme(chosen)))
            }
            Some(Control::Back) => {
                preview(shell, self.before.clone());
                Reaction::Close
            }
            Some(Control::Move(motion)) => {
                let last = self.names.len().saturating_sub(1);
                self.selected = motion.from(self.selected, PAGE, last);
                if let Some(name) = self.names.get(self.selected) {
                    preview(shell, name.clone());
                }
                Reaction::Stay
            }
            Some(Control::NextField | Control::PreviousField) | None => Reaction::Stay,
        }
    }
}

fn preview(shell: &mut Shell, name: String) {
    shell.display.theme = name;
    // The names of the list are known.
    let _ = shell.apply_theme();
}
