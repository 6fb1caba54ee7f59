//! The library: its items, and the form of one.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::Widget,
};

use crate::{
    app::{
        State,
        dialogs::{saved::SavedList, saved_form::SavedForm},
        input::{action::Action, context::Context, keymap::Keymap},
    },
    view::{
        format,
        layout::{centered, first_shown, take_bottom, take_top, under_totals},
        theme::Theme,
        widgets::{input, popup, text},
    },
};

/// The widths of the columns of the kind, the kcal and the amount.
const KIND: usize = 9;
const KCAL: usize = 6;
const AMOUNT: usize = 14;
/// The fewest columns of a name; the amount gives way to it.
const NAME: usize = 16;
const LABEL: u16 = 18;

pub(super) fn list(state: &State, dialog: SavedList, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let items = state.saved.items();
    let inner = popup::draw("Library", theme, centered(under_totals(area), 70, 18), buf);
    let columns = usize::from(inner.width);
    if items.is_empty() {
        let keymap = &state.shell.keymap;
        let new = keymap.hint(Context::Library, Action::NewFood);
        let words = format!(
            "Nothing is saved yet. {new} saves a food with your own figures; on Today, `{}` and `{}` save entries.",
            Action::Favourite.title(),
            Action::MakeRecipe.title()
        );
        let lines = text::wrap(&words, columns, usize::from(inner.height));
        let lines = lines.into_iter().map(|line| Line::styled(line, theme.muted));
        return popup::lines(lines, inner, buf);
    }
    let at = dialog.selected(items.len());
    let first = first_shown(at, items.len(), usize::from(inner.height));
    let energy = state.shell.display.energy;
    popup::note_lines(items.len(), first, at, theme, inner);
    let others = 3 + 1 + KCAL + 2 + KIND;
    let has_amount = columns >= others + AMOUNT + NAME;
    let room = columns.saturating_sub(others + if has_amount { AMOUNT } else { 0 });
    let lines = items.iter().enumerate().skip(first).map(|(index, item)| {
        let selected = index == at;
        let muted = if selected { theme.text } else { theme.muted };
        let amount = match (item.own.quantity, &item.own.unit) {
            (Some(quantity), unit) if has_amount => format::quantity(quantity, unit.as_deref()),
            _ => String::new(),
        };
        let line = Line::from(vec![
            Span::raw(if selected { " > " } else { "   " }),
            Span::styled(text::column(&item.own.name, room) + " ", theme.text),
            Span::styled(text::column(&amount, if has_amount { AMOUNT } else { 0 }), muted),
            Span::styled(
                format!("{:>KCAL$}  ", energy.of_kcal(item.own.kcal.into())),
                theme.text,
            ),
            Span::styled(text::column(item.kind.word(), KIND), muted),
        ]);
        if selected {
            line.style(theme.selected)
        } else {
            line
        }
    });
    popup::lines(lines, inner, buf);
}

pub(super) fn form(
    form: &SavedForm,
    keymap: &Keymap,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let rows = u16::try_from(form.fields.len()).unwrap_or(8) + 4;
    let mut inner = popup::draw(&form.title(), theme, centered(under_totals(area), 60, rows), buf);
    let save = keymap.confirm(Context::LibraryItem);
    let (style, words) = match &form.problem {
        Some(problem) => (theme.bad, problem.clone()),
        None => (theme.muted, format!("{}; {save} saves", form.hint())),
    };
    let lines = text::wrap(&words, usize::from(inner.width), 2);
    let place = take_bottom(&mut inner, u16::try_from(lines.len()).unwrap_or(1));
    popup::lines(
        lines.into_iter().map(|line| Line::styled(line, style)),
        place,
        buf,
    );
    let first = first_shown(form.focus, form.fields.len(), usize::from(inner.height));
    let mut cursor = None;
    for (at, (field, typed)) in form.fields.iter().enumerate().skip(first) {
        if inner.height == 0 {
            break;
        }
        let row = take_top(&mut inner, 1);
        let is_focus = at == form.focus;
        let style = if is_focus { theme.strong } else { theme.muted };
        let mark = if is_focus { "> " } else { "  " };
        Line::from(vec![
            Span::raw(mark),
            Span::styled(text::fit(&form.label(*field), usize::from(LABEL) - 3), style),
        ])
        .render(row, buf);
        let label = LABEL.min(row.width);
        let value = Rect {
            x: row.x + label,
            width: row.width - label,
            ..row
        };
        if is_focus {
            cursor = Some(input::draw(typed, theme.text, value, buf));
        } else {
            Line::styled(text::fit(typed.value(), usize::from(value.width)), theme.text).render(value, buf);
        }
    }
    cursor
}
