//! The screens of a signed-in user, one for each tab.

mod bars;
mod day_budget;
mod frame;
mod header;
mod heat_map;
mod history;
mod profile;
mod shares;
mod spent;
mod suggestions;
mod table;
mod today;
mod trends;
mod weight;

use ratatui::{buffer::Buffer, layout::Rect};

use super::theme::Theme;
use crate::app::{State, tab::Tab};

/// Draws the screen that is shown, for the user of this name.
pub(super) fn draw(state: &State, username: &str, theme: &Theme, area: Rect, buf: &mut Buffer) {
    match state.screens.tab {
        Tab::Today => today::draw(state, username, theme, area, buf),
        Tab::History => history::draw(state, username, theme, area, buf),
        Tab::Trends => trends::draw(state, username, theme, area, buf),
        Tab::Suggestions => suggestions::draw(state, username, theme, area, buf),
        Tab::Profile => profile::draw(state, username, theme, area, buf),
    }
}
