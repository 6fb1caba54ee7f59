//! A backend that can't be opened: reported on the whole screen, until a key is pressed.

use std::io;

use ratatui::{
    Frame,
    layout::{Constraint, Layout},
    text::Line,
    widgets::{Paragraph, Wrap},
};

use super::{
    keys::Input, preparing::is_ended_by, signals, terminal::TerminalGuard, terminal_input::TerminalInput,
};
use crate::app::{Code, Failure, Key};

/// The failure as one text, the same on the screen and on standard error.
pub(super) fn text(failure: &Failure) -> String {
    let message = failure.message.trim_end_matches('.');
    caltrack_domain::clean(&format!(
        "{message}. Next: {}.",
        failure.advice().trim_end_matches('.')
    ))
}

/// Shows a failure until a key is pressed or the program is to end.
pub(super) async fn explain(
    terminal: &mut TerminalGuard,
    input: &mut TerminalInput,
    failure: &Failure,
) -> io::Result<()> {
    loop {
        terminal.draw(|frame| draw(frame, failure))?;
        tokio::select! {
            input = input.keyboard.next() => match input {
                Some(Input::Key(key)) if key == Key::ctrl('z') => signals::ask_to_stop()?,
                Some(Input::Key(key))
                    if matches!(key.code, Code::Enter | Code::Esc | Code::Char('q'))
                        || key == Key::ctrl('c') =>
                {
                    return Ok(());
                }
                Some(_) => {}
                None => return Ok(()),
            },
            signal = input.signals.next() => {
                if is_ended_by(signal, terminal, input).await? {
                    return Ok(());
                }
            }
        }
    }
}

fn draw(frame: &mut Frame<'_>, failure: &Failure) {
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
