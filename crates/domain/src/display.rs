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

/// How the screens show things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Display {
    /// The name of a theme or of a pair; an unknown one is replaced by the default.
    pub theme: String,
    /// The units of weights and heights.
    pub measures: Measures,
    /// The first day of a week.
    pub week_starts: WeekStart,
    /// The characters of charts.
    pub marker: Marker,
}

impl Default for Display {
    fn default() -> Self {
        Self {
            theme: DEFAULT_THEME.to_owned(),
            measures: Measures::default(),
            week_starts: WeekStart::default(),
            marker: Marker::default(),
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
    /// The first day of a week.
    WeekStarts(WeekStart),
    /// The characters of charts.
    Marker(Marker),
}

impl DisplaySetting {
    /// Its key in `config.toml` and its value.
    pub fn key_and_value(&self) -> (&'static str, &str) {
        match self {
            Self::Theme(name) => ("theme", name),
            Self::Measures(units) => ("measures", (*units).into()),
            Self::WeekStarts(day) => ("week-starts", (*day).into()),
            Self::Marker(marker) => ("marker", (*marker).into()),
        }
    }
}

impl Display {
    /// Changes a setting.
    pub fn set(&mut self, setting: DisplaySetting) {
        match setting {
            DisplaySetting::Theme(name) => self.theme = name,
            DisplaySetting::Measures(units) => self.measures = units,
            DisplaySetting::WeekStarts(day) => self.week_starts = day,
            DisplaySetting::Marker(marker) => self.marker = marker,
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
    fn a_setting_is_written_as_it_is_read() {
        let settings = [
            DisplaySetting::Theme("gruvbox".to_owned()),
            DisplaySetting::Measures(Measures::Imperial),
            DisplaySetting::WeekStarts(WeekStart::Saturday),
            DisplaySetting::Marker(Marker::Dot),
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
