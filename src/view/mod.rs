//! Pure pictures of the state: the same state and size always draw the same frame.

use ratatui::{Frame, text::Text};

use crate::app::State;

/// Draws the whole frame.
pub fn draw(frame: &mut Frame<'_>, _state: &State) {
    frame.render_widget(Text::raw("caltrack"), frame.area());
}
