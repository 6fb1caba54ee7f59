//! Dialogs about the screens themselves.

mod lists;
mod search;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use crate::{
    app::{State, dialogs::tools::Tool},
    view::theme::Theme,
};

/// Draws one; returns where the cursor is.
pub(super) fn draw(
    state: &State,
    tool: &Tool,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    match tool {
        Tool::Search(search) => search::draw(state, search, theme, area, buf),
        Tool::Jump(jump) => Some(lists::jump(state, jump, theme, area, buf)),
        Tool::Themes(list) => {
            lists::themes(list, theme, area, buf);
            None
        }
        Tool::Settings(list) => {
            lists::settings(state, *list, theme, area, buf);
            None
        }
        Tool::Tour(tour) => {
            lists::tour(state, *tour, theme, area, buf);
            None
        }
    }
}
