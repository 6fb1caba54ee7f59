//! Events of the keyboard and the mouse.

use crate::app::Key;

/// An event of the keyboard or the mouse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    /// A key was pressed.
    Key(Key),
    /// A text was pasted.
    Paste(String),
    /// The first button was pressed on a cell.
    Press {
        /// The column, from 0.
        column: u16,
        /// The row, from 0.
        row: u16,
    },
    /// The wheel was turned.
    Wheel {
        /// Away from the user.
        up: bool,
    },
}
