//! kcal and macros of an amount of a food, an activity or an own entry.

mod activity;
mod figures;
mod food;
mod own;
mod portions;

pub(super) use figures::{Figures, MOST_PORTIONS, Named, stated};

use self::{activity::of_activity, food::of_food, own::of_own};
use super::{amount::Amount, known::Known, question::Question};

/// The readings of an amount of something known, likeliest first. A question in front of them means: none is likely enough.
pub(super) fn figures(
    known: Known<'_>,
    named: &Named<'_>,
    amount: &Amount,
    kg: f64,
) -> Vec<Result<Figures, Question>> {
    match known {
        Known::Food(food) => of_food(food, named, amount),
        Known::Activity(activity) => of_activity(activity, named, amount, kg),
        Known::Own(own) => of_own(own, named, amount),
    }
}
