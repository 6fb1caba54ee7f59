//! What the mouse can be pressed on.

use jiff::civil::Date;

use crate::app::tab::Tab;

/// Something on the screen that a click chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A screen, by its tab.
    Tab(Tab),
    /// A line of the list that takes the keys: so many lines below the selected one, or above where negative.
    Line(isize),
    /// A day, in a chart, a list or a calendar.
    Day(Date),
}
