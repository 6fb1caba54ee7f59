//! All days, newest first, and the months as a heat map.

use caltrack_domain::EnergyUnit;
use jiff::civil::Date;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Style,
    text::{Line, Span},
    widgets::{Block, BorderType, Widget},
};

use super::{day_budget, frame, heat_map};
use crate::{
    app::{
        State, history_days,
        input::{action::Action, context::Context},
        log::budget::Budget,
        tab::Tab,
    },
    view::{
        format,
        layout::{first_shown, inset, take_bottom, take_top},
        theme::Theme,
        widgets::{gauge, popup, text},
    },
};

/// Columns from which the heat map has room.
const WIDE: u16 = 84;
/// Columns of a row from which the number of entries has room.
const COUNTED: u16 = 86;
/// Columns of the small bar.
const BAR: u16 = 12;

pub(super) fn draw(state: &State, username: &str, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let Some(mut rest) = frame::draw(state, username, theme, area, buf) else {
        return;
    };
    let days = history_days(state);
    let selected = state.screens.history.selected(days, state.shell.today());
    if rest.width >= WIDE {
        let map = Rect {
            x: rest.right() - heat_map::WIDTH - 2,
            width: heat_map::WIDTH + 1,
            ..rest
        };
        rest.width -= heat_map::WIDTH + 4;
        heat_map::draw(state, selected, theme, inset_top(map), buf);
    }
    let count = days.count();
    let place = format!(" {}/{count} ", days.line(selected) + 1);
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.border)
        .title(Line::styled(heading(rest.width.saturating_sub(2)), theme.muted))
        .title_bottom(Line::styled(
            format!(" in {} ", state.shell.display.energy.symbol()),
            theme.muted,
        ))
        .title_bottom(Line::styled(place, theme.muted).right_aligned());
    let inner = block.inner(rest);
    block.render(rest, buf);
    let height = usize::from(inner.height);
    let at = days.line(selected);
    let first = first_shown(at, count, height);
    for (line, y) in (first..count).zip(inner.y..inner.bottom()) {
        let place = Rect {
            y,
            height: 1,
            ..inner
        };
        theme.note_line(place, line, at);
        row(state, days.at(line), line == at, theme, place, buf);
    }
    if !state.overview.has_entries() {
        let mut below = inset(inner, 2);
        take_top(
            &mut below,
            u16::try_from(count).unwrap_or(u16::MAX).saturating_add(1),
        );
        first_steps(state, theme, below, buf);
    }
}

/// What to do where nothing was ever logged.
fn first_steps(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let key = |action| state.shell.keymap.hint(Context::Tab(Tab::History), action);
    let words = format!(
        "Each day that you log has its line here. {} adds an entry to the selected day, {} goes to another one.",
        key(Action::Add),
        key(Action::Jump)
    );
    let lines = text::wrap(&words, usize::from(area.width), usize::from(area.height));
    let lines = lines
        .into_iter()
        .map(|line| Line::styled(line, theme.muted).centered());
    popup::lines(lines, area, buf);
}

fn inset_top(area: Rect) -> Rect {
    let mut area = area;
    take_top(&mut area, 1);
    take_bottom(&mut area, 1);
    area
}

fn heading(width: u16) -> String {
    let mut heading = " day             consumed".to_owned();
    if width >= 50 {
        heading.push_str("  burned     net");
    }
    if width >= 64 {
        heading.push_str("    of the target");
    }
    if width >= 76 {
        heading.push_str("     weight");
    }
    if width >= COUNTED {
        heading.push_str("  entries");
    }
    heading.push(' ');
    heading
}

fn row(state: &State, day: Date, is_selected: bool, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let paint = |style: Style| if is_selected { theme.text } else { style };
    let budget = day_budget::of(state, day);
    let mut line = Line::raw(if is_selected { ">" } else { " " });
    let is_planned = day > state.shell.today();
    let label = format!("{} {day}  ", format::short_weekday(day));
    let style = if is_planned { theme.muted } else { theme.text };
    line.push_span(Span::styled(label, paint(style)));
    let energy = state.shell.display.energy;
    let shown = |kcal: i64| energy.of_kcal(kcal).to_string();
    let figure =
        |pick: fn(Budget) -> i64| budget.map_or_else(|| "·".to_owned(), |budget| shown(pick(budget)));
    let consumed = format!("{:>7}", figure(|budget| budget.consumed));
    line.push_span(Span::styled(consumed, paint(theme.consumed)));
    if area.width >= 50 {
        let burned = format!("{:>8}", figure(|budget| budget.burned));
        line.push_span(Span::styled(burned, paint(theme.burned)));
        line.push_span(Span::styled(
            format!("{:>8}", figure(|budget| budget.net)),
            paint(theme.text),
        ));
    }
    let bar = u16::try_from(line.width() + 2).unwrap_or(0);
    if area.width >= 64 {
        let percent = budget.map_or_else(String::new, |budget| format!("{} %", budget.used_percent()));
        line.push_span(" ".repeat(usize::from(BAR) + 2));
        line.push_span(Span::styled(format!("{percent:>7}"), paint(theme.muted)));
    }
    if area.width >= 76 {
        let measures = state.shell.display.measures;
        let weight = state.overview.weight_on(day);
        let weight = weight.map_or_else(String::new, |kg| format::weight(kg, measures));
        line.push_span(Span::styled(format!("{weight:>11}"), paint(theme.text)));
    }
    if area.width >= COUNTED {
        let stored = state.overview.days.get(&day).and_then(|day| day.entries);
        let entries = stored.map_or_else(|| "·".to_owned(), |entries| entries.to_string());
        line.push_span(Span::styled(format!("{entries:>9}"), paint(theme.muted)));
    }
    let used = line.width();
    let line = if is_selected {
        line.style(theme.selected)
    } else {
        line
    };
    line.render(area, buf);
    if let Some(budget) = budget
        && area.width >= 64
    {
        let place = Rect {
            x: area.x + bar,
            width: BAR,
            ..area
        };
        let style = if is_selected {
            theme.selected
        } else {
            theme.consumed
        };
        let rest = if is_selected { theme.selected } else { theme.border };
        gauge::draw(budget.used_per_mille(), style, rest, place, buf);
    }
    if let Some((words, style)) = note(budget, energy, is_planned, theme) {
        // With figures only where the row has room for them.
        let words = words
            .into_iter()
            .find(|words| used + text::width(words) < usize::from(area.width));
        let words = words.unwrap_or_default();
        Line::styled(words, paint(style))
            .right_aligned()
            .render(area, buf);
    }
}

/// What is special about a day, in more and in fewer words: changes that are queued, or that it is planned.
fn note(
    budget: Option<Budget>,
    energy: EnergyUnit,
    is_planned: bool,
    theme: &Theme,
) -> Option<(Vec<String>, Style)> {
    match budget
        .map(|budget| budget.queued)
        .filter(|queued| !queued.is_nothing())
    {
        Some(queued) => {
            let figures: Vec<String> = [queued.consumed, queued.burned]
                .into_iter()
                .filter(|kcal| *kcal != 0)
                .map(|kcal| format!("{:+}", energy.of_kcal(kcal)))
                .collect();
            let long = format!("{} queued", figures.join(" "));
            Some((vec![long, "queued".to_owned()], theme.waiting))
        }
        None => is_planned.then(|| (vec!["planned".to_owned()], theme.muted)),
    }
}
