//! `SparkyFitness`: the food diary.
//!
//! Source: SparkyFitness@4879b85, `FoodDiaryImportCSV.tsx`.

use crate::layout::{Columns, Header, Layout};

pub(super) fn layout(header: &Header) -> Option<Layout> {
    if !header.has(&["date", "meal_type", "food_name"]) {
        return None;
    }
    let columns = Columns {
        date: header.find(&["date"]),
        meal: header.find(&["meal_type"]),
        name: header.find(&["food_name"]),
        quantity: header.find(&["quantity"]),
        unit: header.find(&["unit"]),
        energy: Some(header.energy(&["calories", "energy"])?),
        ..Columns::default()
    };
    Some(Layout::new("sparkyfitness", columns.with_grams(header)))
}
