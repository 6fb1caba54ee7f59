//! Foods and drinks: portions, weights and volumes.

use super::{
    figures::{Figures, MOST_KCAL, MOST_PORTIONS, MOST_QUANTITY, Named, explicit, stated, tenths, whole},
    portions::{Eaten, counted as counted_portions, eat, misfit},
};
use crate::{
    line::{
        amount::{Amount, Bare},
        known::Food,
        number::{kept, shown},
        question::Question,
        unit::{Measure, Unit},
    },
    text::quoted,
};

/// Drinks below this density in g/ml have the figures of what is added: the milk in a tea.
const LEAST_DENSITY: f64 = 0.35;
/// A food with fewer kcal may be written with any number of kcal.
const LEAST_DOUBTFUL: f64 = 20.0;

/// The most kcal of pieces that are counted above 20.
const MOST_COUNTED: u32 = 500;
/// ml of a cup.
const CUP: f64 = 240.0;

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
            // `30 almonds`
            let counting = counted(number);
            if named.is_plural && counting.as_ref().is_ok_and(|found| found.kcal <= MOST_COUNTED) {
                return vec![counting, stated];
            }
            if number > MOST_KCAL {
                return vec![Err(Question::TooLarge(count.text.clone()))];
            }
            let first = format!("{}x {}", shown(number), named.name);
            return vec![Err(two_meanings(number, first)), counting, grams, stated];
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
    let misfit = |unit: &str| misfit(food, named, unit);
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
        one_count(amount, number)?;
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
            if is_household(measure) {
                one_count(amount, *number)?;
            }
            let name = factor.map_or(measure.name.to_owned(), |(size, _)| {
                format!("{size} {}", measure.name)
            });
            let grams = grams * factor.map_or(1.0, |(_, factor)| factor);
            return Ok(eat(kept(number * count.unwrap_or(1.0)), &name, grams));
        }
        [(first, one), (second, other)]
            if one != other
                && matches!((one.measure, other.measure), (Measure::Mass(_), Measure::Mass(_))) =>
        {
            let grams = first * grams_of(food, one).unwrap_or_default()
                + second * grams_of(food, other).unwrap_or_default();
            return Ok(eat(kept(grams), "g", 1.0));
        }
        [(_, one), (_, other), ..] => {
            return Err(Question::TwoNumbers(one.name.to_owned(), other.name.to_owned()));
        }
    }
    counted_portions(food, named, count, amount.size)
}

/// Two numbers of portions are a question, unless one says that it counts: `2 beers 2 shots`.
fn one_count(amount: &Amount, number: f64) -> Result<(), Question> {
    let count = amount
        .count
        .as_ref()
        .filter(|count| !count.is_times && count.value > 1.0);
    match count {
        Some(count) if number > 1.0 => Err(Question::TwoNumbers(quoted(&count.text), shown(number))),
        _ => Ok(()),
    }
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
            let first_of = |names: &[&str]| {
                let own = |name: &&str| food.units.iter().find(|own| own.unit == *name);
                names.iter().find_map(own).map(|own| own.grams)
            };
            let by_name = || match unit.name {
                "bowl" | "mug" | "tbsp" | "tsp" => Some(first_of(&["cup"])? * ml? / CUP),
                "pack" => first_of(&["bag", "sachet"]),
                "bag" => first_of(&["pack"]),
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
        | Measure::Clock
        | Measure::K => None,
    }
}
