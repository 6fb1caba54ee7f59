//! Pure pictures of the state: the same state and size always draw the same frame.
//!
//! No part of the view keeps anything between two frames: scroll position, selection and typed text are in the state.

#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

mod ascii;
mod dialogs;
mod format;
mod layout;
mod screens;
mod session;
mod theme;
mod widgets;

use ratatui::{
    Frame,
    buffer::Buffer,
    layout::{Position, Rect},
    text::Line,
    widgets::{Paragraph, Widget, Wrap},
};

use crate::app::{
    State, context,
    dialogs::Dialog,
    input::{
        action::{Action, Control},
        bindings::Meaning,
        mouse::Target,
    },
    proposed_target,
    session::{SignedOut, Stage},
    tab::Tab,
};
use theme::Theme;
use widgets::footer;

/// The fewest columns that the screens need.
pub const MIN_WIDTH: u16 = 40;
/// The fewest rows that the screens need.
pub const MIN_HEIGHT: u16 = 10;

/// Draws the whole frame.
pub fn draw(frame: &mut Frame<'_>, state: &State) {
    let area = frame.area();
    let theme = Theme::of(&state.shell.theme);
    let cursor = picture(state, &theme, area, frame.buffer_mut());
    if state.shell.is_ascii {
        ascii::translate(frame.buffer_mut());
    }
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
}

/// What can be clicked at a column and row of the picture of a state, in a terminal of the size that the state knows.
pub fn target_at(state: &State, (x, y): (u16, u16)) -> Option<Target> {
    let (width, height) = state.shell.size;
    let area = Rect::new(0, 0, width, height);
    let theme = Theme::noting_places(&state.shell.theme);
    picture(state, &theme, area, &mut Buffer::empty(area));
    theme.target_at(Position { x, y })
}

/// Paints the state; returns where the terminal's cursor belongs.
fn picture(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) -> Option<Position> {
    buf.set_style(area, theme.background);
    if area.width < MIN_WIDTH || area.height < MIN_HEIGHT {
        too_small(area, buf);
        return None;
    }
    let (body, foot) = layout::body_and_footer(area);
    let notice = state.shell.notice.as_ref().filter(|_| !state.dialogs.is_empty());
    if let Some(notice) = notice {
        // A dialog hides the screen's own line for notices.
        footer::notice(notice, theme, foot, buf);
    } else {
        let is_offered = |meaning| is_offered(state, meaning);
        footer::draw(&state.shell.keymap, context(state), is_offered, theme, foot, buf);
    }
    let cursor = screen(state, theme, body, buf);
    match state.dialogs.last() {
        None => cursor,
        Some(dialog) => {
            theme.cover();
            dialogs::draw(state, dialog, theme, body, buf)
        }
    }
}

/// Whether a meaning does something now, so that the footer shows its key.
fn is_offered(state: &State, meaning: Meaning) -> bool {
    if let Some(dialog) = state.dialogs.last() {
        return match (dialog, meaning) {
            (Dialog::Import(import), Meaning::Control(control)) => import.offers(control),
            _ => true,
        };
    }
    if let Some(form) = state.session.form() {
        return form.offers(meaning);
    }
    match (state.screens.tab, meaning) {
        (_, Meaning::Action(Action::AcceptProposal)) => proposed_target(state).is_some(),
        (Tab::Today, Meaning::Action(Action::LogAgain | Action::Edit | Action::Delete)) => {
            !state.log.day.rows.is_empty() || !state.log.day.is_known
        }
        (Tab::Trends, Meaning::Control(Control::Move(_))) => state.screens.trends.is_table,
        (Tab::Suggestions, Meaning::Action(Action::LogSuggestion) | Meaning::Control(Control::Move(_))) => {
            !state.screens.suggestions.list.is_empty()
        }
        _ => true,
    }
}

/// Draws what lies under the dialogs.
fn screen(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) -> Option<Position> {
    if let Some(form) = state.session.form() {
        return session::account::draw(state, form, theme, area, buf);
    }
    match &state.session.stage {
        Stage::SignedOut(SignedOut::Start(start)) => session::start::draw(state, start, theme, area, buf),
        // Drawn above.
        Stage::SignedOut(SignedOut::Form(_)) => {}
        Stage::SignedIn(signed_in) => {
            screens::draw(state, &signed_in.account.username, theme, area, buf);
        }
    }
    None
}

fn too_small(area: Rect, buf: &mut Buffer) {
    let size = format!("{}×{}", area.width, area.height);
    let lines = [
        Line::raw("The terminal is too small."),
        Line::raw(format!("It is {size}; {MIN_WIDTH}×{MIN_HEIGHT} is enough.")),
    ];
    let fits = lines.iter().all(|line| line.width() <= usize::from(area.width));
    let top = if fits {
        area.height.saturating_sub(2) / 2
    } else {
        0
    };
    let place = Rect {
        y: area.y + top,
        height: area.height - top,
        ..area
    };
    Paragraph::new(lines.to_vec())
        .centered()
        .wrap(Wrap { trim: true })
        .render(place, buf);
}
