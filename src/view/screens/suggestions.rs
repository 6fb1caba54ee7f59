//! What fits into the rest of the day, and the library below it.

use caltrack_domain::{EnergyUnit, weight::bmi_class};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Modifier,
    text::{Line, Span},
    widgets::{Block, BorderType, Widget},
};

use super::frame;
use crate::{
    app::{
        State,
        input::{action::Action, context::Context},
        remaining_today,
        screens::suggestions::Suggestion,
        tab::Tab,
    },
    view::{
        format,
        layout::{first_shown, inset, take_bottom, take_right, take_top},
        theme::Theme,
        widgets::text,
    },
};

/// Rows from which the library is listed too.
const TALL: u16 = 16;
/// Columns from which it is listed beside the suggestions.
const WIDE: u16 = 110;
/// Columns of the kcal, the quantity and the source.
const KCAL: usize = 6;
const AMOUNT: usize = 14;
const SOURCE: usize = 14;
/// Columns of a row from which the quantity and the source have room.
const WITH_AMOUNT: usize = 42;
const WITH_SOURCE: usize = 60;

pub(super) fn draw(state: &State, username: &str, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let Some(mut rest) = frame::draw(state, username, theme, area, buf) else {
        return;
    };
    let place = inset(take_top(&mut rest, 1), 1);
    summary(state, theme, usize::from(place.width)).render(place, buf);
    if rest.width >= WIDE {
        let columns = rest.width / 3;
        library(state, theme, take_right(&mut rest, columns), buf);
    } else if rest.height >= TALL {
        let items = state.saved.items().len();
        let rows = u16::try_from(items.max(2) + 2)
            .unwrap_or(u16::MAX)
            .min(rest.height / 3);
        library(state, theme, take_bottom(&mut rest, rows), buf);
    }
    list(state, theme, rest, buf);
}

/// What remains, the most sugar, and the body mass index, as far as there is room for them.
fn summary<'a>(state: &State, theme: &Theme, columns: usize) -> Line<'a> {
    let left = remaining_today(state);
    let energy = state.shell.display.energy;
    let figure = left.map_or_else(|| "–".to_owned(), |left| energy.of_kcal(left).to_string());
    let style = if left.is_some_and(|left| left < 0) {
        theme.waiting
    } else {
        theme.good
    };
    let mut line = Line::from(vec![
        Span::styled("remaining", theme.strong),
        Span::styled(format!(" {figure}"), style.add_modifier(Modifier::BOLD)),
    ]);
    let mut more = vec![format!("   sugar below {} g", state.shell.preferences.sugar)];
    if let Some(bmi) = state.profile.shown().and_then(|profile| profile.bmi) {
        let room = columns.saturating_sub(line.width() + text::width(&more.concat()));
        let class = bmi_class(bmi);
        let words = [
            format!("   body mass index {bmi:.1}, {class}"),
            format!("   BMI {bmi:.1}, {class}"),
            format!("   BMI {bmi:.1}"),
        ];
        more.extend(words.into_iter().find(|words| text::width(words) <= room));
    }
    line.extend(more.into_iter().map(|words| Span::styled(words, theme.muted)));
    line
}

fn framed(state: &State, title: &str, theme: &Theme, area: Rect, buf: &mut Buffer) -> Rect {
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.border)
        .title(Line::styled(format!(" {title} "), theme.muted))
        .title(format::unit_title(state.shell.display.energy, theme));
    let inner = block.inner(area);
    block.render(area, buf);
    inner
}

fn list(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let inner = framed(state, "Fits into the rest of today", theme, area, buf);
    let suggestions = &state.screens.suggestions;
    if suggestions.list.is_empty() {
        let words = match remaining_today(state) {
            None => "Loading the day…",
            Some(..=0) => "Today's target is used up.",
            Some(_) => "Nothing fits yet. What you log with a name is suggested here.",
        };
        say(words, theme, inner, buf);
        return;
    }
    let first = first_shown(
        suggestions.selected,
        suggestions.list.len(),
        usize::from(inner.height),
    );
    let lines = suggestions.list.iter().enumerate().skip(first);
    for ((at, suggestion), y) in lines.zip(inner.y..inner.bottom()) {
        let place = Rect {
            y,
            height: 1,
            ..inner
        };
        let is_selected = at == suggestions.selected;
        theme.note_line(place, at, suggestions.selected);
        row(suggestion, state.shell.display.energy, is_selected, theme, place).render(place, buf);
        if is_selected {
            buf.set_style(place, theme.selected);
        }
    }
}

fn row<'a>(
    suggestion: &Suggestion,
    energy: EnergyUnit,
    is_selected: bool,
    theme: &Theme,
    area: Rect,
) -> Line<'a> {
    let entry = &suggestion.entry;
    let width = usize::from(area.width);
    let (with_amount, with_source) = (width >= WITH_AMOUNT, width >= WITH_SOURCE);
    let amount = if with_amount { AMOUNT } else { 0 };
    let taken = 3 + KCAL + 2 + amount + if with_source { SOURCE } else { 0 };
    let name = entry.name.as_deref().unwrap_or(&entry.kind);
    let mut line = Line::from(vec![
        Span::raw(if is_selected { " > " } else { "   " }),
        Span::styled(text::column(name, width.saturating_sub(taken)), theme.text),
    ]);
    if with_amount {
        let amount = entry.quantity.map_or_else(String::new, |quantity| {
            format::quantity(quantity, entry.unit.as_deref())
        });
        line.push_span(Span::styled(text::column(&amount, AMOUNT), theme.muted));
    }
    if with_source {
        line.push_span(Span::styled(
            text::column(suggestion.source.word(), SOURCE),
            theme.muted,
        ));
    }
    let kcal = energy.of_kcal(entry.kcal.into());
    line.push_span(Span::styled(format!("{kcal:>KCAL$}"), theme.consumed));
    line
}

fn library(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let inner = framed(state, "Library", theme, area, buf);
    let items = state.saved.items();
    if items.is_empty() {
        let today = Context::Tab(Tab::Today);
        let favourite = state.shell.keymap.hint(today, Action::Favourite);
        say(
            &format!("Nothing is saved yet. On Today, {favourite} makes an entry a favourite."),
            theme,
            inner,
            buf,
        );
        return;
    }
    let energy = state.shell.display.energy;
    let name = usize::from(inner.width).saturating_sub(3 + SOURCE + KCAL + 2);
    for (item, y) in items.iter().zip(inner.y..inner.bottom()) {
        let place = Rect {
            y,
            height: 1,
            ..inner
        };
        Line::from(vec![
            Span::raw("   "),
            Span::styled(text::column(&item.own.name, name), theme.text),
            Span::styled(text::column(item.kind.word(), SOURCE), theme.muted),
            Span::styled(
                format!("{:>KCAL$}", energy.of_kcal(item.own.kcal.into())),
                theme.muted,
            ),
        ])
        .render(place, buf);
    }
}

fn say(words: &str, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let place = inset(area, 2);
    let lines = text::wrap(words, usize::from(place.width), usize::from(place.height));
    for (line, y) in lines.into_iter().zip(place.y..place.bottom()) {
        Line::styled(line, theme.muted).render(
            Rect {
                y,
                height: 1,
                ..place
            },
            buf,
        );
    }
}
