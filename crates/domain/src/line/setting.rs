//! What a line is read with, besides its text.

use jiff::civil::Date;

use super::known::Lookup;
use crate::Category;

/// What a line is read with.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The day that a line without a day is for.
    pub today: Date,
    /// The hour of the day, 0 to 23: the meal of a food without a type.
    pub hour: i8,
    /// The listed categories.
    pub categories: &'a [Category],
    /// The user's weight in kg, for activities.
    pub kg: f64,
    /// Finds foods, activities and own names.
    pub lookup: &'a dyn Lookup,
}
