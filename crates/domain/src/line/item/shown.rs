//! An item as text.

use crate::{
    MAX_NAME_CHARS, counted_unit,
    line::{
        energy::{Figures, MOST_PORTIONS},
        fold::{folded, stemmed},
        kind::Kind,
        number::shown,
    },
};

/// A name with a capital letter, at most [`MAX_NAME_CHARS`] long.
pub(super) fn capitalised(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next();
    first
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(chars)
        .take(MAX_NAME_CHARS)
        .collect()
}

/// Whether a food's unit is the food itself: `3 eggs`.
fn is_same(name: &str, unit: &str) -> bool {
    stemmed(&folded(name)) == stemmed(&folded(unit))
}

/// An item as text that gives the same item.
pub(super) fn text(
    figures: &Figures,
    name: Option<&str>,
    category: &str,
    stated: Option<&Kind>,
    macros: [Option<f64>; 3],
) -> String {
    let mut parts = Vec::new();
    parts.extend(stated.map(|kind| format!("{}:", kind.name)));
    let quantity = figures.quantity.map(|quantity| {
        let unit = figures
            .unit
            .as_deref()
            .filter(|unit| !(figures.is_first_unit && name.is_some_and(|name| is_same(name, unit))));
        match unit {
            Some(unit) => format!("{} {}", shown(quantity), counted_unit(quantity, unit)),
            None if quantity > MOST_PORTIONS && !figures.is_stated => format!("{}x", shown(quantity)),
            None => shown(quantity),
        }
    });
    if category == "Exercise" && figures.unit.is_some() {
        parts.extend(name.map(str::to_owned));
        parts.extend(quantity);
        parts.extend(figures.beside.clone());
    } else {
        parts.extend(quantity);
        parts.extend(name.map(str::to_owned));
    }
    if figures.is_stated {
        parts.push(format!("{} kcal", figures.kcal));
    }
    for (letter, grams) in ["p", "f", "c"].into_iter().zip(macros) {
        parts.extend(grams.map(|grams| format!("{letter}{}", shown(grams))));
    }
    parts.join(" ")
}
