//! Search over every entry.

use caltrack_domain::Activity;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::Line,
};

use crate::{
    app::{State, dialogs::tools::search::Search, text::summary_in},
    view::{
        layout::{centered, first_shown, take_top, under_totals},
        theme::Theme,
        widgets::{input, popup, text},
    },
};

/// Columns of a line from which the time and the note have room.
const WITH_TIME: usize = 50;

pub(super) fn draw(
    state: &State,
    search: &Search,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let mut inner = popup::draw("Search", theme, centered(under_totals(area), 76, 22), buf);
    let cursor = input::draw(&search.field, theme.text, take_top(&mut inner, 1), buf);
    let columns = usize::from(inner.width);
    let hint = if search.field.is_blank() {
        Some("every entry ever logged, by the words of its name, type or note")
    } else if search.answered == search.field.value() && search.found.is_empty() {
        Some("no entry has these words")
    } else {
        None
    };
    if let Some(hint) = hint {
        let lines = text::wrap(hint, columns, 2).into_iter();
        popup::lines(lines.map(|line| Line::styled(line, theme.muted)), inner, buf);
        return Some(cursor);
    }
    let first = first_shown(search.selected, search.found.len(), usize::from(inner.height));
    if search.is_in_list {
        popup::note_lines(search.found.len(), first, search.selected, theme, inner);
    }
    let found = search.found.iter().enumerate().skip(first);
    let lines = found.map(|(at, activity)| {
        let words = words(activity, state, columns.saturating_sub(3));
        if at == search.selected && search.is_in_list {
            Line::styled(text::column(&format!(" > {words}"), columns), theme.selected)
        } else {
            Line::styled(text::fit(&format!("   {words}"), columns), theme.text)
        }
    });
    popup::lines(lines, inner, buf);
    (!search.is_in_list).then_some(cursor)
}

/// Day, time and summary of an entry with its note; in a narrow terminal day, name and figure.
fn words(activity: &Activity, state: &State, columns: usize) -> String {
    let entry = &activity.entry;
    let energy = state.shell.display.energy;
    let date = entry.date;
    if columns < WITH_TIME {
        let name = entry.name.as_deref().unwrap_or(&entry.kind);
        let figure = energy.of_kcal(entry.kcal.into());
        let words = [
            format!("{date}  {name} {figure} {}", energy.symbol()),
            format!("{date}  {name}"),
        ];
        return text::first_fitting(words, columns);
    }
    let time = entry.moment.to_zoned(state.shell.now.time_zone().clone());
    let note = entry.note.as_ref();
    let note = note.map_or_else(String::new, |note| format!("  # {note}"));
    format!(
        "{date}  {}  {}{note}",
        time.strftime("%H:%M"),
        summary_in(entry, energy)
    )
}
