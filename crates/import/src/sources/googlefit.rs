//! Google Fit: the daily activity metrics of Takeout, of which only the weight is the user's own.
//!
//! Source: Takeout headers in public tests; the first column's name is localised.

use crate::layout::{Columns, Header, Layout};

pub(super) fn layout(header: &Header) -> Option<Layout> {
    if !header.has_any(&["step count", "move minutes count", "heart points"]) {
        return None;
    }
    let columns = Columns {
        date: Some(header.find(&["date"]).unwrap_or(0)),
        weight: Some(header.weight()?),
        ..Columns::default()
    };
    let layout = Layout {
        has_points: true,
        ..Layout::new("googlefit", columns)
    };
    Some(layout.warning(
        "Calories (kcal) is the expenditure of the whole day, at rest included: it is neither eaten nor exercise",
    ))
}
