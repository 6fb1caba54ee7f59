//! Consumed kcal as bars against the target, with their running mean.

use caltrack_domain::EnergyUnit;
use jiff::{ToSpan as _, civil::Date};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
    text::Line,
    widgets::Widget,
};

use super::day_budget;
use crate::{
    app::{State, input::mouse::Target, log::budget::Budget},
    view::{format, layout, theme::Theme},
};

/// Columns of the axis.
const AXIS: u16 = 6;
/// Days of the running mean.
const MEAN: i64 = 7;
/// The widest bar; wider ones say nothing more.
const MAX_BAR: u16 = 24;
const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// A bar: the mean of the logged days of one or more days.
struct Bar {
    first: Date,
    consumed: Option<i64>,
    burned: Option<i64>,
    target: i64,
    mean: Option<i64>,
}

/// How many days a bar stands for, and how many bars of how many columns there are.
struct Layout {
    days: u16,
    bars: u16,
    columns: u16,
}

impl Layout {
    /// The layout of `count` days in `width` columns, of which there are some.
    fn of(count: u16, width: u16) -> Self {
        let days = count.div_ceil(width.max(1)).max(1);
        let bars = count.div_ceil(days).max(1);
        Self {
            days,
            bars,
            columns: (width / bars).clamp(1, MAX_BAR),
        }
    }
}

/// The columns of a chart of `count` days with its axis, of at most `width`. Charts below each other have the same, so that a
/// day has its place in all of them.
pub(super) fn width(count: u16, width: u16) -> u16 {
    let layout = Layout::of(count, width.saturating_sub(AXIS));
    (layout.columns * layout.bars + AXIS).min(width)
}

/// Draws the days up to `last`, as many as `count`.
pub(super) fn draw(state: &State, last: Date, count: u16, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let mut rest = area;
    let below = layout::take_bottom(&mut rest, 1);
    layout::take_left(&mut rest, AXIS);
    if rest.width == 0 || rest.height == 0 {
        return;
    }
    let layout = Layout::of(count, rest.width);
    let bars = bars(state, last, count, layout.days);
    let highest = bars
        .iter()
        .map(|bar| bar.consumed.max(bar.burned).unwrap_or(0).max(bar.target))
        .max();
    let energy = state.shell.display.energy;
    let top = axis_top(energy, highest.unwrap_or(0));
    let highest = energy.to_kcal(top).max(1);
    let columns = layout.columns;
    axis(
        top,
        theme,
        Rect {
            width: AXIS,
            x: area.x,
            ..rest
        },
        buf,
    );
    for (bar, x) in bars.iter().zip((rest.x..).step_by(usize::from(columns))) {
        let place = Rect {
            x,
            width: columns,
            ..rest
        };
        // With its label below.
        let with_label = Rect {
            height: place.height + 1,
            ..place
        };
        theme.note(with_label, Target::Day(bar.first));
        bar.draw(highest, theme, place, buf);
        if columns >= 5 {
            let label = format::short_weekday(bar.first);
            Line::styled(label, theme.muted).render(
                Rect {
                    x,
                    width: columns,
                    ..below
                },
                buf,
            );
        }
    }
    if columns < 5
        && let Some(first) = bars.first()
    {
        let place = Rect {
            x: rest.x,
            width: (columns * layout.bars).min(rest.width),
            ..below
        };
        Line::styled(first.first.to_string(), theme.muted).render(place, buf);
        if place.width >= 24 {
            Line::styled(last.to_string(), theme.muted)
                .right_aligned()
                .render(place, buf);
        }
    }
}

/// The end of the axis in the shown unit: a round figure that no bar exceeds.
fn axis_top(energy: EnergyUnit, highest: i64) -> i64 {
    let step = match energy {
        EnergyUnit::Kcal => 500,
        EnergyUnit::Kilojoule => 2_000,
    };
    let shown = energy.of_kcal(highest.max(1));
    (shown + step - 1) / step * step
}

/// The figures of the axis, in the shown unit.
fn axis(top: i64, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let label = |value: i64, y: u16, buf: &mut Buffer| {
        let place = Rect {
            y,
            height: 1,
            width: AXIS - 1,
            ..area
        };
        Line::styled(value.to_string(), theme.muted)
            .right_aligned()
            .render(place, buf);
    };
    label(top, area.y, buf);
    if area.height >= 6 {
        label(top / 2, area.y + area.height / 2, buf);
    }
    label(0, area.bottom() - 1, buf);
}

/// The bars of `count` days, `per_bar` days each; the first one has what is left.
fn bars(state: &State, last: Date, count: u16, per_bar: u16) -> Vec<Bar> {
    let bar_count = i64::from(count.div_ceil(per_bar.max(1)));
    let (count, per_bar) = (i64::from(count), i64::from(per_bar));
    let consumed = |day: Date| day_budget::of(state, day).map(Budget::eaten);
    let burned = |day: Date| day_budget::of(state, day).map(Budget::exerted);
    let mean_of = |figure: &dyn Fn(Date) -> Option<i64>, first: Date, days: i64| {
        let logged = (0..days).filter_map(|day| figure(first.checked_add(day.days()).ok()?));
        let (sum, count) = logged.fold((0_i64, 0_i64), |(sum, count), kcal| {
            (sum.saturating_add(kcal), count + 1)
        });
        (count > 0).then(|| sum / count.max(1))
    };
    (0..bar_count)
        .rev()
        .filter_map(|ago| {
            let end = ago * per_bar;
            let days = per_bar.min(count - end);
            let first = last.checked_sub((end + days - 1).days()).ok()?;
            let window = first.checked_sub((MEAN - 1).days()).ok()?;
            Some(Bar {
                first,
                consumed: mean_of(&consumed, first, days),
                burned: mean_of(&burned, first, days),
                target: i64::from(state.log.target_on(first).kcal),
                mean: mean_of(&consumed, window, MEAN + days - 1),
            })
        })
        .collect()
}

impl Bar {
    fn draw(&self, highest: i64, theme: &Theme, area: Rect, buf: &mut Buffer) {
        let rows = i64::from(area.height);
        let eighths = |value: i64| value.saturating_mul(rows * 8) / highest;
        let filled = self.consumed.map_or(0, eighths);
        let gap = u16::from(area.width >= 2);
        let target = row_of(eighths(self.target), rows);
        // A low chart has no room for it.
        let mean = self
            .mean
            .filter(|_| rows >= 5)
            .map(|mean| row_of(eighths(mean), rows));
        let burned = self
            .burned
            .filter(|burned| rows >= 5 && *burned > 0)
            .map(|burned| row_of(eighths(burned), rows));
        for (row, y) in (0..rows).zip((area.top()..area.bottom()).rev()) {
            let level = usize::try_from((filled - row * 8).clamp(0, 8)).unwrap_or(0);
            for x in area.left()..area.right() {
                let is_bar = x < area.right() - gap;
                let (symbol, style) = if mean == Some(row) && x == area.left() + (area.width - gap) / 2 {
                    ("•", mark(level, theme))
                } else if is_bar && burned == Some(row) {
                    (
                        "━",
                        if level == 8 {
                            burned_on_bar(theme)
                        } else {
                            theme.burned
                        },
                    )
                } else if is_bar && level > 0 {
                    (EIGHTHS.get(level).copied().unwrap_or("█"), theme.consumed)
                } else if target == row {
                    ("┈", theme.muted)
                } else {
                    continue;
                };
                if let Some(cell) = buf.cell_mut((x, y)) {
                    cell.set_symbol(symbol).set_style(style);
                }
            }
        }
    }
}

/// The style of the running mean's mark, on a bar or above it.
fn mark(level: usize, theme: &Theme) -> Style {
    if level == 8 {
        theme.consumed.add_modifier(Modifier::REVERSED)
    } else {
        theme.strong
    }
}

/// The style of the burned kcal's mark on a bar.
fn burned_on_bar(theme: &Theme) -> Style {
    theme.consumed.add_modifier(Modifier::REVERSED)
}

/// The row of a height in eighths.
fn row_of(eighths: i64, rows: i64) -> i64 {
    ((eighths - 1).max(0) / 8).min(rows - 1)
}

#[cfg(test)]
mod tests {
    use super::Layout;

    #[test]
    fn bars_fill_the_width_and_have_all_days() {
        for count in [7, 30, 90, 365] {
            for width in 1..400 {
                let Layout { days, bars, columns } = Layout::of(count, width);
                assert!(
                    days * bars >= count && days * (bars - 1) < count,
                    "{count} in {width}"
                );
                assert!(columns * bars <= width, "{count} in {width}");
            }
        }
    }
}
