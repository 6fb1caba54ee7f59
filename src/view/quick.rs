//! The quick line, over the bottom of the screen.

use ratatui::{buffer::Buffer, layout::Position, layout::Rect, text::Line};

use super::{
    layout::{take_bottom, take_top},
    theme::Theme,
    today::weekday,
    widgets::{input, popup, text},
};
use crate::app::{
    State,
    quick::{Preview, Quick},
};

pub(super) fn draw(state: &State, quick: &Quick, theme: &Theme, area: Rect, buf: &mut Buffer) -> Position {
    let mut area = area;
    let place = take_bottom(&mut area, 6);
    let (day, _) = weekday(quick.date);
    let title = if quick.date == state.now.date() {
        "Add to today".to_owned()
    } else {
        format!("Add to {day} {}", quick.date)
    };
    let mut inner = popup::draw(&title, theme, place, buf);
    let mut line = take_top(&mut inner, 1);
    popup::lines([Line::styled("›", theme.brand)], line, buf);
    take_left(&mut line, 2);
    let cursor = input::draw(&quick.field, theme.text, line, buf);
    let (style, said) = match (&quick.problem, quick.preview(state)) {
        (Some(problem), _) => (theme.bad, problem.clone()),
        (None, Preview::Empty) => (
            theme.muted,
            "a type and kcal: `lunch 650`, `run 300`; kcal alone: `650`".to_owned(),
        ),
        (None, Preview::Entry(entry)) => {
            let name = entry.name.map_or_else(String::new, |name| format!(" · {name}"));
            let words = format!(
                "logs {} kcal · {} · {}{name}",
                entry.kcal, entry.kind, entry.category
            );
            (theme.good, words)
        }
        (None, Preview::Problem(problem)) => (theme.waiting, problem),
    };
    let said = text::wrap(&said, usize::from(inner.width), usize::from(inner.height));
    popup::lines(said.into_iter().map(|line| Line::styled(line, style)), inner, buf);
    cursor
}

fn take_left(area: &mut Rect, columns: u16) {
    let columns = columns.min(area.width);
    area.x += columns;
    area.width -= columns;
}
