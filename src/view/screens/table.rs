//! The figures of the trends as a table.

use jiff::{ToSpan as _, civil::Date};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
    widgets::Widget,
};

use super::day_budget;
use crate::{
    app::State,
    view::{
        format,
        layout::{inset, take_top},
        theme::Theme,
        widgets::text,
    },
};

/// The figures of every day, newest first, from line `first`.
pub(super) fn draw(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let mut rest = inset(area, 1);
    let wide = rest.width >= 64;
    let mut heading = "day             consumed  burned     net  target".to_owned();
    if wide {
        heading.push_str("   weight    trend");
    }
    let widest = rest.width >= 80;
    if widest {
        heading.push_str("         spent");
    }
    let heading = text::fit(&heading, usize::from(rest.width));
    Line::styled(heading, theme.muted).render(take_top(&mut rest, 1), buf);
    let today = state.shell.today();
    let trends = &state.screens.trends;
    let lines = trends.first..usize::from(trends.range.days());
    let lines = lines.zip(rest.y..rest.bottom()).filter_map(|(line, y)| {
        let day = today.checked_sub(i64::try_from(line).ok()?.days()).ok()?;
        Some((day, Rect { y, height: 1, ..rest }))
    });
    for (day, place) in lines {
        row(state, day, (wide, widest), theme).render(place, buf);
    }
}

fn row<'a>(state: &State, day: Date, (wide, widest): (bool, bool), theme: &Theme) -> Line<'a> {
    let budget = day_budget::of(state, day);
    let energy = state.shell.display.energy;
    let figure =
        |value: Option<i64>| value.map_or_else(|| "·".to_owned(), |value| energy.of_kcal(value).to_string());
    let target = energy.of_kcal(state.log.target_on(day).kcal.into());
    let mut line = Line::from(vec![
        Span::styled(format!("{} {day}  ", format::short_weekday(day)), theme.text),
        Span::styled(
            format!("{:>8}", figure(budget.map(|budget| budget.consumed))),
            theme.consumed,
        ),
        Span::styled(
            format!("{:>8}", figure(budget.map(|budget| budget.burned))),
            theme.burned,
        ),
        Span::styled(
            format!("{:>8}", figure(budget.map(|budget| budget.net))),
            theme.text,
        ),
        Span::styled(format!("{target:>8}"), theme.muted),
    ]);
    if wide {
        let trend = &state.overview.trend;
        let at = trend.binary_search_by_key(&day, |known| known.date).ok();
        let at = at.and_then(|at| trend.get(at));
        let measures = state.shell.display.measures;
        let kg = |value: Option<f64>| {
            value.map_or_else(|| "·".to_owned(), |kg| format!("{:.1}", measures.of_kg(kg)))
        };
        line.push_span(Span::styled(
            format!("{:>9}", kg(at.and_then(|at| at.kg))),
            theme.text,
        ));
        line.push_span(Span::styled(
            format!("{:>9}", kg(at.map(|at| at.trend))),
            theme.muted,
        ));
    }
    if widest {
        let spent = &state.overview.expenditures;
        let at = spent.binary_search_by_key(&day, |spent| spent.date).ok();
        let words = at.and_then(|at| spent.get(at)).map_or_else(
            || "·".to_owned(),
            |spent| {
                let (kcal, deviation) = (spent.kcal, spent.deviation);
                format!(
                    "{:.0} ± {:.0}",
                    energy.of_estimate(kcal),
                    energy.of_estimate(deviation)
                )
            },
        );
        line.push_span(Span::styled(format!("{words:>14}"), theme.muted));
    }
    line
}
