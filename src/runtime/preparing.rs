//! Work that has to be done before the screens open, under a screen that says so.

use std::io;

use futures_util::future::BoxFuture;
use ratatui::{
    Frame,
    layout::{Constraint, Layout},
    text::Line,
    widgets::{Paragraph, Wrap},
};
use tokio::sync::oneshot;

use super::{
    keys::Input,
    signals::{self, Signal},
    terminal::TerminalGuard,
    terminal_input::TerminalInput,
};
use crate::app::{Code, Failure, FailureKind, Key};

/// Inputs that are kept until the screens are open. More are not typed in a few seconds.
const MAX_TYPED: usize = 1_000;

/// Work that has to be done before the screens open.
pub struct Preparation {
    /// What it does, in a sentence or two of ASCII.
    pub words: &'static str,
    /// The work. It ends soon after `stop` has sent.
    pub work: BoxFuture<'static, Result<(), Failure>>,
    /// Ends the work before it is done.
    pub stop: oneshot::Sender<()>,
}

/// What came of it.
pub(super) enum Prepared {
    /// It is done. What was typed meanwhile is for the screens.
    Done(Vec<Input>),
    /// It failed.
    Failed(Failure),
    /// The user, or a signal, ended the program.
    Ended,
}

/// Does the work, and shows what it does. Keys are answered meanwhile: Ctrl-C ends the program, and so does `q` where nothing was
/// typed before.
pub(super) async fn prepare(
    terminal: &mut TerminalGuard,
    input: &mut TerminalInput,
    preparation: Preparation,
) -> io::Result<Prepared> {
    let Preparation { words, work, stop } = preparation;
    let mut work = tokio::spawn(work);
    let mut typed = Vec::new();
    loop {
        terminal.draw(|frame| draw(frame, words))?;
        let ends = tokio::select! {
            done = &mut work => {
                return Ok(match done {
                    Ok(Ok(())) => Prepared::Done(typed),
                    Ok(Err(failure)) => Prepared::Failed(failure),
                    Err(error) => Prepared::Failed(Failure::new(FailureKind::Internal, error.to_string())),
                });
            }
            input = input.keyboard.next() => match input {
                Some(Input::Key(key)) if key == Key::ctrl('z') => {
                    signals::ask_to_stop()?;
                    false
                }
                Some(Input::Key(key)) if is_end(key, typed.is_empty()) => true,
                Some(input) => {
                    if typed.len() < MAX_TYPED {
                        typed.push(input);
                    }
                    false
                }
                // The terminal is gone.
                None => true,
            },
            signal = input.signals.next() => is_ended_by(signal, terminal, input).await?,
        };
        if ends {
            terminal.suspend()?;
            // It may be done already.
            let _ = stop.send(());
            // What it returns no longer matters.
            let _ = work.await;
            return Ok(Prepared::Ended);
        }
    }
}

fn is_end(key: Key, is_first: bool) -> bool {
    key == Key::ctrl('c') || is_first && matches!(key.code, Code::Esc | Code::Char('q'))
}

/// Handles a signal while the loop doesn't run; returns whether the program ends.
pub(super) async fn is_ended_by(
    signal: Signal,
    terminal: &mut TerminalGuard,
    input: &mut TerminalInput,
) -> io::Result<bool> {
    match signal {
        Signal::Terminate(_) => return Ok(true),
        Signal::Stop if signals::JobControl::can_be_resumed() => {
            terminal.suspend()?;
            if input.signals.stop_here().await?.is_some() {
                return Ok(true);
            }
            terminal.resume()?;
        }
        Signal::Stop => {}
        Signal::Continue => terminal.resume()?,
        Signal::WindowChange => terminal.disturb(),
    }
    Ok(false)
}

fn draw(frame: &mut Frame<'_>, words: &str) {
    let [_, heading, _, body, foot] = Layout::vertical([
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Fill(2),
        Constraint::Length(1),
    ])
    .areas(frame.area());
    frame.render_widget(Line::raw("caltrack").centered(), heading);
    let words = Paragraph::new(words).wrap(Wrap { trim: true }).centered();
    frame.render_widget(words, body);
    frame.render_widget(Line::raw(" Ctrl-C ends"), foot);
}
