//! The share of each type in what was eaten and drunk: a bar with its legend, and the same as a table.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
    widgets::Widget,
};

use crate::{
    app::State,
    view::{
        layout::{take_bottom, take_top},
        theme::Theme,
        widgets::text,
    },
};

/// The patterns of the largest types, which differ without colours; the other types share the last one.
const PATTERNS: [&str; 5] = ["█", "▓", "▒", "░", "·"];
/// Columns of a type's name, its energy and its share.
const NAME: usize = 16;
const ENERGY: usize = 10;
const SHARE: usize = 8;

/// A part of the bar.
struct Part<'a> {
    name: &'a str,
    kcal: i64,
}

/// The largest types, and the rest as one.
fn parts(state: &State) -> Vec<Part<'_>> {
    let list = &state.shares.list;
    let named = if list.len() > PATTERNS.len() {
        PATTERNS.len() - 1
    } else {
        list.len()
    };
    let mut parts: Vec<Part<'_>> = list
        .iter()
        .take(named)
        .map(|share| Part {
            name: &share.kind,
            kcal: share.kcal,
        })
        .collect();
    let rest: i64 = list.iter().skip(named).map(|share| share.kcal).sum();
    if rest > 0 {
        parts.push(Part {
            name: "others",
            kcal: rest,
        });
    }
    parts
}

fn total(state: &State) -> i64 {
    state
        .shares
        .list
        .iter()
        .map(|share| share.kcal)
        .sum::<i64>()
        .max(1)
}

/// The share in hundredths, to the nearest.
const fn percent(kcal: i64, total: i64) -> i64 {
    (kcal.saturating_mul(200) + total) / total.saturating_mul(2)
}

/// A stacked bar over its legend.
pub(super) fn bar(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let mut rest = area;
    let legend = take_bottom(&mut rest, 1);
    let (parts, total) = (parts(state), total(state));
    let columns = i64::from(rest.width);
    let (mut sum, mut from) = (0_i64, 0_i64);
    let mut bar = Line::default();
    let mut words = Line::default();
    for (part, pattern) in parts.iter().zip(PATTERNS) {
        sum += part.kcal;
        // Ends are rounded, so that the parts fill the bar.
        let to = sum.saturating_mul(columns) / total;
        let width = usize::try_from(to - from).unwrap_or(0);
        from = to;
        bar.push_span(Span::styled(pattern.repeat(width), theme.consumed));
        let gap = if words.spans.is_empty() { "" } else { "   " };
        let share = percent(part.kcal, total);
        let word = format!(" {} {share} %", text::fit(part.name, NAME));
        if words.width() + gap.len() + 1 + text::width(&word) > usize::from(legend.width) {
            break;
        }
        words.push_span(gap);
        words.push_span(Span::styled(pattern, theme.consumed));
        words.push_span(Span::styled(word, theme.muted));
    }
    bar.render(rest, buf);
    words.render(legend, buf);
}

/// A row for each type.
pub(super) fn table(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let mut rest = area;
    take_top(&mut rest, 1);
    let (energy, total) = (state.shell.display.energy, total(state));
    let heading = format!("{:<NAME$}{:>ENERGY$}{:>SHARE$}", "type", energy.symbol(), "share");
    Line::styled(heading, theme.muted).render(take_top(&mut rest, 1), buf);
    for share in &state.shares.list {
        if rest.height == 0 {
            break;
        }
        let percent = format!("{} %", percent(share.kcal, total));
        Line::from(vec![
            Span::styled(text::column(&share.kind, NAME), theme.text),
            Span::styled(format!("{:>ENERGY$}", energy.of_kcal(share.kcal)), theme.consumed),
            Span::styled(format!("{percent:>SHARE$}"), theme.text),
        ])
        .render(take_top(&mut rest, 1), buf);
    }
}
