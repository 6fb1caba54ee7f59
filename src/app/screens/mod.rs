//! The screens of a signed-in user, one for each [`Tab`].

pub mod today;

use self::today::Today;
use super::{input::action::Control, log::rows::Row, tab::Tab};

/// The states of the screens, and which one is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Screens {
    /// The screen that is shown.
    pub tab: Tab,
    /// The state of the Today screen.
    pub today: Today,
}

impl Screens {
    /// Takes a control key on the screen that is shown. `page` is the number of rows that a page key moves.
    pub(super) fn control(&mut self, control: Control, page: usize, rows: &[Row]) {
        match (self.tab, control) {
            (Tab::Today, Control::Move(motion)) => self.today.move_by(motion, page, rows),
            (Tab::Today, Control::NextField | Control::PreviousField | Control::Confirm | Control::Back) => {}
        }
    }
}
