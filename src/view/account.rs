//! The forms about the account.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::Widget,
};

use super::{
    layout::{centered, take_top},
    theme::Theme,
    widgets::{input, popup, qr::QrCode, text},
};
use crate::app::{
    State,
    account::{form::AccountForm, steps::Entry},
};

const LABEL: u16 = 15;
const WIDTH: u16 = 60;
/// What the text beside a QR code needs.
const BESIDE: u16 = 34;

pub(super) fn draw(
    state: &State,
    form: &AccountForm,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let title = format!(
        "{} · profile {}",
        form.step.title(),
        text::fit(&state.profile, 20)
    );
    let enrolment = form
        .step
        .enrolment()
        .map(|(secret, username)| (secret, QrCode::of_authenticator(secret.expose(), username)));
    let lines = u16::try_from(form.entries.len()).unwrap_or(u16::MAX);
    let Some((secret, code)) = enrolment else {
        let mut inner = popup::draw(&title, theme, centered(area, WIDTH, lines + 8), buf);
        take_top(&mut inner, 1);
        return text_and_entries(form, None, theme, inner, buf);
    };
    // Its frame and the blanks beside it.
    let fits =
        code.filter(|code| area.width >= code.width() + BESIDE + 5 && area.height >= code.height() + 2);
    let mut inner = match &fits {
        Some(code) => popup::draw(
            &title,
            theme,
            centered(area, code.width() + BESIDE + 5, code.height() + 2),
            buf,
        ),
        None => popup::draw(&title, theme, centered(area, WIDTH, lines + 11), buf),
    };
    if let Some(code) = &fits {
        let place = Rect {
            x: inner.right().saturating_sub(code.width()),
            width: code.width(),
            height: code.height(),
            ..inner
        };
        code.draw(state.color, place, buf);
        inner.width = inner.width.saturating_sub(code.width() + 1);
    }
    let mut key = group(secret.expose());
    if fits.is_none() {
        key.push_str(" (a larger terminal shows it as a QR code)");
    }
    text_and_entries(form, Some(&key), theme, inner, buf)
}

/// A secret as it is read to be typed: in groups of four.
fn group(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters
        .chunks(4)
        .map(|four| four.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

fn text_and_entries(
    form: &AccountForm,
    key: Option<&str>,
    theme: &Theme,
    mut inner: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let width = usize::from(inner.width);
    let mut above = Vec::new();
    if let Some(note) = &form.note {
        above.extend(wrapped(note, width).map(|line| Line::styled(line, theme.good)));
    }
    let hint = form.step.hint();
    if let Some(key) = key {
        above.extend(wrapped(&hint, width).map(|line| Line::styled(line, theme.text)));
        above.push(Line::default());
        above.extend(wrapped(key, width).map(|line| Line::styled(line, theme.strong)));
        above.push(Line::default());
    }
    let rows = u16::try_from(above.len()).unwrap_or(u16::MAX);
    // The lines to type into matter most.
    let room = inner
        .height
        .saturating_sub(u16::try_from(form.entries.len()).unwrap_or(u16::MAX));
    popup::lines(above, take_top(&mut inner, rows.min(room)), buf);
    let mut cursor = None;
    for (at, typed) in form.entries.iter().enumerate() {
        let place = entry(typed, at == form.focus, theme, &mut inner, buf);
        if at == form.focus {
            cursor = Some(place);
        }
    }
    take_top(&mut inner, 1);
    let (style, said) = match (form.busy, &form.failure) {
        (Some(_), _) => (theme.waiting, "One moment…".to_owned()),
        (None, Some(failure)) => (theme.bad, format!("{}; {}", failure.message, failure.advice())),
        (None, None) if key.is_some() => return cursor,
        (None, None) => (theme.muted, hint),
    };
    let said = text::wrap(&said, width, usize::from(inner.height));
    popup::lines(said.into_iter().map(|line| Line::styled(line, style)), inner, buf);
    cursor
}

fn wrapped(said: &str, width: usize) -> impl Iterator<Item = String> {
    text::wrap(said, width, 4).into_iter()
}

fn entry(entry: &Entry, focused: bool, theme: &Theme, inner: &mut Rect, buf: &mut Buffer) -> Position {
    let row = take_top(inner, 1);
    let (mark, style) = if focused {
        ("> ", theme.strong)
    } else {
        ("  ", theme.muted)
    };
    Line::from(vec![Span::raw(mark), Span::styled(entry.label, style)]).render(row, buf);
    let columns = LABEL.min(row.width);
    input::draw(
        &entry.field,
        theme.text,
        Rect {
            x: row.x + columns,
            width: row.width - columns,
            ..row
        },
        buf,
    )
}
