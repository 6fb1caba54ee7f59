//! The day to go to, as it is typed.

use caltrack_domain::line::typed_day;
use jiff::civil::Date;

use crate::app::{
    input::{action::Control, context::Context, key::Key, text_field::TextField},
    reaction::{Pick, Reaction},
    shell::Shell,
};

const LIMIT: usize = 40;

/// The typed day.
#[derive(Debug, Clone, PartialEq)]
pub struct Jump {
    /// A day in any form that commands accept.
    pub field: TextField,
}

impl Jump {
    pub(in crate::app) fn new() -> Self {
        Self {
            field: TextField::new(LIMIT),
        }
    }

    /// The day that is typed so far, or why it is none; `None` while nothing is typed.
    pub fn day(&self, today: Date) -> Option<Result<Date, String>> {
        let day = || typed_day(self.field.value(), today).map_err(|error| error.to_string());
        (!self.field.is_blank()).then(day)
    }

    pub(super) fn press(&mut self, shell: &Shell, key: Key) -> Reaction {
        match shell.keymap.control(Context::Jump, key) {
            Some(Control::Confirm) => match self.day(shell.today()) {
                Some(Ok(day)) => Reaction::Pick(Pick::Day(day)),
                Some(Err(_)) | None => Reaction::Stay,
            },
            Some(Control::Back) => Reaction::Close,
            Some(Control::Move(_) | Control::NextField | Control::PreviousField) | None => {
                self.field.press(key);
                Reaction::Stay
            }
        }
    }
}
