//! The question for another day or type of entries.

use caltrack_domain::line::typed_day;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::Line,
};

use crate::{
    app::{
        State,
        dialogs::change::{ChangeDialog, NewValue},
        input::context::Context,
        text::summary_in,
    },
    view::{
        format,
        layout::{centered, first_shown, take_bottom, take_top, under_totals},
        theme::Theme,
        widgets::{input, popup, text},
    },
};

pub(super) fn draw(
    state: &State,
    dialog: &ChangeDialog,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let keymap = &state.shell.keymap;
    let what = match dialog.entries.as_slice() {
        [only] => summary_in(&only.entry, state.shell.display.energy),
        several => format!("{} entries", several.len()),
    };
    let (title, rows) = match &dialog.value {
        NewValue::Day(_) => ("Move to another day", 6),
        NewValue::Kind(_) => ("Change the type", 14),
    };
    let mut inner = popup::draw(title, theme, centered(under_totals(area), 60, rows), buf);
    let columns = usize::from(inner.width);
    popup::lines(
        [Line::styled(text::fit(&what, columns), theme.muted)],
        take_top(&mut inner, 1),
        buf,
    );
    let (style, words) = match (&dialog.problem, &dialog.value) {
        (Some(problem), _) => (theme.bad, problem.clone()),
        (None, NewValue::Day(field)) => {
            if let Ok(day) = typed_day(field.value(), state.shell.today()) {
                (theme.strong, format!("{} {day}", format::weekday(day)))
            } else {
                let confirm = keymap.confirm(Context::MoveTo);
                let words = format!("`2026-11-23`, `yesterday`, `mon`, `-1d`; {confirm} moves");
                (theme.muted, words)
            }
        }
        (None, NewValue::Kind(_)) => {
            let confirm = keymap.confirm(Context::ChangeType);
            (theme.muted, format!("letters narrow; {confirm} picks"))
        }
    };
    let lines = text::wrap(&words, columns, 2);
    let place = take_bottom(&mut inner, u16::try_from(lines.len()).unwrap_or(1));
    popup::lines(
        lines.into_iter().map(|line| Line::styled(line, style)),
        place,
        buf,
    );
    match &dialog.value {
        NewValue::Day(field) => Some(input::draw(field, theme.text, inner, buf)),
        NewValue::Kind(picker) => {
            let (matches, at) = picker.matches();
            let rows = usize::from(inner.height);
            let first = first_shown(at, matches.len(), rows);
            popup::note_lines(matches.len(), first, at, theme, inner);
            let lines = matches.iter().enumerate().skip(first).map(|(index, kind)| {
                if index == at {
                    Line::styled(text::column(&format!(" > {kind}"), columns), theme.selected)
                } else {
                    Line::styled(text::fit(&format!("   {kind}"), columns), theme.text)
                }
            });
            popup::lines(lines, inner, buf);
            None
        }
    }
}
