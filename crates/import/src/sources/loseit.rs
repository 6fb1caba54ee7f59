//! Lose It!: the weekly spreadsheet, and the food logs, exercise logs and weights of the full export.
//!
//! Source: headers that two public parsers read; dates are MM/DD/YYYY.

use crate::{
    date::DayOrder,
    layout::{Columns, Header, Layout, Negative},
};

pub(super) fn layout(header: &Header) -> Option<Layout> {
    let date = Some(header.find(&["date"])?);
    let deleted = header.find(&["deleted"]);
    if let (Some(weight), Some(_)) = (header.weight(), deleted) {
        let columns = Columns {
            date,
            deleted,
            weight: Some(weight),
            ..Columns::default()
        };
        return Some(american(Layout::new("weights", columns)));
    }
    let meal = header.find(&["meal", "type"])?;
    if !header.has(&["name", "quantity", "units"]) {
        return None;
    }
    let columns = Columns {
        date,
        deleted,
        meal: Some(meal),
        kind: Some(meal),
        name: header.find(&["name"]),
        quantity: header.find(&["quantity"]),
        unit: header.find(&["units"]),
        energy: Some(header.energy(&["calories"])?),
        ..Columns::default()
    };
    let layout = american(Layout::new("loseit", columns.with_grams(header)));
    Some(layout.warning("energy that HealthKit or a tracker reports as burned can count an exercise twice"))
}

fn american(layout: Layout) -> Layout {
    Layout {
        order: Some(DayOrder::MonthFirst),
        has_points: true,
        negative: Negative::Burned,
        ..layout
    }
}
