//! The quick line, over the bottom of the screen.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
};

use crate::{
    app::{
        State,
        dialogs::quick::{Preview, Quick},
    },
    view::{
        format,
        layout::{take_bottom, take_left, take_top},
        theme::Theme,
        widgets::{input, popup, text},
    },
};

pub(super) fn draw(state: &State, quick: &Quick, theme: &Theme, area: Rect, buf: &mut Buffer) -> Position {
    let mut area = area;
    let place = take_bottom(&mut area, 6);
    let title = if quick.date == state.shell.today() {
        "Add to today".to_owned()
    } else {
        format!("Add to {} {}", format::weekday(quick.date), quick.date)
    };
    let mut inner = popup::draw(&title, theme, place, buf);
    let mut line = take_top(&mut inner, 1);
    popup::lines([Line::from(Span::styled("›", theme.brand))], line, buf);
    take_left(&mut line, 2);
    let cursor = input::draw(&quick.field, theme.text, line, buf);
    let preview = quick.preview(&state.catalog.categories, &state.shell.now);
    let (style, words) = match (&quick.problem, preview) {
        (Some(problem), _) => (theme.bad, problem.clone()),
        (None, Preview::Empty) => (
            theme.muted,
            "a type and kcal: `lunch 650`, `run 300`; kcal alone: `650`".to_owned(),
        ),
        (None, Preview::Entry(entry)) => {
            let name = entry.name.map_or_else(String::new, |name| format!(" · {name}"));
            let logs = format!(
                "logs {} kcal · {} · {}{name}",
                entry.kcal, entry.kind, entry.category
            );
            (theme.good, logs)
        }
        (None, Preview::Problem(problem)) => (theme.waiting, problem),
    };
    let lines = text::wrap(&words, usize::from(inner.width), usize::from(inner.height));
    popup::lines(
        lines.into_iter().map(|line| Line::styled(line, style)),
        inner,
        buf,
    );
    cursor
}
