//! The first screen of a signed-out user.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use crate::{
    app::{
        State,
        input::context::Context,
        session::start::{Choice, Start},
    },
    view::{
        layout::centered,
        theme::Theme,
        widgets::{popup, text},
    },
};

pub(in crate::view) fn draw(state: &State, start: &Start, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let place = centered(area, 56, 11);
    let columns = usize::from(place.width);
    let mut lines = vec![
        Line::styled("caltrack", theme.brand).centered(),
        Line::styled("A calorie log for the terminal", theme.muted).centered(),
        Line::default(),
    ];
    let confirm = state.shell.keymap.confirm(Context::Start);
    for (at, choice) in Start::choices(state.shell.has_local_account).iter().enumerate() {
        let words = match choice {
            Choice::Local => format!("Press {confirm} to start on this computer"),
            Choice::SignIn => "Sign in".to_owned(),
            Choice::SignUp => "Create an account".to_owned(),
            Choice::Forgot => "Forgotten password".to_owned(),
        };
        let selected = at == start.selected;
        let mark = if selected { " > " } else { "   " };
        let words = text::column(&format!("{mark}{words}"), 40.min(columns));
        let line = Line::styled(words, if selected { theme.selected } else { theme.text });
        lines.push(line.centered());
    }
    lines.push(Line::default());
    let (style, words) = match (start.busy, &start.failure) {
        (Some(_), _) => (theme.waiting, "One moment: opening your account…".to_owned()),
        (None, Some(failure)) => (
            theme.bad,
            format!("{}; nothing is lost; {}", failure.message, failure.advice()),
        ),
        (None, None) => (
            theme.muted,
            format!("profile {}", text::fit(&state.shell.profile, 30)),
        ),
    };
    let room = usize::from(place.height).saturating_sub(lines.len());
    let wrapped = text::wrap(&words, columns.saturating_sub(2), room);
    lines.extend(
        wrapped
            .into_iter()
            .map(|line| Line::styled(line, style).centered()),
    );
    popup::lines(lines, place, buf);
}
