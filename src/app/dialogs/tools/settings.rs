//! The settings of the screens: what is changed is written into the configuration file at once.

use caltrack_domain::{Display, DisplaySetting};
use strum::VariantArray;

use crate::app::{
    effect::Effect,
    input::{action::Control, context::Context, key::Key},
    reaction::Reaction,
    shell::Shell,
};

/// A line of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray)]
pub enum Setting {
    /// The theme.
    Theme,
    /// The units of weights and heights.
    Measures,
    /// The unit of energy.
    Energy,
    /// The first day of a week.
    WeekStarts,
    /// The characters of charts.
    Marker,
    /// Whether the screens take the mouse.
    Mouse,
}

impl Setting {
    /// Its name on the screen.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Theme => "Theme",
            Self::Measures => "Weights and heights",
            Self::Energy => "Energy",
            Self::WeekStarts => "Weeks start on",
            Self::Marker => "Charts are drawn with",
            Self::Mouse => "Mouse",
        }
    }

    /// Its present value.
    pub fn value(self, display: &Display) -> DisplaySetting {
        match self {
            Self::Theme => DisplaySetting::Theme(display.theme.clone()),
            Self::Measures => DisplaySetting::Measures(display.measures),
            Self::Energy => DisplaySetting::Energy(display.energy),
            Self::WeekStarts => DisplaySetting::WeekStarts(display.week_starts),
            Self::Marker => DisplaySetting::Marker(display.marker),
            Self::Mouse => DisplaySetting::Mouse(display.mouse),
        }
    }

    /// The value after the present one; the first one after the last.
    fn next(self, shell: &Shell) -> DisplaySetting {
        let display = &shell.display;
        match self {
            Self::Theme => {
                let names = shell.themes.names();
                let at = names.iter().position(|name| *name == display.theme);
                let next = at.and_then(|at| names.get(at + 1)).or_else(|| names.first());
                DisplaySetting::Theme(next.unwrap_or(&display.theme).clone())
            }
            Self::Measures => DisplaySetting::Measures(after(display.measures)),
            Self::Energy => DisplaySetting::Energy(after(display.energy)),
            Self::WeekStarts => DisplaySetting::WeekStarts(after(display.week_starts)),
            Self::Marker => DisplaySetting::Marker(after(display.marker)),
            Self::Mouse => DisplaySetting::Mouse(after(display.mouse)),
        }
    }
}

fn after<T: VariantArray + PartialEq + Copy>(value: T) -> T {
    let all = T::VARIANTS.iter().copied();
    all.clone()
        .skip_while(|one| *one != value)
        .nth(1)
        .or_else(|| all.clone().next())
        .unwrap_or(value)
}

/// The list of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SettingsList {
    /// The index of the selected setting.
    pub selected: usize,
}

impl SettingsList {
    pub(super) fn press(&mut self, shell: &mut Shell, key: Key) -> Reaction {
        match shell.keymap.control(Context::Settings, key) {
            Some(Control::Confirm) => {
                let Some(setting) = Setting::VARIANTS.get(self.selected) else {
                    return Reaction::Stay;
                };
                let value = setting.next(shell);
                shell.display.set(value.clone());
                // The names of the list are known.
                let _ = shell.apply_theme();
                Reaction::Perform(Effect::SaveSetting(value))
            }
            Some(Control::Back) => Reaction::Close,
            Some(Control::Move(motion)) => {
                let last = Setting::VARIANTS.len().saturating_sub(1);
                self.selected = motion.from(self.selected, last, last);
                Reaction::Stay
            }
            Some(Control::NextField | Control::PreviousField) | None => Reaction::Stay,
        }
    }
}
