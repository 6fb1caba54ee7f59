//! The question before a sign-out that leaves changes in the queue.

use crate::app::{
    effect::Effect,
    input::{action::Control, context::Context, key::Key, keymap::Keymap},
    reaction::Reaction,
};

/// The question whether to sign out although changes wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignOutQuestion {
    /// Whether every other session of the account ends too.
    pub everywhere: bool,
    /// How many changes wait.
    pub queued: usize,
}

impl SignOutQuestion {
    pub(super) fn press(self, keymap: &Keymap, key: Key) -> Reaction {
        match keymap.control(Context::SignOut, key) {
            Some(Control::Confirm) => Reaction::Finish(Effect::SignOut {
                everywhere: self.everywhere,
            }),
            Some(Control::Back) => Reaction::Close,
            Some(Control::Move(_) | Control::NextField | Control::PreviousField) | None => Reaction::Stay,
        }
    }
}
