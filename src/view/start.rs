//! The first screen.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{
    layout::centered,
    theme::Theme,
    widgets::{popup, text},
};
use crate::app::{
    State,
    start::{Choice, Start},
};

pub(super) fn draw(state: &State, start: &Start, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let place = centered(area, 56, 11);
    let columns = usize::from(place.width);
    let mut lines = vec![
        Line::styled("caltrack", theme.brand).centered(),
        Line::styled("A calorie log for the terminal", theme.muted).centered(),
        Line::default(),
    ];
    for (at, choice) in Start::choices(state.starts_here).iter().enumerate() {
        let words = match choice {
            Choice::Here => "Press Enter to start on this computer",
            Choice::SignIn => "Sign in",
            Choice::SignUp => "Create an account",
            Choice::Forgot => "Forgotten password",
        };
        let selected = at == start.selected;
        let mark = if selected { " > " } else { "   " };
        let words = text::column(&format!("{mark}{words}"), 40.min(columns));
        let line = Line::styled(words, if selected { theme.selected } else { theme.text });
        lines.push(line.centered());
    }
    lines.push(Line::default());
    let (style, said) = match (start.busy, &start.failure) {
        (Some(_), _) => (theme.waiting, "One moment: opening your account…".to_owned()),
        (None, Some(failure)) => (
            theme.bad,
            format!("{}; nothing is lost; {}", failure.message, failure.advice()),
        ),
        (None, None) => (theme.muted, format!("profile {}", text::fit(&state.profile, 30))),
    };
    let room = usize::from(place.height).saturating_sub(lines.len());
    let said = text::wrap(&said, columns.saturating_sub(2), room);
    lines.extend(said.into_iter().map(|line| Line::styled(line, style).centered()));
    popup::lines(lines, place, buf);
}
