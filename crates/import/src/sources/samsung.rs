//! Samsung Health: food intake, exercise and weight. The first line is metadata, names may have their data type before
//! them, and times are UTC.
//!
//! Source: a real export of May 2026; the meals' codes are those of Samsung's SDK.

use crate::layout::{Columns, Header, Layout};

pub(super) fn layout(header: &Header) -> Option<Layout> {
    let find = |name: &str| {
        let ends = |known: &String| known == name || known.rsplit('.').next() == Some(name);
        header.names().iter().position(ends)
    };
    let columns = Columns {
        date: Some(find("start_time")?),
        time: None,
        offset: Some(find("time_offset")?),
        note: find("comment"),
        ..Columns::default()
    };
    let energy = |name| {
        find(name).map(|column| crate::layout::Energy {
            column,
            unit: crate::layout::EnergyUnit::Kilocalories,
        })
    };
    let layout = if let Some(meal) = find("meal_type") {
        let columns = Columns {
            meal: Some(meal),
            name: find("name"),
            energy: Some(energy("calorie")?),
            protein: find("protein"),
            fat: find("total_fat"),
            carbohydrate: find("carbohydrate"),
            ..columns
        };
        Layout::new("samsung", columns).warning(
            "meal_type is a code: 100001 breakfast, 100002 lunch, 100003 dinner, 100004 to 100006 snacks",
        )
    } else if find("exercise_type").is_some() {
        let columns = Columns {
            name: find("title").or_else(|| find("exercise_custom_type")),
            energy: Some(energy("calorie")?),
            ..columns
        };
        Layout::new("samsung-exercise", columns).burning()
    } else {
        let columns = Columns {
            weight: Some((find("weight")?, Some(crate::model::WeightUnit::Kilograms))),
            ..columns
        };
        Layout::new("samsung", columns)
    };
    Some(Layout {
        has_points: true,
        ..layout
    })
}
