//! The figures of an item, their limits, and figures that a line states.

use crate::{
    Grams,
    line::{
        amount::Amount,
        number::{kept, shown},
        question::Question,
        unit::Measure,
    },
};

/// The most kcal of an item of a line.
pub(super) const MOST_KCAL: f64 = 5_000.0;
/// The largest quantity of an entry.
pub(super) const MOST_QUANTITY: f64 = 10_000.0;
/// The largest number in front of a food that counts portions.
pub(in crate::line) const MOST_PORTIONS: f64 = 20.0;

/// The figures of an item.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::line) struct Figures {
    pub(in crate::line) quantity: Option<f64>,
    pub(in crate::line) unit: Option<String>,
    /// A second measure: the time of a distance.
    pub(in crate::line) beside: Option<String>,
    pub(in crate::line) kcal: u32,
    /// Whether `unit` is the one that a number without a unit counts.
    pub(in crate::line) is_first_unit: bool,
    /// Whether the line states the kcal.
    pub(in crate::line) is_stated: bool,
    pub(in crate::line) macros: [Option<Grams>; 3],
    pub(in crate::line) food: Option<String>,
}

/// A name as typed.
pub(in crate::line) struct Named<'a> {
    pub(in crate::line) name: &'a str,
    pub(in crate::line) is_plural: bool,
}

/// The stated kcal of something unknown.
pub(in crate::line) fn stated(amount: &Amount, kcal: f64) -> Result<Figures, Question> {
    let (quantity, unit) = literal(amount);
    explicit(amount, kcal, quantity, unit)
}

pub(super) fn explicit(
    amount: &Amount,
    kcal: f64,
    quantity: Option<f64>,
    unit: Option<String>,
) -> Result<Figures, Question> {
    if quantity.is_some_and(|quantity| kept(quantity) <= 0.0) {
        return Err(Question::Zero(shown(0.0)));
    }
    if quantity.is_some_and(|quantity| quantity > MOST_QUANTITY) {
        return Err(Question::TooLarge(shown(quantity.unwrap_or_default())));
    }
    let mut macros = [None; 3];
    for (place, grams) in macros.iter_mut().zip(amount.macros) {
        *place = grams.map(tenths).transpose()?;
    }
    Ok(Figures {
        quantity: quantity.map(kept),
        unit,
        kcal: whole(kcal)?,
        is_stated: true,
        macros,
        ..Figures::default()
    })
}

/// Quantity and unit as they are typed.
pub(super) fn literal(amount: &Amount) -> (Option<f64>, Option<String>) {
    let count = amount.count.as_ref().map(|count| count.value);
    match amount.measures.as_slice() {
        [] => (count, None),
        [(hours, unit)] if unit.measure == Measure::Clock => (
            Some(hours * 60.0 * count.unwrap_or(1.0)),
            Some(unit.name.to_owned()),
        ),
        [(number, unit)] => (Some(number * count.unwrap_or(1.0)), Some(unit.name.to_owned())),
        [(minutes, _), (hours, unit)] if unit.name == "h" => {
            (Some(hours * 60.0 + minutes), Some("min".to_owned()))
        }
        [(number, unit), ..] => (Some(*number), Some(unit.name.to_owned())),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a whole number from 0 to 5,000"
)]
pub(super) fn whole(kcal: f64) -> Result<u32, Question> {
    if kcal.is_finite() && kcal.round() <= MOST_KCAL {
        return Ok(kcal.round().max(0.0) as u32);
    }
    Err(Question::TooLarge(format!("{kcal:.0} kcal")))
}

#[expect(clippy::cast_possible_truncation, reason = "a number of at most 99,990")]
pub(super) fn tenths(grams: f64) -> Result<Grams, Question> {
    let most = f64::from(crate::MAX_GRAMS);
    if grams.is_finite() && grams <= most {
        return Ok(Grams::from_tenths((grams * 10.0).round() as i64));
    }
    Err(Question::TooLarge(format!("{grams:.0} g")))
}
