//! Months as squares, one for each day, darker the more of its target is used.

use jiff::civil::Date;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Style,
    text::{Line, Span},
    widgets::Widget,
};

use super::day_budget;
use crate::{
    app::{State, input::mouse::Target},
    view::{format, layout, theme::Theme},
};

/// Columns that a month takes.
pub(super) const WIDTH: u16 = 20;
/// Rows of a month: its name, the weekdays, six weeks, and a blank one.
const ROWS: u16 = 9;

/// The month of a day, and as many before it as fit, the newest at the top; below them what the shades mean, in percent of the
/// target.
pub(super) fn draw(state: &State, selected: Date, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let mut rest = area;
    if area.height > ROWS {
        let legend = layout::take_bottom(&mut rest, 1);
        Line::styled("░<50 ▒<80 ▓≤100 █>100", theme.muted).render(legend, buf);
    }
    let mut month = Some(selected.first_of_month());
    while let Some(first) = month
        && rest.height + 1 >= ROWS
    {
        let place = layout::take_top(&mut rest, ROWS);
        draw_month(state, first, selected, theme, place, buf);
        month = first.yesterday().ok().map(Date::first_of_month);
    }
}

fn draw_month(state: &State, first: Date, selected: Date, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let mut rest = area;
    Line::styled(format::month(first), theme.strong).render(layout::take_top(&mut rest, 1), buf);
    let start = state.shell.display.week_starts.weekday();
    Line::styled(weekdays(start), theme.muted).render(layout::take_top(&mut rest, 1), buf);
    let mut week = Line::default();
    let columns = area.x..area.right();
    let before = usize::try_from(first.weekday().since(start)).unwrap_or(0);
    week.push_span("   ".repeat(before));
    let last = first.last_of_month();
    for day in std::iter::successors(Some(first), |day| day.tomorrow().ok()).take_while(|day| *day <= last) {
        let (symbol, style) = square(state, day, theme);
        let style = if day == selected { theme.selected } else { style };
        let x = columns.start + u16::try_from(week.width()).unwrap_or(0);
        if columns.contains(&x) && rest.height > 0 {
            let place = Rect {
                x,
                width: 2,
                height: 1,
                y: rest.y,
            };
            theme.note(place, Target::Day(day));
        }
        week.push_span(Span::styled(symbol, style));
        week.push_span(" ");
        if day.weekday() == start.wrapping_sub(1) || day == last {
            std::mem::take(&mut week).render(layout::take_top(&mut rest, 1), buf);
        }
    }
}

/// `Mo Tu We Th Fr Sa Su`, from the first day of a week.
fn weekdays(start: jiff::civil::Weekday) -> String {
    let mut words = Vec::new();
    for day in start.cycle_forward().take(7) {
        words.extend(format::weekday_of(day).get(..2));
    }
    words.join(" ")
}

/// The square of a day. Shades tell the steps apart without colours.
fn square(state: &State, day: Date, theme: &Theme) -> (&'static str, Style) {
    let Some(budget) = day_budget::of(state, day) else {
        return (" ·", theme.muted);
    };
    match budget.used_per_mille() {
        0..=499 => ("░░", theme.consumed),
        500..=799 => ("▒▒", theme.consumed),
        800..=1000 => ("▓▓", theme.consumed),
        1001.. => ("██", theme.consumed),
    }
}
