//! The queue: what waits for the backend, since when and why, and what it has rejected.

use caltrack_domain::outbox::{Row, RowState};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    app::{
        State,
        dialogs::queue::QueueDialog,
        outbox::{Outbox, command_title},
    },
    view::{
        format,
        layout::{centered, first_shown, take_bottom, under_totals},
        theme::Theme,
        widgets::{popup, text},
    },
};

/// The widths of the columns of what is done, when, and where it is.
const WORD: usize = 7;
const SINCE: usize = 11;
const PLACE: usize = 8;

pub(super) fn draw(state: &State, dialog: QueueDialog, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let outbox = &state.outbox;
    let rows = outbox.queue().rows();
    let mut inner = popup::draw(&title(outbox), theme, centered(under_totals(area), 86, 18), buf);
    let at = dialog.selected(rows.len());
    let (style, words) = reason(outbox, rows.get(at), theme);
    let most = usize::from(inner.height / 3).max(1);
    let lines = text::wrap(&words, usize::from(inner.width), most);
    let place = take_bottom(&mut inner, u16::try_from(lines.len()).unwrap_or(1));
    popup::lines(
        lines.into_iter().map(|line| Line::styled(line, style)),
        place,
        buf,
    );
    let columns = usize::from(inner.width);
    let first = first_shown(at, rows.len(), usize::from(inner.height));
    popup::note_lines(rows.len(), first, at, theme, inner);
    let lines = rows.iter().enumerate().skip(first).map(|(index, row)| {
        let is_selected = index == at;
        let line = line(state, row, is_selected, columns, theme);
        if is_selected {
            line.style(theme.selected)
        } else {
            line
        }
    });
    popup::lines(lines, inner, buf);
}

fn title(outbox: &Outbox) -> String {
    match (outbox.queued(), outbox.rejected().count()) {
        (0, 0) => "Queue".to_owned(),
        (queued, 0) => format!("Queue: {queued} queued"),
        (0, rejected) => format!("Queue: {rejected} rejected"),
        (queued, rejected) => format!("Queue: {queued} queued, {rejected} rejected"),
    }
}

fn line<'a>(state: &State, row: &Row, is_selected: bool, columns: usize, theme: &Theme) -> Line<'a> {
    let word = match row.command.word() {
        "create" => "log",
        "update" => "edit",
        other => other,
    };
    let zone = state.shell.now.time_zone();
    let since = row.since.to_zoned(zone.clone());
    let since = if since.date() == state.shell.now.date() {
        format::time(row.since, zone)
    } else {
        since.strftime("%m-%d %H:%M").to_string()
    };
    let has_room = columns >= 60;
    let fixed = 3 + WORD + 1 + PLACE + if has_room { SINCE + 1 } else { 0 };
    let muted = if is_selected { theme.text } else { theme.muted };
    let style = match row.state {
        RowState::Rejected(_) if !is_selected => theme.bad,
        RowState::Waiting | RowState::Sent { .. } | RowState::Rejected(_) => theme.text,
    };
    let mut spans = vec![
        Span::raw(if is_selected { " > " } else { "   " }),
        Span::styled(text::column(word, WORD) + " ", muted),
    ];
    if has_room {
        spans.push(Span::styled(text::column(&since, SINCE) + " ", muted));
    }
    let room = columns.saturating_sub(fixed + 1);
    spans.push(Span::styled(
        text::column(&command_title(&row.command, state.shell.display.energy), room) + " ",
        style,
    ));
    spans.push(Span::styled(row.word(), style));
    Line::from(spans)
}

/// Why the selected row is still there, or why nothing is sent.
fn reason(outbox: &Outbox, row: Option<&Row>, theme: &Theme) -> (ratatui::style::Style, String) {
    let Some(row) = row else {
        let words = match outbox.unreadable {
            0 => "Nothing waits: the backend has everything.".to_owned(),
            count => format!(
                "{count} changes can't be read; they stay in the outbox (`caltrack-tui doctor --recover`)"
            ),
        };
        return (theme.muted, words);
    };
    match (&row.state, &row.reason, &outbox.trouble) {
        (RowState::Rejected(rejection), ..) => (theme.bad, format!("rejected: {}", rejection.text)),
        (RowState::Waiting | RowState::Sent { .. }, Some(reason), _)
        | (RowState::Waiting | RowState::Sent { .. }, None, Some(reason)) => {
            (theme.waiting, format!("waits: {}", reason.text))
        }
        (RowState::Waiting, None, None) => (theme.muted, "it is sent in a moment".to_owned()),
        (RowState::Sent { .. }, None, None) => (theme.muted, "sent; the answer is still to come".to_owned()),
    }
}
