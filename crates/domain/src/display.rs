//! How the screens show things: the part of `config.toml` that people change on the screens.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

/// kg of an avoirdupois pound.
const KG_PER_POUND: f64 = 0.453_592_37;
/// cm of an inch.
const CM_PER_INCH: f64 = 2.54;

/// The theme that is used unless another one is chosen: the terminal's own colours.
pub const DEFAULT_THEME: &str = "terminal";

/// The units in which weights and heights are shown. The log itself is always metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, VariantArray, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Measures {
    /// kg and cm.
    #[default]
    Metric,
    /// lb and in.
    Imperial,
}

impl Measures {
    /// The symbol of weights: `kg` or `lb`.
    pub const fn weight_symbol(self) -> &'static str {
        match self {
            Self::Metric => "kg",
            Self::Imperial => "lb",
        }
    }

    /// The symbol of heights: `cm` or `in`.
    pub const fn height_symbol(self) -> &'static str {
        match self {
            Self::Metric => "cm",
            Self::Imperial => "in",
        }
    }

    /// A weight in kg in the shown unit.
    pub const fn of_kg(self, kg: f64) -> f64 {
        match self {
            Self::Metric => kg,
            Self::Imperial => kg / KG_PER_POUND,
        }
    }

    /// A weight in the shown unit in kg.
    pub const fn to_kg(self, weight: f64) -> f64 {
        match self {
            Self::Metric => weight,
            Self::Imperial => weight * KG_PER_POUND,
        }
    }

    /// A height in cm in the shown unit.
    pub const fn of_cm(self, cm: f64) -> f64 {
        match self {
            Self::Metric => cm,
            Self::Imperial => cm / CM_PER_INCH,
        }
    }

    /// A height in the shown unit in cm.
    pub const fn to_cm(self, height: f64) -> f64 {
        match self {
            Self::Metric => height,
            Self::Imperial => height * CM_PER_INCH,
        }
    }
}

/// kJ of a thermochemical kcal, by which food labels convert.
const KJ_PER_KCAL: f64 = 4.184;

/// The unit in which energy is shown. The log itself is always in kcal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, VariantArray, IntoStaticStr)]
pub enum EnergyUnit {
    /// Kilocalories.
    #[default]
    #[serde(rename = "kcal")]
    #[strum(serialize = "kcal")]
    Kcal,
    /// Kilojoules.
    #[serde(rename = "kJ", alias = "kj")]
    #[strum(serialize = "kJ")]
    Kilojoule,
}

impl EnergyUnit {
    /// Its symbol: `kcal` or `kJ`.
    pub fn symbol(self) -> &'static str {
        self.into()
    }

    /// An amount in kcal in the shown unit, to the nearest whole one.
    pub fn of_kcal(self, kcal: i64) -> i64 {
        match self {
            Self::Kcal => kcal,
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_precision_loss,
                reason = "sums of kcal are far below 2^52; `as` saturates"
            )]
            Self::Kilojoule => (kcal as f64 * KJ_PER_KCAL).round() as i64,
        }
    }

    /// An amount in the shown unit in kcal, to the nearest whole one.
    pub fn to_kcal(self, amount: i64) -> i64 {
        match self {
            Self::Kcal => amount,
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_precision_loss,
                reason = "sums of kJ are far below 2^52; `as` saturates"
            )]
            Self::Kilojoule => (amount as f64 / KJ_PER_KCAL).round() as i64,
        }
    }

    /// As [`EnergyUnit::to_kcal`], without rounding.
    pub(crate) const fn exactly_to_kcal(self, amount: f64) -> f64 {
        match self {
            Self::Kcal => amount,
            Self::Kilojoule => amount / KJ_PER_KCAL,
        }
    }

    /// As [`EnergyUnit::of_kcal`], of an estimate and without rounding.
    pub const fn of_estimate(self, kcal: f64) -> f64 {
        match self {
            Self::Kcal => kcal,
            Self::Kilojoule => kcal * KJ_PER_KCAL,
        }
    }
}

/// The first day of a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, VariantArray, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum WeekStart {
    /// As in ISO 8601.
    #[default]
    Monday,
    /// As in North America.
    Sunday,
    /// As in parts of the Middle East.
    Saturday,
}

impl WeekStart {
    /// The weekday.
    pub const fn weekday(self) -> jiff::civil::Weekday {
        match self {
            Self::Monday => jiff::civil::Weekday::Monday,
            Self::Sunday => jiff::civil::Weekday::Sunday,
            Self::Saturday => jiff::civil::Weekday::Saturday,
        }
    }
}

/// The characters that lines of charts are drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, VariantArray, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Marker {
    /// Eight dots a cell, for fonts that have them.
    #[default]
    Braille,
    /// Half blocks.
    Block,
    /// One dot a cell, in every font.
    Dot,
}

/// Whether the screens take the mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, VariantArray, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Mouse {
    /// The terminal keeps it, to select text.
    #[default]
    Off,
    /// A click selects, the wheel scrolls.
    On,
}

/// How the screens show things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Display {
    /// The name of a theme or of a pair; an unknown one is replaced by the default.
    pub theme: String,
    /// The units of weights and heights.
    pub measures: Measures,
    /// The unit of energy.
    pub energy: EnergyUnit,
    /// The first day of a week.
    pub week_starts: WeekStart,
    /// The characters of charts.
    pub marker: Marker,
    /// Whether clicks and the wheel belong to the screens. The terminal then selects text with Shift alone.
    pub mouse: Mouse,
}

impl Default for Display {
    fn default() -> Self {
        Self {
            theme: DEFAULT_THEME.to_owned(),
            measures: Measures::default(),
            energy: EnergyUnit::default(),
            week_starts: WeekStart::default(),
            marker: Marker::default(),
            mouse: Mouse::default(),
        }
    }
}

/// A setting of [`Display`] with its new value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DisplaySetting {
    /// The name of a theme or of a pair.
    Theme(String),
    /// The units of weights and heights.
    Measures(Measures),
    /// The unit of energy.
    Energy(EnergyUnit),
    /// The first day of a week.
    WeekStarts(WeekStart),
    /// The characters of charts.
    Marker(Marker),
    /// Whether the screens take the mouse.
    Mouse(Mouse),
}

impl DisplaySetting {
    /// Its key in `config.toml` and its value.
    pub fn key_and_value(&self) -> (&'static str, &str) {
        match self {
            Self::Theme(name) => ("theme", name),
            Self::Measures(units) => ("measures", (*units).into()),
            Self::Energy(unit) => ("energy", (*unit).into()),
            Self::WeekStarts(day) => ("week-starts", (*day).into()),
            Self::Marker(marker) => ("marker", (*marker).into()),
            Self::Mouse(mouse) => ("mouse", (*mouse).into()),
        }
    }
}

impl Display {
    /// Changes a setting.
    pub fn set(&mut self, setting: DisplaySetting) {
        match setting {
            DisplaySetting::Theme(name) => self.theme = name,
            DisplaySetting::Measures(units) => self.measures = units,
            DisplaySetting::Energy(unit) => self.energy = unit,
            DisplaySetting::WeekStarts(day) => self.week_starts = day,
            DisplaySetting::Marker(marker) => self.marker = marker,
            DisplaySetting::Mouse(mouse) => self.mouse = mouse,
        }
    }
}

/// A line of the table `keys` of `config.toml`: an action's name and the keys that run it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyLine {
    /// The section, as in `[keys.today]`; `None` in `[keys]` itself.
    pub section: Option<String>,
    /// The action's name.
    pub name: String,
    /// The keys' names; `None` if the value is no list of texts.
    pub keys: Option<Vec<String>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_converted_there_and_back() {
        for units in Measures::VARIANTS {
            assert!((units.to_kg(units.of_kg(79.4)) - 79.4).abs() < 1e-9);
            assert!((units.to_cm(units.of_cm(178.0)) - 178.0).abs() < 1e-9);
        }
        assert!((Measures::Imperial.of_kg(79.4) - 175.047).abs() < 1e-3);
        assert!((Measures::Imperial.of_cm(178.0) - 70.079).abs() < 1e-3);
    }

    #[test]
    fn energy_is_shown_to_the_nearest_whole_unit() {
        assert_eq!(EnergyUnit::Kcal.of_kcal(2_000), 2_000);
        assert_eq!(EnergyUnit::Kilojoule.of_kcal(2_000), 8_368);
        assert_eq!(EnergyUnit::Kilojoule.of_kcal(-5), -21);
        assert!((EnergyUnit::Kilojoule.of_estimate(100.0) - 418.4).abs() < 1e-9);
        assert_eq!(EnergyUnit::Kilojoule.symbol(), "kJ");
    }

    #[test]
    fn a_setting_is_written_as_it_is_read() {
        let settings = [
            DisplaySetting::Theme("gruvbox".to_owned()),
            DisplaySetting::Measures(Measures::Imperial),
            DisplaySetting::Energy(EnergyUnit::Kilojoule),
            DisplaySetting::WeekStarts(WeekStart::Saturday),
            DisplaySetting::Marker(Marker::Dot),
            DisplaySetting::Mouse(Mouse::On),
        ];
        for setting in settings {
            let (key, value) = setting.key_and_value();
            let read: Display = serde_json::from_value(serde_json::json!({ key: value })).unwrap();
            let mut set = Display::default();
            set.set(setting);
            assert_eq!(read, set);
            assert_ne!(read, Display::default());
        }
    }
}
