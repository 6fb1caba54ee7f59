//! The sign-in form.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::Widget,
};

use super::{
    layout::{centered, take_top},
    theme::Theme,
    widgets::{input, popup, text},
};
use crate::app::{
    State,
    sign_in::{Focus, SignIn},
    text_field::TextField,
};

const LABEL: u16 = 12;

pub(super) fn draw(state: &State, form: &SignIn, theme: &Theme, area: Rect, buf: &mut Buffer) -> Position {
    let title = format!("Sign in · profile {}", text::fit(&state.profile, 20));
    let mut inner = popup::draw(&title, theme, centered(area, 56, 9), buf);
    take_top(&mut inner, 1);
    let username = field(
        "User name",
        &form.username,
        form.focus == Focus::Username,
        theme,
        &mut inner,
        buf,
    );
    let password = field(
        "Password",
        &form.password,
        form.focus == Focus::Password,
        theme,
        &mut inner,
        buf,
    );
    take_top(&mut inner, 1);
    let (style, said) = match (form.busy, &form.failure) {
        (Some(_), _) => (theme.waiting, "Signing in…".to_owned()),
        (None, Some(failure)) => (theme.bad, format!("{}; {}", failure.message, failure.advice())),
        (None, None) => (theme.muted, "Enter signs in; the password is not kept".to_owned()),
    };
    let said = text::wrap(&said, usize::from(inner.width), usize::from(inner.height));
    popup::lines(said.into_iter().map(|line| Line::styled(line, style)), inner, buf);
    match form.focus {
        Focus::Username => username,
        Focus::Password => password,
    }
}

fn field(
    label: &str,
    typed: &TextField,
    focused: bool,
    theme: &Theme,
    inner: &mut Rect,
    buf: &mut Buffer,
) -> Position {
    let row = take_top(inner, 1);
    let (mark, style) = if focused {
        ("> ", theme.strong)
    } else {
        ("  ", theme.muted)
    };
    Line::from(vec![Span::raw(mark), Span::styled(label.to_owned(), style)]).render(row, buf);
    let columns = LABEL.min(row.width);
    input::draw(
        typed,
        theme.text,
        Rect {
            x: row.x + columns,
            width: row.width - columns,
            ..row
        },
        buf,
    )
}
