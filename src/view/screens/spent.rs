//! The expenditure as a line, with the edges of its band.

use caltrack_domain::weight::Expenditure;
use jiff::civil::Date;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    symbols::Marker,
    widgets::{Axis, Chart, Dataset, GraphType, Widget},
};

use super::weight::{days_bounds, marker};
use crate::{app::State, view::theme::Theme};

/// Draws the days from `first` to `last`.
pub(super) fn draw(state: &State, (first, last): (Date, Date), theme: &Theme, area: Rect, buf: &mut Buffer) {
    let energy = state.shell.display.energy;
    let day = |date: Date| first.until(date).map_or(0.0, |span| f64::from(span.get_days()));
    let shown = state.overview.expenditures.iter();
    let shown: Vec<&Expenditure> = shown
        .filter(|spent| (first..=last).contains(&spent.date))
        .collect();
    let line = |deviations: f64| -> Vec<(f64, f64)> {
        let each = shown.iter();
        each.map(|spent| {
            let kcal = spent.kcal + deviations * spent.deviation;
            (day(spent.date), energy.of_estimate(kcal))
        })
        .collect()
    };
    let (low, middle, high) = (line(-1.0), line(0.0), line(1.0));
    let lowest = low.iter().fold(f64::MAX, |lowest, (_, kcal)| lowest.min(*kcal));
    let highest = high
        .iter()
        .fold(f64::MIN, |highest, (_, kcal)| highest.max(*kcal));
    if lowest > highest {
        return;
    }
    let (lowest, highest) = ((lowest / 100.0).floor() * 100.0, (highest / 100.0).ceil() * 100.0);
    let labels = [format!("{lowest:>5.0}"), format!("{highest:>5.0}")];
    let edge = |data| {
        Dataset::default()
            .marker(Marker::Dot)
            .style(theme.muted)
            .data(data)
    };
    let sets = vec![
        edge(&low),
        edge(&high),
        Dataset::default()
            .marker(marker(state))
            .graph_type(GraphType::Line)
            .style(theme.burned)
            .data(&middle),
    ];
    Chart::new(sets)
        .x_axis(Axis::default().bounds(days_bounds(day(last))).style(theme.border))
        .y_axis(
            Axis::default()
                .bounds([lowest, highest])
                .labels(labels)
                .style(theme.muted),
        )
        .render(area, buf);
}
