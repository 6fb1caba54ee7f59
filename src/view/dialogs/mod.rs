//! Dialogs, over the screen.

mod account_task;
mod change;
mod form;
mod help;
mod import;
mod palette;
mod queue;
mod quick;
mod repeat;
mod saved;
mod sign_out;
mod tools;
mod value;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::theme::Theme;
use crate::app::{State, dialogs::Dialog};

/// Draws a dialog; returns where the cursor is.
pub(super) fn draw(
    state: &State,
    dialog: &Dialog,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let keymap = &state.shell.keymap;
    match dialog {
        Dialog::Quick(quick) => Some(quick::draw(state, quick, theme, area, buf)),
        Dialog::Form(form) => form::draw(form, keymap, theme, area, buf),
        Dialog::Help(help) => {
            help::draw(*help, keymap, theme, area, buf);
            None
        }
        Dialog::Palette(palette) => Some(palette::draw(palette, keymap, theme, area, buf)),
        Dialog::Import(dialog) => import::draw(state, dialog, theme, area, buf),
        Dialog::Queue(dialog) => {
            queue::draw(state, *dialog, theme, area, buf);
            None
        }
        Dialog::Repeat(repeat) => {
            repeat::draw(state, repeat, theme, area, buf);
            None
        }
        Dialog::Library(list) => {
            saved::list(state, *list, theme, area, buf);
            None
        }
        Dialog::LibraryItem(form) => saved::form(form, keymap, theme, area, buf),
        Dialog::Change(dialog) => change::draw(state, dialog, theme, area, buf),
        Dialog::Tool(tool) => tools::draw(state, tool, theme, area, buf),
        Dialog::Value(dialog) => Some(value::draw(state, dialog, theme, area, buf)),
        Dialog::Task(dialog) => account_task::draw(dialog, keymap, theme, area, buf),
        Dialog::SignOut(question) => {
            let account = state.session.account();
            let username = account.map_or("", |account| &account.username);
            sign_out::draw(*question, username, keymap, theme, area, buf);
            None
        }
    }
}
