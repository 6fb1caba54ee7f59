//! The forms about the account.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Widget,
};

use crate::{
    app::{
        State,
        input::{context::Context, keymap::Keymap},
        session::{form::AccountForm, purpose::Input},
    },
    view::{
        layout::{centered, take_top},
        theme::Theme,
        widgets::{input, popup, qr::QrCode, text},
    },
};

const LABEL: u16 = 15;
const WIDTH: u16 = 60;
/// The columns of the text beside a QR code.
const BESIDE: u16 = 34;
const BY_HAND: &str = "Add this key to your authenticator by hand (a larger terminal shows a QR code), then type the code that \
                       it shows";

/// The secret of an authenticator, in letters.
struct Key {
    letters: String,
    hint: String,
}

pub(in crate::view) fn draw(
    state: &State,
    form: &AccountForm,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let title = title(state, form, area);
    let enrolment = form
        .purpose
        .enrolment()
        .map(|(secret, username)| (secret, QrCode::of_authenticator(secret.expose(), username)));
    let lines = u16::try_from(form.inputs.len()).unwrap_or(u16::MAX);
    let Some((secret, code)) = enrolment else {
        // A path may be long.
        let note = form.note.as_deref().unwrap_or_default();
        let columns = usize::from(WIDTH.min(area.width).saturating_sub(4));
        let more = u16::try_from(wrapped(note, columns).count().saturating_sub(1)).unwrap_or(u16::MAX);
        let place = centered(area, WIDTH, lines + 8 + more);
        let mut inner = popup::draw(&title, theme, place, buf);
        take_top(&mut inner, 1);
        return text_and_inputs(form, None, &state.shell.keymap, theme, inner, buf);
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
        code.draw(theme.has_colors, place, buf);
        inner.width = inner.width.saturating_sub(code.width() + 1);
    }
    let hint = if fits.is_some() {
        form.purpose.hint(&state.shell.keymap)
    } else {
        BY_HAND.to_owned()
    };
    let key = Key {
        letters: group(secret.expose()),
        hint,
    };
    text_and_inputs(form, Some(&key), &state.shell.keymap, theme, inner, buf)
}

/// The form's title, with the profile if there is room for it.
fn title(state: &State, form: &AccountForm, area: Rect) -> String {
    let title = form.purpose.title();
    let whole = format!("{title} · profile {}", text::fit(&state.shell.profile, 20));
    // The corners, and a blank on either side.
    if text::width(&whole) + 4 > usize::from(WIDTH.min(area.width)) {
        title.to_owned()
    } else {
        whole
    }
}

/// A secret in groups of four letters, which are easy to copy.
fn group(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters
        .chunks(4)
        .map(|four| four.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A text and its style.
type Styled = (Style, String);

fn text_and_inputs(
    form: &AccountForm,
    key: Option<&Key>,
    keymap: &Keymap,
    theme: &Theme,
    mut inner: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let width = usize::from(inner.width);
    let inputs = u16::try_from(form.inputs.len()).unwrap_or(u16::MAX);
    // The lines to type into come first.
    let room = inner.height.saturating_sub(inputs);
    let news = match (form.busy, &form.failure) {
        (Some(_), _) => Some((theme.waiting, "One moment…".to_owned())),
        (None, Some(failure)) => Some((
            theme.bad,
            format!(
                "{}; {}",
                failure.message,
                failure.advice_on_typed(&keymap.confirm(Context::Account))
            ),
        )),
        (None, None) => None,
    };
    let (above, below) = if let Some(key) = key {
        around_key(key, news, theme, width, usize::from(room))
    } else {
        let note = form.note.as_deref().unwrap_or_default();
        let above = wrapped(note, width).map(|line| Line::styled(line, theme.good));
        let below = news.unwrap_or((theme.muted, form.purpose.hint(keymap)));
        (above.collect(), Some(below))
    };
    let rows = u16::try_from(above.len()).unwrap_or(u16::MAX);
    popup::lines(above, take_top(&mut inner, rows.min(room)), buf);
    let mut cursor = None;
    for (at, typed) in form.inputs.iter().enumerate() {
        let place = line(typed, at == form.focus, theme, &mut inner, buf);
        if at == form.focus {
            cursor = Some(place);
        }
    }
    take_top(&mut inner, 1);
    if let Some((style, words)) = below {
        let words = text::wrap(&words, width, usize::from(inner.height));
        popup::lines(
            words.into_iter().map(|line| Line::styled(line, style)),
            inner,
            buf,
        );
    }
    cursor
}

/// The text above the line for the code, and below. The key is never cut: if there is little room, news replaces the
/// hint, the blank lines are dropped, and then the hint is cut.
fn around_key(
    key: &Key,
    news: Option<Styled>,
    theme: &Theme,
    width: usize,
    room: usize,
) -> (Vec<Line<'static>>, Option<Styled>) {
    const BLANKS: usize = 2;
    let letters: Vec<String> = wrapped(&key.letters, width).collect();
    let rows = |words: &str| wrapped(words, width).count();
    let fits_below = news.as_ref().is_none_or(|(_, words)| {
        // With a blank line before it.
        rows(&key.hint) + letters.len() + BLANKS + 1 + rows(words) <= room
    });
    let ((style, words), below) = match news {
        Some(news) if !fits_below => (news, None),
        news => ((theme.text, key.hint.clone()), news),
    };
    let blanks = rows(&words) + letters.len() + BLANKS <= room;
    let words = text::wrap(
        &words,
        width,
        room.saturating_sub(letters.len() + if blanks { BLANKS } else { 0 }),
    );
    let blank = blanks.then(Line::default);
    let mut above: Vec<Line<'static>> = words.into_iter().map(|line| Line::styled(line, style)).collect();
    above.extend(blank.clone());
    above.extend(letters.into_iter().map(|line| Line::styled(line, theme.strong)));
    above.extend(blank);
    (above, below)
}

fn wrapped(words: &str, width: usize) -> impl Iterator<Item = String> {
    text::wrap(words, width, 4).into_iter()
}

fn line(input: &Input, focused: bool, theme: &Theme, inner: &mut Rect, buf: &mut Buffer) -> Position {
    let row = take_top(inner, 1);
    let (mark, style) = if focused {
        ("> ", theme.strong)
    } else {
        ("  ", theme.muted)
    };
    Line::from(vec![Span::raw(mark), Span::styled(input.label, style)]).render(row, buf);
    let columns = LABEL.min(row.width);
    input::draw(
        &input.field,
        theme.text,
        Rect {
            x: row.x + columns,
            width: row.width - columns,
            ..row
        },
        buf,
    )
}
