//! The day's budget: what remains, what it follows from, and a bar.

use caltrack_domain::{EnergyUnit, Macros, library::Plan};
use ratatui::{
    buffer::Buffer,
    layout::{Alignment, Rect},
    style::{Modifier, Style},
    text::{Line, Span},
    widgets::Widget,
};

use crate::{
    app::{State, log::budget::Budget, plan},
    view::{
        layout::{inset, take_top},
        screens::today::panel,
        theme::Theme,
        widgets::{gauge, popup, text},
    },
};

/// Rows of a terminal from which macros have a line of their own.
const MACRO_ROWS: u16 = 13;
/// Rows of a terminal from which the bar has two.
const TALL: u16 = 30;

/// Draws it at the top of `rest`, in a body of `height` rows, and takes its rows.
/// `has_panel` is whether the side panel is shown, which has what is left of the week.
pub(super) fn draw(
    state: &State,
    theme: &Theme,
    (height, has_panel): (u16, bool),
    rest: &mut Rect,
    buf: &mut Buffer,
) {
    let columns = usize::from(rest.width).saturating_sub(4);
    let week = state.shell.preferences.shows_week && !has_panel;
    let week = week.then(|| panel::week_left(state));
    let lines = figures(state, theme, columns, (height >= MACRO_ROWS, week));
    let rows = u16::try_from(lines.len()).unwrap_or(3);
    popup::lines(lines, inset(take_top(rest, rows), 2), buf);
    let rows = if height >= TALL { 2 } else { 1 };
    bar(state, theme, inset(take_top(rest, rows), 2), buf);
}

/// The budget, once the totals are known.
fn budget(state: &State) -> Option<Budget> {
    let totals = state.log.day.totals.as_ref()?;
    Some(Budget::of(totals, state.log.day.queued, state.log.target()))
}

/// A word and its figure.
struct Figure {
    word: &'static str,
    value: String,
    style: Style,
}

impl Figure {
    fn new(word: &'static str, value: String, style: Style) -> Self {
        Self { word, value, style }
    }

    fn width(&self) -> usize {
        self.word.len() + 1 + text::width(&self.value)
    }
}

/// The figures in as few lines as the width allows: first what remains.
fn figures<'a>(
    state: &State,
    theme: &Theme,
    columns: usize,
    (with_macros, week): (bool, Option<i64>),
) -> Vec<Line<'a>> {
    let budget = budget(state);
    let over = budget.is_some_and(|budget| budget.remaining < 0);
    let energy = state.shell.display.energy;
    let shown = |kcal: i64| energy.of_kcal(kcal).to_string();
    let figure = |pick: fn(Budget) -> i64| budget.map_or_else(|| "–".to_owned(), |b| shown(pick(b)));
    let with_queued = |figure: String, queued: i64| match queued {
        0 => figure,
        queued => format!("{figure} ({:+} queued)", energy.of_kcal(queued)),
    };
    let queued = state.log.day.queued;
    let target = shown(state.log.target().kcal.into());
    // Without a word, figures are kcal.
    let target = match energy {
        EnergyUnit::Kcal => target,
        EnergyUnit::Kilojoule => format!("{target} kJ"),
    };
    let remaining = if over { theme.waiting } else { theme.good };
    let consumed = with_queued(figure(|b| b.consumed), queued.consumed);
    let burned = with_queued(figure(|b| b.burned), queued.burned);
    let mut figures = vec![
        Figure::new("remaining", figure(|b| b.remaining), remaining),
        Figure::new("consumed", consumed, theme.consumed),
        Figure::new("burned", burned, theme.burned),
        Figure::new("net", figure(|b| b.net), theme.text),
        Figure::new("target", target, theme.text),
    ];
    figures.extend(week.map(|left| {
        let style = if left < 0 { theme.waiting } else { theme.good };
        Figure::new("left this week", shown(left), style)
    }));
    let mut lines = lines(&figures, columns, theme);
    let macros = state.log.day.macros().filter(|macros| !macros.is_nothing());
    if let Some(macros) = macros {
        let line = self::macros(macros, plan(state), theme);
        match lines.last_mut() {
            Some(last) if last.width() + 4 + line.width() <= columns => {
                last.push_span("    ");
                last.spans.extend(line.spans);
            }
            _ if with_macros => lines.push(line),
            _ => {}
        }
    }
    lines
}

/// Words and figures, as many on a line as fit.
fn lines<'a>(figures: &[Figure], columns: usize, theme: &Theme) -> Vec<Line<'a>> {
    let words: usize = figures.iter().map(Figure::width).sum();
    let gap = if words + 4 * figures.len().saturating_sub(1) <= columns {
        4
    } else {
        2
    };
    let mut lines = vec![Line::default()];
    for figure in figures {
        let full = lines
            .last()
            .is_some_and(|line| line.width() > 0 && line.width() + gap + figure.width() > columns);
        if full {
            lines.push(Line::default());
        }
        if let Some(line) = lines.last_mut() {
            if line.width() > 0 {
                line.push_span(" ".repeat(gap));
            }
            push(line, figure, theme);
        }
    }
    lines
}

fn push(line: &mut Line<'_>, figure: &Figure, theme: &Theme) {
    // The first figure is what the screen is for.
    let is_first = line.spans.is_empty() && figure.word == "remaining";
    let word = if is_first { theme.strong } else { theme.muted };
    line.push_span(Span::styled(figure.word, word));
    line.push_span(Span::styled(
        format!(" {}", figure.value),
        figure.style.add_modifier(Modifier::BOLD),
    ));
}

/// `protein 71  carbs 150/230  fat 42`, in g, with the targets that there are.
fn macros<'a>(macros: Macros, plan: Plan, theme: &Theme) -> Line<'a> {
    let mut line = Line::default();
    for (word, grams, target) in [
        ("protein", macros.protein, plan.protein),
        ("carbs", macros.carbohydrate, plan.carbohydrate),
        ("fat", macros.fat, plan.fat),
    ] {
        if line.width() > 0 {
            line.push_span("  ");
        }
        line.push_span(Span::styled(word, theme.muted));
        let target = target.map_or_else(String::new, |target| format!("/{target}"));
        line.push_span(Span::styled(format!(" {grams}{target}"), theme.text));
    }
    line
}

fn bar(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let (used, percent) =
        budget(state).map_or((0, 0), |budget| (budget.used_per_mille(), budget.used_percent()));
    let style = match used {
        0..=899 => theme.good,
        900.. => theme.waiting,
    };
    let percent = format!("{percent:>5} %");
    let columns = u16::try_from(percent.len() + 1).unwrap_or(8).min(area.width);
    for y in area.top()..area.bottom() {
        let bar = Rect {
            y,
            height: 1,
            width: area.width - columns,
            ..area
        };
        gauge::draw(used, style, theme.border, bar, buf);
    }
    // A style of the line would cover the bar too.
    Line::from(Span::styled(percent, style))
        .alignment(Alignment::Right)
        .render(area, buf);
}
