//! Numbers of a food without a unit: its portions, its pieces, and parts of it.

use super::figures::Named;
use crate::{
    counted_unit,
    line::{
        fold::{folded, stemmed},
        known::{Food, Portion},
        number::{kept, shown},
        question::Question,
    },
};

/// From this number on, people count the pieces of something loose.
const LEAST_PIECES: f64 = 3.0;
/// The most kcal of a whole that people eat alone; a cake has more.
const LARGEST_WHOLE: f64 = 1_000.0;
/// From this number on, people rather count pieces than wholes.
const MANY_WHOLES: f64 = 5.0;

/// An amount of a food.
pub(super) struct Eaten {
    pub(super) quantity: f64,
    pub(super) unit: String,
    pub(super) grams: f64,
}

/// The question about a unit that doesn't measure a food.
pub(super) fn misfit(food: &Food<'_>, named: &Named<'_>, unit: &str) -> Question {
    let first = food.units.first().copied().unwrap_or(food.portion);
    let is_itself = stemmed(&folded(first.unit)) == stemmed(&folded(named.name));
    Question::Misfit {
        unit: unit.to_owned(),
        name: named.name.to_owned(),
        example: if is_itself {
            format!("2 {}", named.name)
        } else {
            format!("2 {} {}", counted_unit(2.0, first.unit), named.name)
        },
    }
}

/// What a number of a food stands for, in a size or not; without one, its usual portion.
pub(super) fn counted(
    food: &Food<'_>,
    named: &Named<'_>,
    count: Option<f64>,
    size: Option<(&str, f64)>,
) -> Result<Eaten, Question> {
    let first = food.units.first().copied().unwrap_or(food.portion);
    let misfit = |unit: &str| misfit(food, named, unit);
    if let Some(unit) = size
        .filter(|(size, _)| is_vague(size))
        .and_then(|_| little_of(food))
    {
        return Ok(eat(count.unwrap_or(1.0), unit.unit, unit.grams));
    }
    let size = size.map(|(size, factor)| (if is_vague(size) { "small" } else { size }, factor));
    match count {
        Some(count)
            if size.is_none() && count >= LEAST_PIECES && count.fract() != 0.0 && is_loose(food, first) =>
        {
            let piece = own_whole(food, named).or_else(|| piece_of(food));
            let piece = piece.ok_or_else(|| misfit("a number"))?;
            Ok(eat(count, piece.unit, piece.grams))
        }
        Some(count) if count.fract() != 0.0 && size.is_none() => {
            if let Some(whole) = whole_unit(food, named) {
                return Ok(eat(count, whole.unit, whole.grams));
            }
            // `half a grapefruit`, of which a half is the portion
            let half = food.units.iter().find(|unit| unit.unit == "half");
            let half = half.ok_or_else(|| misfit("a part"))?;
            Ok(eat(kept(count * 2.0), half.unit, half.grams))
        }
        Some(count) if size.is_none() && counts_wholes(count, named) => {
            // `1 fries` is a portion of them.
            let is_portion = named.is_plural && count.total_cmp(&1.0).is_eq();
            let whole = own_whole(food, named).filter(|whole| whole.unit != first.unit && !is_portion);
            let Some(whole) = whole else {
                // `10 doritos` are no handfuls.
                let unit = if is_loose(food, first) && count >= LEAST_PIECES {
                    piece_of(food).ok_or_else(|| misfit("a number"))?
                } else {
                    first
                };
                return Ok(eat(count, unit.unit, unit.grams));
            };
            // `2 cakes` may be slices, and `8 california rolls` pieces.
            let kcal = whole.grams * food.kcal / 100.0;
            if kcal > LARGEST_WHOLE || count >= MANY_WHOLES && kcal * count > LARGEST_WHOLE {
                let line =
                    |unit: &str| format!("{} {} {}", shown(count), counted_unit(count, unit), named.name);
                return Err(Question::TwoMeanings {
                    first: line(first.unit),
                    second: line(whole.unit),
                });
            }
            Ok(eat(count, whole.unit, whole.grams))
        }
        Some(count) => {
            let (unit, factor) = size.unwrap_or((first.unit, 1.0));
            Ok(eat(count, unit, first.grams * factor))
        }
        None if size.is_none() && (food.count > 1.0 && is_one(food, named) || is_whole(food, named)) => {
            Ok(eat(1.0, food.portion.unit, food.portion.grams))
        }
        None => match size {
            Some((size, factor)) => Ok(eat(1.0, size, food.count * food.portion.grams * factor)),
            None => Ok(eat(food.count, food.portion.unit, food.portion.grams)),
        },
    }
}

pub(super) fn eat(quantity: f64, unit: &str, grams: f64) -> Eaten {
    Eaten {
        quantity,
        unit: unit.to_owned(),
        grams: quantity * grams,
    }
}

/// Whether a word for little says no size: `a little milk` is no small glass.
fn is_vague(size: &str) -> bool {
    matches!(size, "bit" | "little")
}

/// The unit of a food that people mean by a little of it.
fn little_of<'a>(food: &Food<'a>) -> Option<Portion<'a>> {
    ["splash", "knob", "drizzle", "dollop", "dash", "pinch"]
        .into_iter()
        .find_map(|little| food.units.iter().find(|unit| unit.unit == little).copied())
}

/// Whether a number counts what the name says: `1 pizza` and `2 pizzas`, but `2 pizza` are slices.
fn counts_wholes(count: f64, typed: &Named<'_>) -> bool {
    typed.is_plural || count.total_cmp(&1.0).is_eq()
}

/// Whether the name means one of several: `egg white`, `chicken nugget`.
fn is_one(food: &Food<'_>, typed: &Named<'_>) -> bool {
    let form = |text: &str| stemmed(folded(text).rsplit(' ').next().unwrap_or_default());
    let is_plural = |text: &str| folded(text).ends_with('s');
    let is_unit = form(typed.name) == form(food.portion.unit);
    !typed.is_plural && (is_unit || is_plural(food.name) && form(typed.name) == form(food.name))
}

/// Whether the name says a whole unit of a food of which a part is the portion: `mozzarella ball`.
fn is_whole(food: &Food<'_>, typed: &Named<'_>) -> bool {
    let last = |text: &str| stemmed(folded(text).rsplit(' ').next().unwrap_or_default());
    let unit = last(food.portion.unit);
    food.count < 1.0 && last(typed.name) == unit && last(food.name) != unit
}

/// Whether a food is loose: the unit that a bare number counts has several of its pieces.
fn is_loose(food: &Food<'_>, first: Portion<'_>) -> bool {
    food.category == "Food" && ["handful", "cup", "tbsp", "bag"].contains(&first.unit)
}

/// One piece of a loose food.
fn piece_of<'a>(food: &Food<'a>) -> Option<Portion<'a>> {
    let is_piece = |unit: &&Portion<'_>| ["piece", "chip", "fry"].contains(&unit.unit);
    food.units.iter().find(is_piece).copied()
}

/// The unit that is named as the food is: `pizza`.
fn own_whole<'a>(food: &Food<'a>, typed: &Named<'_>) -> Option<Portion<'a>> {
    let last = stemmed(folded(typed.name).rsplit(' ').next().unwrap_or_default());
    food.units
        .iter()
        .find(|unit| stemmed(&folded(unit.unit)) == last)
        .copied()
}

/// Units that are parts themselves: half a chicken is no half of a breast.
const PARTS: [&str; 12] = [
    "slice",
    "piece",
    "half",
    "wedge",
    "square",
    "segment",
    "breast",
    "thigh",
    "drumstick",
    "wing",
    "leg",
    "fillet",
];

/// The unit of a part: `half a pizza` is not half a slice.
fn whole_unit<'a>(food: &'a Food<'_>, typed: &Named<'_>) -> Option<Portion<'a>> {
    let last = |text: &str| {
        let text = folded(text);
        stemmed(text.rsplit(' ').next().unwrap_or_default())
    };
    let own = Some(last(food.name)).filter(|own| !PARTS.contains(&own.as_str()));
    let wholes = [Some(last(typed.name)), own, Some("whole".to_owned())];
    let whole = food
        .units
        .iter()
        .find(|unit| wholes.contains(&Some(last(unit.unit))) && !unit.unit.starts_with("half"));
    let first = food.units.first().filter(|unit| !PARTS.contains(&unit.unit));
    whole.or(first).copied()
}
