//! The line for a value of the profile, or for the weight of a day.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::Line,
};

use crate::{
    app::{State, dialogs::value::ValueDialog, screens::profile::Setting},
    view::{
        layout::{centered, take_top, under_totals},
        theme::Theme,
        widgets::{input, popup, text},
    },
};

pub(super) fn draw(
    state: &State,
    dialog: &ValueDialog,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) -> Position {
    let title = match dialog.setting {
        Setting::Weight => format!("Weight on {}", dialog.date),
        Setting::Target => format!("Target from {}", dialog.date),
        setting => setting.title().to_owned(),
    };
    let mut inner = popup::draw(&title, theme, centered(under_totals(area), 60, 6), buf);
    let line = take_top(&mut inner, 1);
    let cursor = input::draw(&dialog.field, theme.text, line, buf);
    let (style, words) = match &dialog.problem {
        Some(problem) => (theme.bad, problem.as_str()),
        None => (theme.muted, dialog.setting.hint(state.shell.display.measures)),
    };
    let lines = text::wrap(words, usize::from(inner.width), usize::from(inner.height));
    popup::lines(
        lines.into_iter().map(|line| Line::styled(line, style)),
        inner,
        buf,
    );
    cursor
}
