//! Own names: their last amount, scaled.

use super::figures::{Figures, MOST_QUANTITY, Named, literal, stated, tenths, whole};
use crate::line::{
    amount::Amount,
    known::Own,
    number::{kept, shown},
    question::Question,
    unit::{Measure, unit as unit_of},
};

pub(super) fn of_own(own: &Own, named: &Named<'_>, amount: &Amount) -> Vec<Result<Figures, Question>> {
    if let Some(kcal) = amount.kcal.or(amount.behind.as_ref().map(|behind| behind.value)) {
        return vec![stated(amount, kcal)];
    }
    let (quantity, unit) = literal(amount);
    let last = own.quantity.unwrap_or(1.0);
    let last_unit = own.unit.clone();
    let is_weighed =
        |unit: &str| unit_of(unit).is_some_and(|unit| !matches!(unit.measure, Measure::Household(_)));
    let counts = last_unit.as_deref().is_none_or(|unit| !is_weighed(unit));
    let (quantity, share, unit) = match (quantity, unit) {
        (None, None) => (own.quantity, 1.0, last_unit),
        (Some(count), None) if counts => (Some(count), count / last, last_unit),
        (Some(count), None) => (Some(count * last), count, last_unit),
        (Some(number), Some(unit)) => match scale(&unit, last_unit.as_deref()) {
            Some(factor) => (Some(number), number * factor / last, Some(unit)),
            None => {
                return vec![Err(Question::Misfit {
                    unit,
                    name: named.name.to_owned(),
                    example: format!("{} 350 kcal", named.name),
                })];
            }
        },
        (None, unit) => (None, 1.0, unit),
    };
    vec![share_of(own, amount, quantity, unit, share)]
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
