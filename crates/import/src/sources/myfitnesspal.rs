//! `MyFitnessPal`: the summaries of nutrition, exercise and measurements.
//!
//! Source: real exports of 2018 (with a byte-order mark), 2025 and 2026.

use crate::{
    layout::{Columns, Header, Layout},
    model::EnergyKind,
};

pub(super) fn layout(header: &Header) -> Option<Layout> {
    let date = Some(header.find(&["date"])?);
    let energy = header.energy(&["calories", "energy", "exercise calories"]);
    if header.has(&["exercise"]) && energy.is_some() {
        let columns = Columns {
            date,
            name: header.find(&["exercise"]),
            note: header.find(&["note"]),
            minutes: header.find(&["exercise minutes"]),
            energy,
            ..Columns::default()
        };
        let layout = Layout {
            rows: EnergyKind::Burned,
            has_points: true,
            ..Layout::new("myfitnesspal-exercise", columns)
        };
        return Some(layout.warning(
            "an “adjustment” row comes from a step counter, and can count an exercise twice: delete what is doubled",
        ));
    }
    if header.has(&["meal"]) && energy.is_some() {
        let columns = Columns {
            date,
            time: header.find(&["time"]),
            meal: header.find(&["meal"]),
            note: header.find(&["note"]),
            energy,
            ..Columns::default()
        };
        return Some(Layout {
            has_points: true,
            ..Layout::new("myfitnesspal", columns.with_grams(header))
        });
    }
    // A log of lifted weights is none of bodies.
    if header.has_any(&["exercise", "reps", "sets", "workout name", "metric"]) {
        return None;
    }
    let columns = Columns {
        date,
        weight: Some(header.weight()?),
        unit: header.find(&["unit"]),
        ..Columns::default()
    };
    energy.is_none().then(|| Layout::new("weights", columns))
}
