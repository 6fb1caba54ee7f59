//! A backend that can't be opened: reported on the whole screen, until a key is pressed.

use ratatui::{
    Frame,
    layout::{Constraint, Layout},
    text::Line,
    widgets::{Paragraph, Wrap},
};

use crate::app::Failure;

/// The failure as one text, the same on the screen and on standard error.
pub(super) fn text(failure: &Failure) -> String {
    let message = failure.message.trim_end_matches('.');
    caltrack_domain::clean(&format!(
        "{message}. Next: {}.",
        failure.advice().trim_end_matches('.')
    ))
}

pub(super) fn draw(frame: &mut Frame<'_>, failure: &Failure) {
    let [_, heading, _, body, foot] = Layout::vertical([
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Fill(3),
        Constraint::Length(1),
    ])
    .areas(frame.area());
    frame.render_widget(Line::raw("caltrack can't start").centered(), heading);
    let report = Paragraph::new(text(failure)).wrap(Wrap { trim: true }).centered();
    frame.render_widget(report, body);
    frame.render_widget(Line::raw("q Quit").centered(), foot);
}
