//! Cronometer: servings, daily summary, exercises and biometrics.
//!
//! Source: headers of real exports of 2012 to 2026; `Time` exists for Gold accounts only.

use crate::layout::{Columns, Header, Layout};

pub(super) fn layout(header: &Header) -> Option<Layout> {
    let day = header.find(&["day"]);
    let energy = header.energy(&["energy"]);
    if let (Some(_), Some(name), Some(_)) = (day, header.find(&["food name"]), energy) {
        let columns = Columns {
            date: day,
            time: header.find(&["time"]),
            meal: header.find(&["group"]),
            name: Some(name),
            amount: header.find(&["amount"]),
            energy,
            ..Columns::default()
        };
        return Some(pointed(Layout::new("cronometer", columns.with_grams(header))));
    }
    let burned = header.energy(&["calories burned", "energy burned"]);
    if let (Some(_), Some(name), Some(_)) = (day, header.find(&["exercise"]), burned) {
        let columns = Columns {
            date: day,
            time: header.find(&["time"]),
            name: Some(name),
            minutes: header.find(&["minutes"]),
            energy: burned,
            ..Columns::default()
        };
        return Some(pointed(Layout::new("cronometer-exercises", columns).burning()));
    }
    let date = header.find(&["date"]);
    if date.is_some() && energy.is_some() && header.has_any(&["completed", "net carbs (g)", "alcohol (g)"]) {
        let columns = Columns {
            date,
            energy,
            ..Columns::default()
        };
        return Some(pointed(
            Layout::new("cronometer", columns.with_grams(header)).of_days(),
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

/// The columns of biometrics, one measurement a row.
pub(crate) struct Biometrics {
    pub(crate) date: usize,
    pub(crate) metric: usize,
    pub(crate) unit: usize,
    pub(crate) amount: usize,
}

pub(crate) fn biometrics(header: &Header) -> Option<Biometrics> {
    Some(Biometrics {
        date: header.find(&["day", "date"])?,
        metric: header.find(&["metric"])?,
        unit: header.find(&["unit"])?,
        amount: header.find(&["amount"])?,
    })
}
