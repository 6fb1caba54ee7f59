//! Own names: their last amount, scaled.

use super::figures::{
    Figures, MOST_PORTIONS, MOST_QUANTITY, Named, explicit, literal, stated, tenths, whole,
};
use crate::line::{
    amount::{Amount, Bare},
    known::Own,
    number::{kept, shown},
    question::Question,
    unit::{Measure, unit as unit_of},
};

/// A food with fewer kcal may be written with any number of kcal.
const LEAST_DOUBTFUL: f64 = 20.0;

pub(super) fn of_own(own: &Own, named: &Named<'_>, amount: &Amount) -> Vec<Result<Figures, Question>> {
    if let Some(kcal) = amount.kcal {
        return vec![stated(amount, kcal)];
    }
    let usual = f64::from(own.kcal);
    let counted = |value: f64| {
        let count = Bare {
            value,
            text: shown(value),
            is_times: true,
        };
        let counting = Amount {
            macros: amount.macros,
            count: Some(count),
            ..Amount::default()
        };
        scaled(own, named, &counting)
    };
    let two_meanings = |number: f64, first: &str| {
        Err(Question::TwoMeanings {
            first: format!("{first} {}", named.name),
            second: format!("{} {} kcal", named.name, shown(number)),
        })
    };
    if let Some(behind) = &amount.behind {
        let number = behind.value;
        let stated = stated(amount, number);
        let is_small = number * 8.0 < usual || number <= MOST_PORTIONS && number * 3.0 < usual;
        let is_large = number > 1_500.0 && number > 25.0 * usual;
        if !(is_small && usual > LEAST_DOUBTFUL || is_large) {
            return vec![stated];
        }
        let first = shown(number);
        return vec![two_meanings(number, &first), counted(number), stated];
    }
    let many = amount
        .count
        .as_ref()
        .filter(|count| count.value > MOST_PORTIONS && !count.is_times && amount.measures.is_empty());
    if let Some(count) = many {
        let number = count.value;
        let only = Amount {
            macros: amount.macros,
            ..Amount::default()
        };
        let stated = explicit(&only, number, None, None);
        if (0.3 * usual..8.0 * usual).contains(&number) {
            return vec![stated];
        }
        let first = format!("{}x", shown(number));
        return vec![two_meanings(number, &first), counted(number), stated];
    }
    vec![scaled(own, named, amount)]
}

/// The last amount, scaled to what is typed.
fn scaled(own: &Own, named: &Named<'_>, amount: &Amount) -> Result<Figures, Question> {
    let misfit = |unit: &str| Question::Misfit {
        unit: unit.to_owned(),
        name: named.name.to_owned(),
        example: format!("{} 350 kcal", named.name),
    };
    if let Some((size, _)) = amount.size {
        return Err(misfit(size));
    }
    let (quantity, unit) = match amount.portions.as_slice() {
        // Its own unit.
        [(number, _), ..] if amount.measures.is_empty() => {
            let times = amount.count.as_ref().map_or(1.0, |count| count.value);
            (Some(number * times), own.unit.clone())
        }
        _ => literal(amount),
    };
    let last = own.quantity.unwrap_or(1.0);
    let last_unit = own.unit.clone();
    let is_weighed =
        |unit: &str| unit_of(unit).is_some_and(|unit| !matches!(unit.measure, Measure::Household(_)));
    let counts = last_unit.as_deref().is_none_or(|unit| !is_weighed(unit));
    let (quantity, share, unit) = match (quantity, unit) {
        (None, None) => (own.quantity, 1.0, last_unit),
        (Some(count), None) if counts => (Some(count), count / last, last_unit),
        (Some(count), None) => (Some(count * last), count, last_unit),
        (Some(number), Some(unit)) => {
            match by_weight(own, &unit, last).or_else(|| scale(&unit, last_unit.as_deref())) {
                Some(factor) => (Some(number), number * factor / last, Some(unit)),
                None => {
                    return Err(misfit(&unit));
                }
            }
        }
        (None, unit) => (None, 1.0, unit),
    };
    share_of(own, amount, quantity, unit, share)
}

/// How many of the last unit a unit of weight makes, where the weight of the last amount is known.
fn by_weight(own: &Own, typed: &str, last: f64) -> Option<f64> {
    match unit_of(typed)?.measure {
        Measure::Mass(grams) => Some(grams * last / own.grams?),
        _ => None,
    }
}

/// How many of the one unit make one of the other.
fn scale(typed: &str, last: Option<&str>) -> Option<f64> {
    let last = last?;
    if typed == last {
        return Some(1.0);
    }
    let (typed, last) = (unit_of(typed)?.measure, unit_of(last)?.measure);
    match (typed, last) {
        (Measure::Mass(typed), Measure::Mass(last))
        | (Measure::Volume(typed), Measure::Volume(last))
        | (Measure::Time(typed), Measure::Time(last))
        | (Measure::Distance(typed), Measure::Distance(last)) => Some(typed / last),
        _ => None,
    }
}

fn share_of(
    own: &Own,
    amount: &Amount,
    quantity: Option<f64>,
    unit: Option<String>,
    share: f64,
) -> Result<Figures, Question> {
    let mut macros = [None; 3];
    for ((place, stated), last) in macros.iter_mut().zip(amount.macros).zip(own.macros) {
        *place = stated
            .or(last.map(|grams| grams * share))
            .map(tenths)
            .transpose()?;
    }
    if share <= 0.0 {
        return Err(Question::Zero(shown(share)));
    }
    if quantity.is_some_and(|quantity| quantity > MOST_QUANTITY) {
        return Err(Question::TooLarge(shown(quantity.unwrap_or_default())));
    }
    Ok(Figures {
        quantity: quantity.map(kept),
        unit,
        kcal: whole(f64::from(own.kcal) * share)?,
        macros,
        food: own.food.clone(),
        ..Figures::default()
    })
}
