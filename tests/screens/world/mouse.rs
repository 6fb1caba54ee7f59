//! The mouse.

use caltrack_tui::app::{Message, input::action::Motion};

use super::World;

impl World {
    /// Clicks on a cell of the screen as it is at the size that the state knows; nothing happens where nothing is.
    pub(crate) fn click(&mut self, x: u16, y: u16) -> &mut Self {
        let target = caltrack_tui::view::target_at(&self.state, (x, y));
        self.send_all(target.map(Message::Click))
    }

    /// Clicks on the first letter of a text.
    #[track_caller]
    pub(crate) fn click_on(&mut self, text: &str) -> &mut Self {
        let (width, height) = self.state.shell.size;
        let screen = self.screen(width, height);
        let found = (0..).zip(screen.lines()).find_map(|(y, line)| {
            let (before, _) = line.split_once(text)?;
            Some((u16::try_from(before.chars().count()).unwrap(), y))
        });
        let (x, y) = found.unwrap_or_else(|| panic!("no `{text}` on the screen:\n{screen}"));
        self.click(x, y)
    }

    /// Turns the wheel.
    pub(crate) fn wheel(&mut self, motion: Motion) -> &mut Self {
        self.send(Message::Wheel(motion))
    }
}
