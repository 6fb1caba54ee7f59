//! Weigh-ins as dots, and their trend as a line.

use caltrack_domain::Marker as Drawn;
use jiff::civil::Date;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    symbols::Marker,
    widgets::{Axis, Chart, Dataset, GraphType, Widget},
};

use crate::{app::State, view::theme::Theme};

/// The characters of lines.
pub(super) const fn marker(state: &State) -> Marker {
    match state.shell.display.marker {
        Drawn::Dot => Marker::Dot,
        // Not as the weigh-ins, which are dots.
        _ if state.shell.is_ascii => Marker::Bar,
        Drawn::Braille => Marker::Braille,
        Drawn::Block => Marker::HalfBlock,
    }
}

/// The ends of an axis of days, half a day outside of the first and the last one: a point is in the middle of its day's bar.
pub(super) const fn days_bounds(last: f64) -> [f64; 2] {
    [-0.5, last + 0.5]
}

/// Draws the days from `first` to `last`, and the goal in kg if there is one; nothing without weigh-ins in them.
pub(super) fn draw(
    state: &State,
    goal: Option<f64>,
    (first, last): (Date, Date),
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let measures = state.shell.display.measures;
    let trend = &state.overview.trend;
    let goal = goal.map(|kg| measures.of_kg(kg));
    let day = |date: Date| first.until(date).map_or(0.0, |span| f64::from(span.get_days()));
    let shown = || trend.iter().filter(|known| (first..=last).contains(&known.date));
    let line: Vec<(f64, f64)> = shown()
        .map(|known| (day(known.date), measures.of_kg(known.trend)))
        .collect();
    let dots: Vec<(f64, f64)> = shown()
        .filter_map(|known| Some((day(known.date), measures.of_kg(known.kg?))))
        .collect();
    let (low, high) = line
        .iter()
        .chain(&dots)
        .fold((f64::MAX, f64::MIN), |(low, high), (_, kg)| {
            (low.min(*kg), high.max(*kg))
        });
    if low > high {
        return;
    }
    let (low, high) = goal.map_or((low, high), |kg| (low.min(kg), high.max(kg)));
    // Every third day: a dashed line.
    let days = (0_u16..)
        .map(f64::from)
        .step_by(3)
        .take_while(|at| *at <= day(last));
    let goal: Vec<(f64, f64)> = days.filter_map(|at| Some((at, goal?))).collect();
    let (low, high) = ((low - 0.5).floor(), (high + 0.5).ceil());
    let labels = [format!("{low:>5.0}"), format!("{high:>5.0}")];
    let sets = vec![
        Dataset::default()
            .marker(Marker::Dot)
            .style(theme.muted)
            .data(&goal),
        Dataset::default()
            .marker(Marker::Dot)
            .style(theme.text)
            .data(&dots),
        Dataset::default()
            .marker(marker(state))
            .graph_type(GraphType::Line)
            .style(theme.good)
            .data(&line),
    ];
    Chart::new(sets)
        .x_axis(Axis::default().bounds(days_bounds(day(last))).style(theme.border))
        .y_axis(
            Axis::default()
                .bounds([low, high])
                .labels(labels)
                .style(theme.muted),
        )
        .render(area, buf);
}
