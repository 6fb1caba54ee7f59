//! Foods and drinks: portions, weights and volumes.

use super::figures::{
    Figures, MOST_KCAL, MOST_PORTIONS, MOST_QUANTITY, Named, explicit, stated, tenths, whole,
};
use crate::{
    counted_unit,
    line::{
        amount::{Amount, Bare},
        fold::{folded, stemmed},
        known::{Food, Portion},
        number::{kept, shown},
        question::Question,
        unit::{Measure, Unit},
    },
};

/// Drinks below this density in g/ml have the figures of what is added: the milk in a tea.
const LEAST_DENSITY: f64 = 0.35;
/// A food with fewer kcal may be written with any number of kcal.
const LEAST_DOUBTFUL: f64 = 20.0;

/// From this number on, people count the pieces of something loose.
const LEAST_PIECES: f64 = 3.0;
/// The most kcal of a whole that people eat alone; a cake has more.
const LARGEST_WHOLE: f64 = 1_000.0;

/// An amount of a food.
struct Eaten {
    quantity: f64,
    unit: String,
    grams: f64,
}

pub(super) fn of_food(food: &Food<'_>, named: &Named<'_>, amount: &Amount) -> Vec<Result<Figures, Question>> {
    let has_units = !amount.measures.is_empty() || !amount.portions.is_empty();
    let usual = food.count * food.portion.grams * food.kcal / 100.0;
    let with_kcal = |kcal: f64| {
        if amount.count.is_none() && !has_units {
            return explicit(amount, kcal, None, None);
        }
        // It is shown by its own name, which is one of several.
        let shown = Named {
            is_plural: false,
            ..*named
        };
        let eaten = match eaten(food, named, amount) {
            Err(Question::Misfit { .. }) => eaten(food, &shown, amount),
            found => found,
        };
        match eaten {
            Ok(eaten) => explicit(amount, kcal, Some(eaten.quantity), Some(eaten.unit)),
            Err(Question::Misfit { .. }) => stated(amount, kcal),
            Err(question) => Err(question),
        }
    };
    if let Some(kcal) = amount.kcal {
        return vec![with_kcal(kcal)];
    }
    let counted = |count: f64| -> Result<Figures, Question> {
        let mut counting = Amount {
            macros: amount.macros,
            ..Amount::default()
        };
        counting.count = Some(Bare {
            value: count,
            text: shown(count),
            is_times: true,
        });
        eaten(food, named, &counting).and_then(|eaten| measured(food, amount, eaten))
    };
    let two_meanings = |number: f64, first: String| Question::TwoMeanings {
        first,
        second: format!("{} {} kcal", named.name, shown(number)),
    };
    if let Some(behind) = &amount.behind {
        let number = behind.value;
        let is_alone = amount.count.is_none() && !has_units;
        let expected = if is_alone {
            usual
        } else {
            eaten(food, named, amount).map_or(usual, |eaten| eaten.grams * food.kcal / 100.0)
        };
        let is_low =
            number * 8.0 < expected || is_alone && number <= MOST_PORTIONS && number * 3.0 < expected;
        let is_small = is_low && expected > LEAST_DOUBTFUL;
        let is_large = number > 1_500.0 && number > 25.0 * expected;
        let stated = with_kcal(number);
        if !(is_small || is_large) {
            return vec![stated];
        }
        let portions = counted(number);
        let first = format!("{} {}", shown(number), named.name);
        return vec![Err(two_meanings(number, first)), portions, stated];
    }
    if let Some(count) = amount.count.as_ref().filter(|_| !has_units) {
        let number = count.value;
        if number > MOST_PORTIONS && !count.is_times {
            let only = Amount {
                macros: amount.macros,
                ..Amount::default()
            };
            let stated = explicit(&only, number, None, None);
            let grams = Eaten {
                quantity: number,
                unit: "g".to_owned(),
                grams: number,
            };
            let grams = measured(food, amount, grams);
            let is_likely = !named.is_plural && (0.3 * usual..8.0 * usual).contains(&number);
            if is_likely {
                return vec![stated, grams];
            }
            if number > MOST_KCAL {
                return vec![Err(Question::TooLarge(count.text.clone()))];
            }
            let first = format!("{}x {}", shown(number), named.name);
            return vec![Err(two_meanings(number, first)), counted(number), grams, stated];
        }
    }
    vec![eaten(food, named, amount).and_then(|eaten| measured(food, amount, eaten))]
}

/// The figures of so much of a food.
fn measured(food: &Food<'_>, amount: &Amount, eaten: Eaten) -> Result<Figures, Question> {
    let Eaten {
        quantity,
        unit,
        grams,
    } = eaten;
    if kept(quantity) <= 0.0 {
        return Err(Question::Zero(format!("{} {unit}", shown(quantity))));
    }
    let (quantity, unit) = match unit.as_str() {
        "g" if quantity > MOST_QUANTITY => (quantity / 1000.0, "kg".to_owned()),
        "ml" if quantity > MOST_QUANTITY => (quantity / 1000.0, "l".to_owned()),
        _ => (quantity, unit),
    };
    if quantity > MOST_QUANTITY {
        return Err(Question::TooLarge(format!("{} {unit}", shown(quantity))));
    }
    let mut macros = [None; 3];
    let per_100 = [food.protein, food.fat, food.carbohydrate];
    for ((place, stated), per_100) in macros.iter_mut().zip(amount.macros).zip(per_100) {
        *place = Some(tenths(stated.unwrap_or(grams * per_100 / 100.0))?);
    }
    Ok(Figures {
        quantity: Some(kept(quantity)),
        is_first_unit: food.units.first().is_some_and(|first| first.unit == unit),
        unit: Some(unit),
        kcal: whole(grams * food.kcal / 100.0)?,
        macros,
        food: Some(food.source.to_owned()),
        ..Figures::default()
    })
}

fn eaten(food: &Food<'_>, named: &Named<'_>, amount: &Amount) -> Result<Eaten, Question> {
    let count = amount.count.as_ref().map(|count| kept(count.value));
    let first = food.units.first().copied().unwrap_or(food.portion);
    let is_itself = stemmed(&folded(first.unit)) == stemmed(&folded(named.name));
    let misfit = |unit: &str| Question::Misfit {
        unit: unit.to_owned(),
        name: named.name.to_owned(),
        example: if is_itself {
            format!("2 {}", named.name)
        } else {
            format!("2 {} {}", counted_unit(2.0, first.unit), named.name)
        },
    };
    if let Some((number, index)) = portion(food, amount) {
        let unit = food.units.get(index).copied().unwrap_or(first);
        if let [(value, measure)] = amount.measures.as_slice()
            && let Some(grams) = grams_of(food, measure).filter(|_| !is_household(measure))
        {
            // `2 cans of 330 ml`
            let number = kept(value * number * count.unwrap_or(1.0));
            return Ok(eat(number, measure.name, grams));
        }
        if !amount.measures.is_empty() || amount.portions.len() > 2 {
            return Err(misfit(unit.unit));
        }
        let factor = amount.size.map_or(1.0, |(_, factor)| factor);
        let name = amount
            .size
            .map_or(unit.unit.to_owned(), |(size, _)| format!("{size} {}", unit.unit));
        return Ok(eat(
            kept(number * count.unwrap_or(1.0)),
            &name,
            unit.grams * factor,
        ));
    }
    match amount.measures.as_slice() {
        [] => {}
        [(number, measure)] => {
            let grams = grams_of(food, measure).ok_or_else(|| misfit(measure.name))?;
            let factor = amount.size.filter(|_| is_household(measure));
            let name = factor.map_or(measure.name.to_owned(), |(size, _)| {
                format!("{size} {}", measure.name)
            });
            let grams = grams * factor.map_or(1.0, |(_, factor)| factor);
            return Ok(eat(kept(number * count.unwrap_or(1.0)), &name, grams));
        }
        [(first, one), (second, other)]
            if matches!((one.measure, other.measure), (Measure::Mass(_), Measure::Mass(_))) =>
        {
            let grams = first * grams_of(food, one).unwrap_or_default()
                + second * grams_of(food, other).unwrap_or_default();
            return Ok(eat(kept(grams), "g", 1.0));
        }
        [(_, one), (_, other), ..] => {
            return Err(Question::TwoNumbers(one.name.to_owned(), other.name.to_owned()));
        }
    }
    let size = amount.size;
    match count {
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
            let Some(whole) = own_whole(food, named).filter(|whole| whole.unit != first.unit) else {
                // `10 doritos` are no handfuls.
                let unit = if is_loose(food, first) && count >= LEAST_PIECES {
                    piece_of(food).ok_or_else(|| misfit("a number"))?
                } else {
                    first
                };
                return Ok(eat(count, unit.unit, unit.grams));
            };
            // `2 cakes` may be slices.
            if whole.grams * food.kcal / 100.0 > LARGEST_WHOLE {
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
        None if size.is_none() && food.count > 1.0 && is_one(food, named) => {
            Ok(eat(1.0, food.portion.unit, food.portion.grams))
        }
        None => match size {
            Some((size, factor)) => Ok(eat(1.0, size, food.count * food.portion.grams * factor)),
            None => Ok(eat(food.count, food.portion.unit, food.portion.grams)),
        },
    }
}

fn eat(quantity: f64, unit: &str, grams: f64) -> Eaten {
    Eaten {
        quantity,
        unit: unit.to_owned(),
        grams: quantity * grams,
    }
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

/// The unit of a part: `half a pizza` is not half a slice.
fn whole_unit<'a>(food: &'a Food<'_>, typed: &Named<'_>) -> Option<Portion<'a>> {
    let last = |text: &str| {
        let text = folded(text);
        stemmed(text.rsplit(' ').next().unwrap_or_default())
    };
    let wholes = [last(typed.name), last(food.name), "whole".to_owned()];
    let whole = food
        .units
        .iter()
        .find(|unit| wholes.contains(&last(unit.unit)) && !unit.unit.starts_with("half"));
    let first = food
        .units
        .first()
        .filter(|unit| !["slice", "piece", "half", "wedge", "square", "segment"].contains(&unit.unit));
    whole.or(first).copied()
}

/// The food's own unit that an amount has. A size beside another unit is no unit: `2 large slices`.
fn portion(food: &Food<'_>, amount: &Amount) -> Option<(f64, usize)> {
    match amount.portions.as_slice() {
        [] => None,
        [only] => Some(*only),
        [first, second, ..] => {
            let is_size = |index: usize| {
                food.units.get(index).is_some_and(|unit| {
                    ["mini", "small", "medium", "large", "extra large"].contains(&unit.unit)
                })
            };
            let (kept, other) = if is_size(first.1) {
                (second, first)
            } else {
                (first, second)
            };
            Some((kept.0 * other.0, kept.1))
        }
    }
}

fn is_household(unit: &Unit) -> bool {
    matches!(unit.measure, Measure::Household(_))
}

/// g of one such unit of a food, if the unit measures it.
fn grams_of(food: &Food<'_>, unit: &Unit) -> Option<f64> {
    let is_added =
        food.category == "Drink" && food.grams_per_ml.is_some_and(|density| density < LEAST_DENSITY);
    match unit.measure {
        Measure::Mass(grams) => (!is_added).then_some(grams),
        Measure::Volume(ml) => food.grams_per_ml.map(|density| ml * density),
        Measure::Household(ml) => {
            let own = food
                .units
                .iter()
                .find(|own| own.unit == unit.name)
                .map(|own| own.grams);
            let by_volume = || Some(ml? * food.grams_per_ml?);
            let by_name = || match unit.name {
                "portion" => Some(food.count * food.portion.grams),
                "piece" => {
                    let first = food.units.first()?;
                    let is_volume = ["cup", "tbsp", "tsp", "glass", "bowl", "mug"].contains(&first.unit);
                    (!is_volume).then_some(first.grams)
                }
                _ => None,
            };
            own.or_else(by_volume).or_else(by_name)
        }
        Measure::Time(_)
        | Measure::Distance(_)
        | Measure::Energy(_)
        | Measure::Steps
        | Measure::M
        | Measure::K => None,
    }
}
