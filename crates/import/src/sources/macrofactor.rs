//! `MacroFactor`: the diary export and the sheets of its workbook.
//!
//! Source: the header of a real diary of October 2026; sheets as public importers read them.

use crate::layout::{Columns, Header, Layout};

pub(super) fn layout(header: &Header) -> Option<Layout> {
    let date = Some(header.find(&["date"])?);
    let energy = header.energy(&["calories", "energy"]);
    if let (Some(name), Some(_), true) = (
        header.find(&["food name"]),
        energy,
        header.has_any(&["serving size", "serving qty"]),
    ) {
        let columns = Columns {
            date,
            time: header.find(&["time"]),
            name: Some(name),
            quantity: header.find(&["serving qty"]),
            unit: header.find(&["serving size"]),
            energy,
            ..Columns::default()
        };
        return Some(pointed(Layout::new("macrofactor", columns.with_grams(header))));
    }
    let days = header.has_any(&["protein (g)"]) && header.has_any(&["carbs (g)"]);
    // Every column but the date's has a unit.
    let is_day = header
        .names()
        .iter()
        .all(|name| name == "date" || name.is_empty() || name.contains('('));
    if energy.is_some() && days && is_day && header.weight().is_none() {
        let columns = Columns {
            date,
            energy,
            ..Columns::default()
        };
        return Some(pointed(
            Layout::new("macrofactor", columns.with_grams(header)).of_days(),
        ));
    }
    None
}

fn pointed(layout: Layout) -> Layout {
    Layout {
        has_points: true,
        ..layout
    }
}
