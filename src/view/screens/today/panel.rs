//! The side panel: the week of the shown day, and what is usual at this hour.

use caltrack_domain::{EnergyUnit, WeekStart, line::Reading};
use jiff::{ToSpan as _, civil::Date};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Modifier,
    text::{Line, Span},
    widgets::{Block, BorderType, Widget},
};

use crate::{
    app::{
        State,
        input::{action::Action, context::Context, mouse::Target},
        log::budget::Budget,
        tab::Tab,
    },
    view::{
        format,
        layout::{inset, take_bottom, take_left, take_top},
        screens::day_budget,
        theme::Theme,
        widgets::{gauge, text},
    },
};

/// Rows of the week's frame, without what is left of it.
const WEEK_ROWS: u16 = 9;
/// Columns of the weekday and of the kcal.
const LABEL: u16 = 5;
const FIGURE: u16 = 7;

/// Columns of the panel in a terminal of this width.
pub(super) const fn width(columns: u16) -> u16 {
    let third = columns * 3 / 10;
    if third > 56 { 56 } else { third }
}

pub(super) fn draw(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let mut rest = area;
    let rows = WEEK_ROWS + u16::from(state.shell.preferences.shows_week);
    let place = take_top(&mut rest, rows);
    let unit = format::unit_title(state.shell.display.energy, theme);
    week(state, theme, framed("This week", unit, theme, place, buf), buf);
    if rest.height >= 3 {
        usual(state, theme, rest, buf);
    }
}

fn framed(title: &str, right: Line<'_>, theme: &Theme, area: Rect, buf: &mut Buffer) -> Rect {
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.border)
        .title(Line::styled(format!(" {title} "), theme.muted))
        .title(right);
    let inner = block.inner(area);
    block.render(area, buf);
    inset(inner, 1)
}

/// The seven days of the week of a day, from the one that weeks start on.
fn days(day: Date, starts: WeekStart) -> impl Iterator<Item = Date> {
    let back = i64::from(day.weekday().since(starts.weekday()));
    let first = day.checked_sub(back.days()).unwrap_or(day);
    (0..7_i64).filter_map(move |after| first.checked_add(after.days()).ok())
}

fn week(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let mut rest = area;
    if state.shell.preferences.shows_week {
        let place = take_bottom(&mut rest, 1);
        week_rest(state, theme).render(place, buf);
    }
    let shown = state.log.day.date;
    let week: Vec<(Date, Option<Budget>)> = days(shown, state.shell.display.week_starts)
        .map(|day| (day, day_budget::of(state, day)))
        .collect();
    let highest = week
        .iter()
        .map(|(day, budget)| {
            let eaten = budget.map_or(0, Budget::eaten);
            eaten.max(i64::from(state.log.target_on(*day).kcal))
        })
        .max();
    let highest = highest.unwrap_or(0).max(1);
    for ((day, budget), y) in week.into_iter().zip(rest.y..rest.bottom()) {
        let place = Rect { y, height: 1, ..rest };
        theme.note(place, Target::Day(day));
        day_line(state, (day, budget, highest), theme, place, buf);
    }
}

/// A day: its bar, where its target is, and its kcal. Coming days are planned.
fn day_line(
    state: &State,
    (day, budget, highest): (Date, Option<Budget>, i64),
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let is_planned = day > state.shell.today();
    let label = if day == state.log.day.date {
        theme.strong
    } else {
        theme.muted
    };
    Span::styled(format::short_weekday(day), label).render(area, buf);
    let mut bar = area;
    take_left(&mut bar, LABEL);
    bar.width = bar.width.saturating_sub(FIGURE);
    let style = if is_planned { theme.muted } else { theme.consumed };
    let per_mille =
        |kcal: i64| u64::try_from(kcal.max(0)).unwrap_or(0).saturating_mul(1000) / highest.unsigned_abs();
    if let Some(budget) = budget {
        gauge::draw_alone(per_mille(budget.eaten()), style, bar, buf);
    }
    let target = per_mille(i64::from(state.log.target_on(day).kcal));
    let columns = u64::from(bar.width.saturating_sub(1));
    let x = u16::try_from(target.saturating_mul(columns) / 1000).unwrap_or(0);
    if let Some(cell) = buf.cell_mut((bar.x.saturating_add(x), bar.y))
        && bar.width > 0
    {
        let style = if cell.symbol() == " " {
            theme.muted
        } else {
            style.add_modifier(Modifier::REVERSED)
        };
        cell.set_symbol("┊").set_style(style);
    }
    let energy = state.shell.display.energy;
    let figure = budget.map_or_else(
        || "·".to_owned(),
        |budget| energy.of_kcal(budget.eaten()).to_string(),
    );
    Line::styled(figure, if is_planned { theme.muted } else { theme.text })
        .right_aligned()
        .render(area, buf);
}

/// What is left of the week's targets: of logged days what remains, of coming days all but what is planned.
/// kcal that are left of the week of the shown day.
pub(super) fn week_left(state: &State) -> i64 {
    let today = state.shell.today();
    days(state.log.day.date, state.shell.display.week_starts)
        .map(|day| match day_budget::of(state, day) {
            Some(budget) => budget.remaining,
            // A day that was not logged counts as its target.
            None if day < today => 0,
            None => i64::from(state.log.target_on(day).kcal),
        })
        .fold(0, i64::saturating_add)
}

fn week_rest<'a>(state: &State, theme: &Theme) -> Line<'a> {
    let left = week_left(state);
    let style = if left < 0 { theme.waiting } else { theme.good };
    Line::from(vec![
        Span::styled("left this week ", theme.muted),
        Span::styled(
            state.shell.display.energy.of_kcal(left).to_string(),
            style.add_modifier(Modifier::BOLD),
        ),
    ])
}

fn usual(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let usual = &state.screens.usual;
    let count = u16::try_from(usual.readings.len()).unwrap_or(u16::MAX);
    let mut rest = area;
    let place = take_top(&mut rest, count.max(2).saturating_add(2));
    let title = if usual.is_likely || usual.readings.is_empty() {
        "Usual at this hour"
    } else {
        "Often logged"
    };
    let add = state.shell.keymap.hint(Context::Tab(Tab::Today), Action::Add);
    // Its empty line offers them.
    let key = if usual.readings.is_empty() {
        Line::default()
    } else {
        Line::styled(format!(" {add} "), theme.muted).right_aligned()
    };
    let inner = framed(title, key, theme, place, buf);
    if usual.readings.is_empty() {
        let words = format!("What you log by {add} with a name is offered here.");
        let lines = text::wrap(&words, usize::from(inner.width), usize::from(inner.height));
        for (line, y) in lines.into_iter().zip(inner.y..inner.bottom()) {
            Line::styled(line, theme.muted).render(
                Rect {
                    y,
                    height: 1,
                    ..inner
                },
                buf,
            );
        }
        return;
    }
    for (reading, y) in usual.readings.iter().zip(inner.y..inner.bottom()) {
        reading_line(
            reading,
            state.shell.display.energy,
            theme,
            Rect {
                y,
                height: 1,
                ..inner
            },
            buf,
        );
    }
}

fn reading_line(reading: &Reading, energy: EnergyUnit, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let kcal: u32 = reading.items.iter().map(|item| item.kcal).sum();
    let columns = usize::from(area.width.saturating_sub(FIGURE));
    Line::styled(text::fit(&reading.line(), columns), theme.text).render(area, buf);
    Line::styled(energy.of_kcal(kcal.into()).to_string(), theme.muted)
        .right_aligned()
        .render(area, buf);
}
