//! Google Fit: the daily activity metrics of Takeout, of which only the weight is the user's own.
//!
//! Source: Takeout headers in public tests. The names of columns are in the user's language, their order and units are not.

use crate::{
    layout::{Columns, Header, Layout},
    model::WeightUnit,
};

/// Beginnings of the word for steps.
const STEPS: [&str; 14] = [
    "step", "schritt", "de pas", "pasos", "passi", "passos", "stappen", "steg", "skridt", "krok", "шаг",
    "歩", "步", "걸음",
];
/// Words for weight.
const WEIGHT: [&str; 11] = [
    "weight", "gewicht", "poids", "peso", "vikt", "vægt", "waga", "вес", "体重", "體重", "체중",
];
/// Beginnings of the word for average.
const AVERAGE: [&str; 9] = [
    "average",
    "durchschnitt",
    "moyen",
    "medi",
    "médi",
    "gemiddeld",
    "平均",
    "средн",
    "genomsnitt",
];

/// A column whose name has one of these words.
fn with<'a>(header: &'a Header, words: &'a [&str]) -> impl Iterator<Item = (usize, &'a String)> {
    let names = header.names().iter().enumerate();
    names.filter(|(_, name)| words.iter().any(|word| name.contains(word)))
}

/// The unit in the brackets of a name.
fn unit(name: &str) -> &str {
    let (_, unit) = name.rsplit_once('(').unwrap_or_default();
    unit.trim_end_matches(')').trim()
}

pub(super) fn layout(header: &Header) -> Option<Layout> {
    let is_named = header.has_any(&["step count", "move minutes count", "heart points"]);
    let has = |wanted: &str| header.names().iter().any(|name| unit(name) == wanted);
    // Steps, expenditure and metres of a day, in any language.
    let has_figures = has("kcal") && has("m") && with(header, &STEPS).next().is_some();
    if !(is_named || has_figures) {
        return None;
    }
    let is_weight = |name: &str| WeightUnit::parse(unit(name));
    let weights = with(header, &WEIGHT).filter_map(|(column, name)| Some((column, name, is_weight(name)?)));
    let weights: Vec<(usize, &String, WeightUnit)> = weights.collect();
    let is_average = |name: &str| AVERAGE.iter().any(|word| name.contains(word));
    let average = weights.iter().find(|(_, name, _)| is_average(name));
    let weight = average.or(weights.first());
    let columns = Columns {
        date: Some(header.find(&["date"]).unwrap_or(0)),
        weight: weight.map(|(column, _, unit)| (*column, Some(*unit))),
        ..Columns::default()
    };
    let layout = Layout {
        has_points: true,
        ..Layout::new("googlefit", columns)
    };
    Some(layout.warning(
        "Calories (kcal) is the expenditure of the whole day, at rest included: it is neither eaten nor exercise",
    ))
}
