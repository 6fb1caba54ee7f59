//! A day: header, totals, gauge, entries, and a status line.

use caltrack_domain::Booking;
use ratatui::{
    buffer::Buffer,
    layout::{Alignment, Rect},
    style::{Modifier, Style},
    text::{Line, Span},
    widgets::{Block, BorderType, Widget},
};

use super::header;
use crate::{
    app::{
        Connection, CopyState, Progress, State,
        input::{action::Action, context::Context},
        log::{
            budget::Budget,
            day::Load,
            rows::{Mark, Row},
        },
        tab::Tab,
    },
    view::{
        format,
        layout::{first_shown, inset, take_bottom, take_top},
        theme::Theme,
        widgets::{gauge, popup, text},
    },
};

/// The fewest rows with room for blank lines and a frame.
const ROOMY: u16 = 16;

pub(super) fn draw(state: &State, username: &str, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let roomy = area.height >= ROOMY;
    let mut rest = area;
    let head = inset(take_top(&mut rest, 1), 1);
    let date = date_line(state, usize::from(area.width), theme);
    header::draw(state, username, date.clone(), theme, head, buf);
    if head.width >= header::WIDE {
        // A terminal of few rows has no other place for it.
        date.render(inset(take_top(&mut rest, 1), 1), buf);
    } else if roomy {
        take_top(&mut rest, 1);
    }
    let lines = totals(state, theme, usize::from(area.width).saturating_sub(4));
    let height = u16::try_from(lines.len()).unwrap_or(3);
    popup::lines(lines, inset(take_top(&mut rest, height), 2), buf);
    budget_bar(state, theme, inset(take_top(&mut rest, 1), 2), buf);
    if roomy {
        take_top(&mut rest, 1);
    }
    if let Some((style, status)) = status(state, theme) {
        let lines = text::wrap(&status, usize::from(area.width).saturating_sub(2), 3);
        let place = take_bottom(&mut rest, u16::try_from(lines.len()).unwrap_or(3));
        popup::lines(
            lines.into_iter().map(|line| Line::styled(line, style)),
            inset(place, 1),
            buf,
        );
    } else if roomy {
        // The frame stays in its place when a status appears.
        take_bottom(&mut rest, 1);
    }
    let list = if roomy {
        framed(state, theme, rest, buf)
    } else {
        rest
    };
    entries(state, theme, list, buf);
}

/// The shown day. Alone on its line it has more room than in the header.
fn date_line<'a>(state: &State, columns: usize, theme: &Theme) -> Line<'a> {
    let wide = columns >= 60;
    let date = state.log.day.date;
    let weekday = if wide {
        format::weekday(date)
    } else {
        format::short_weekday(date)
    };
    let mut line = Line::from(Span::styled(format!("{weekday} {date}"), theme.strong));
    // In a narrow terminal the date says as much as its word.
    let label = format::relative_day(date, state.shell.today());
    if line.width() + label.len() + 14 <= columns {
        line.push_span(Span::styled(format!("  {label}"), theme.muted));
    }
    line
}

/// The budget of the day, once its totals are known.
fn budget(state: &State) -> Option<Budget> {
    let totals = state.log.day.totals.as_ref()?;
    Some(Budget::of(totals, state.log.day.queued, state.log.target()))
}

/// The totals, in as few lines as the width allows.
fn totals<'a>(state: &State, theme: &Theme, columns: usize) -> Vec<Line<'a>> {
    let budget = budget(state);
    let over = budget.is_some_and(|budget| budget.remaining < 0);
    let figure = |pick: fn(Budget) -> i64| budget.map_or_else(|| "–".to_owned(), |b| pick(b).to_string());
    let with_queued = |figure: String, queued: i64| match queued {
        0 => figure,
        queued => format!("{figure} ({queued:+} queued)"),
    };
    let queued = state.log.day.queued;
    let items = [
        (
            "consumed",
            with_queued(figure(|b| b.consumed), queued.consumed),
            theme.consumed,
        ),
        (
            "burned",
            with_queued(figure(|b| b.burned), queued.burned),
            theme.burned,
        ),
        (
            "remaining",
            figure(|b| b.remaining),
            if over { theme.waiting } else { theme.good },
        ),
        ("net", figure(|b| b.net), theme.text),
        ("target", state.log.target().kcal.to_string(), theme.text),
    ];
    let words: usize = items
        .iter()
        .map(|(word, figure, _)| word.len() + 1 + text::width(figure))
        .sum();
    let gap = if words + 4 * (items.len() - 1) <= columns {
        4
    } else {
        2
    };
    let mut lines = vec![Line::default()];
    for (word, figure, style) in items {
        let needed = word.len() + 1 + text::width(&figure);
        let full = lines
            .last()
            .is_some_and(|line| line.width() > 0 && line.width() + gap + needed > columns);
        if full {
            lines.push(Line::default());
        }
        if let Some(line) = lines.last_mut() {
            if line.width() > 0 {
                line.push_span(" ".repeat(gap));
            }
            line.push_span(Span::styled(word, theme.muted));
            line.push_span(Span::styled(
                format!(" {figure}"),
                style.add_modifier(Modifier::BOLD),
            ));
        }
    }
    lines
}

fn budget_bar(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let (used, percent) =
        budget(state).map_or((0, 0), |budget| (budget.used_per_mille(), budget.used_percent()));
    let style = match used {
        0..=899 => theme.good,
        900.. => theme.waiting,
    };
    let percent = format!("{percent:>5} %");
    let columns = u16::try_from(percent.len() + 1).unwrap_or(8).min(area.width);
    let bar = Rect {
        width: area.width - columns,
        ..area
    };
    gauge::draw(used, style, theme.border, bar, buf);
    // A style of the line would cover the bar too.
    Line::from(Span::styled(percent, style))
        .alignment(Alignment::Right)
        .render(area, buf);
}

/// The line below the list, the most urgent first.
fn status(state: &State, theme: &Theme) -> Option<(Style, String)> {
    if let Some(notice) = &state.shell.notice {
        return Some((theme.tone(notice.tone), notice.text.clone()));
    }
    if let (Load::Failed(failure), true) = (&state.log.day.load, state.log.day.is_known) {
        let text = format!("{}; what you see is older; {}", failure.message, failure.advice());
        return Some((theme.bad, text));
    }
    if let Connection::Offline { reason: Some(reason) } = &state.log.connection {
        return Some((theme.bad, format!("offline: {reason}")));
    }
    if let (Some(reason), queued @ 1..) = (&state.outbox.trouble, state.outbox.queued()) {
        return Some((theme.waiting, format!("{queued} queued: {}", reason.text)));
    }
    match state.outbox.rejected().count() {
        0 => {}
        1 => return Some((theme.bad, "1 change was rejected; `Queue` (:) has it".to_owned())),
        count => {
            let text = format!("{count} changes were rejected; `Queue` (:) has them");
            return Some((theme.bad, text));
        }
    }
    if let Some(failure) = &state.catalog.failure
        && state.catalog.categories.is_empty()
    {
        let text = format!(
            "the categories are missing: {}; {}",
            failure.message,
            failure.advice()
        );
        return Some((theme.bad, text));
    }
    if let Some(Progress { done, total }) = state.log.progress {
        let text = format!("copying the log to this computer: {done} of {total} entries");
        return Some((theme.muted, text));
    }
    (state.log.day.copy == CopyState::Unverified).then(|| {
        let text = "unverified: the entries may differ from the backend's";
        (theme.muted, text.to_owned())
    })
}

/// The frame around the list, with what it holds.
fn framed(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) -> Rect {
    let count = state.log.day.rows.len();
    let title = match (count, state.log.day.is_known) {
        (_, false) => String::new(),
        (1, true) => " 1 entry ".to_owned(),
        (_, true) => format!(" {count} entries "),
    };
    let title = match state.screens.today.marked_count() {
        0 => title,
        marked => format!("{}, {marked} marked ", title.trim_end()),
    };
    let mut block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.border)
        .title(Line::styled(title, theme.muted));
    if count > usize::from(area.height.saturating_sub(2)) {
        let place = format!(" {}/{count} ", state.screens.today.selected + 1);
        block = block.title_bottom(Line::styled(place, theme.muted).right_aligned());
    }
    let inner = block.inner(area);
    block.render(area, buf);
    inner
}

fn entries(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let rows = &state.log.day.rows;
    if rows.is_empty() {
        let (style, words) = match &state.log.day.load {
            Load::Loading if !state.log.day.is_known => (theme.muted, "Loading the day…".to_owned()),
            Load::Failed(failure) if !state.log.day.is_known => (
                theme.bad,
                format!(
                    "The day can't be shown: {}; {}.",
                    failure.message,
                    failure.advice()
                ),
            ),
            Load::Loading | Load::Ready | Load::Failed(_) => {
                let add = state.shell.keymap.hint(Context::Tab(Tab::Today), Action::Add);
                (
                    theme.muted,
                    format!("Nothing logged yet. Press {add} and type: lunch 650"),
                )
            }
        };
        let place = inset(area, 2);
        let lines = text::wrap(&words, usize::from(place.width), usize::from(place.height).min(4));
        let top = area
            .height
            .saturating_sub(u16::try_from(lines.len()).unwrap_or(0))
            / 3;
        let place = Rect {
            y: place.y + top,
            height: place.height - top,
            ..place
        };
        popup::lines(
            lines.into_iter().map(|line| Line::styled(line, style).centered()),
            place,
            buf,
        );
        return;
    }
    let height = usize::from(area.height);
    let first = first_shown(state.screens.today.selected, rows.len(), height);
    let columns = Columns::of(usize::from(area.width));
    for ((at, row), y) in rows.iter().enumerate().skip(first).zip(area.y..area.bottom()) {
        let place = Rect { y, height: 1, ..area };
        let selected = at == state.screens.today.selected;
        entry(state, row, selected, &columns, theme).render(place, buf);
    }
}

/// The widths of the list's columns.
struct Columns {
    time: bool,
    kind: usize,
    category: usize,
    name: usize,
}

impl Columns {
    fn of(width: usize) -> Self {
        let time = width >= 36;
        let (kind, category) = match width {
            0..=47 => (10, 0),
            48..=69 => (11, 0),
            70..=99 => (12, 10),
            _ => (16, 14),
        };
        // Mark 3, time 7, kcal 7, and two blanks after each column.
        let used =
            3 + if time { 7 } else { 0 } + kind + 2 + if category > 0 { category + 2 } else { 0 } + 7 + 2;
        Self {
            time,
            kind,
            category,
            name: width.saturating_sub(used + 1),
        }
    }
}

fn entry<'a>(state: &State, row: &Row, selected: bool, columns: &Columns, theme: &Theme) -> Line<'a> {
    let logged = &row.activity.entry;
    let (hue, sign) = match Booking::of(&logged.category) {
        Booking::Consumed => (theme.consumed, ""),
        Booking::Burned => (theme.burned, "-"),
        Booking::Nothing => (theme.muted, ""),
    };
    // Where a word has little room, a blank separates it.
    let has_name = logged.name.is_some() && columns.name >= 16;
    let (mark, fade) = match row.mark {
        Mark::Saved => ("", None),
        Mark::Saving => ("saving… ", Some(theme.muted)),
        Mark::Queued if has_name => ("queued · ", Some(theme.muted)),
        Mark::Queued => ("queued ", Some(theme.muted)),
        Mark::Rejected if has_name => ("rejected · ", Some(theme.bad)),
        Mark::Rejected => ("rejected ", Some(theme.bad)),
        Mark::Deleting => ("deleting… ", Some(theme.deleted)),
    };
    // A selected line has one colour.
    let paint = |style: Style| {
        if selected {
            theme.text
        } else {
            fade.unwrap_or(style)
        }
    };
    let is_marked = state.screens.today.is_marked(&row.activity.id);
    let mut line = Line::raw(match (selected, is_marked) {
        (true, true) => "*> ",
        (true, false) => " > ",
        (false, true) => "*  ",
        (false, false) => "   ",
    });
    if columns.time {
        let time = format::time(logged.moment, state.shell.now.time_zone());
        line.push_span(Span::styled(time + "  ", paint(theme.muted)));
    }
    line.push_span(Span::styled(
        text::column(&logged.kind, columns.kind) + "  ",
        paint(theme.text),
    ));
    if columns.category > 0 {
        line.push_span(Span::styled(
            text::column(&logged.category, columns.category) + "  ",
            paint(theme.muted),
        ));
    }
    line.push_span(Span::styled(
        format!("{:>7}  ", format!("{sign}{}", logged.kcal)),
        paint(hue),
    ));
    let room = columns.name.saturating_sub(text::width(mark));
    line.push_span(Span::styled(
        mark,
        if selected { theme.text } else { theme.waiting },
    ));
    let name = logged.name.as_deref().unwrap_or_default();
    // Not padded: drawing a blank costs as much as a letter.
    line.push_span(Span::styled(text::fit(name, room), paint(theme.text)));
    if selected {
        line.style(theme.selected)
    } else {
        line
    }
}
