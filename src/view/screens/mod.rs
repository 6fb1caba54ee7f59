//! The screens of a signed-in user, one for each tab.

mod today;

use ratatui::{buffer::Buffer, layout::Rect};

use super::theme::Theme;
use crate::app::{State, tab::Tab};

/// Draws the screen that is shown, for the user of this name.
pub(super) fn draw(state: &State, username: &str, theme: &Theme, area: Rect, buf: &mut Buffer) {
    match state.screens.tab {
        Tab::Today => today::draw(state, username, theme, area, buf),
    }
}
