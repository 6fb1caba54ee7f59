//! A line of the default keys.

use super::meaning::Meaning;
use crate::app::input::{
    action::{Action, Control, Motion},
    key::{Code, Key},
};

pub(super) const UP: Key = Key::new(Code::Up);
pub(super) const DOWN: Key = Key::new(Code::Down);
pub(super) const LEFT: Key = Key::new(Code::Left);
pub(super) const RIGHT: Key = Key::new(Code::Right);
pub(super) const PAGE_UP: Key = Key::new(Code::PageUp);
pub(super) const PAGE_DOWN: Key = Key::new(Code::PageDown);
pub(super) const HOME: Key = Key::new(Code::Home);
pub(super) const END: Key = Key::new(Code::End);
pub(super) const ENTER: Key = Key::new(Code::Enter);
pub(super) const ESC: Key = Key::new(Code::Esc);
pub(super) const TAB: Key = Key::new(Code::Tab);
pub(super) const BACK_TAB: Key = Key::new(Code::BackTab);
pub(super) const DELETE: Key = Key::new(Code::Delete);
pub(super) const SPACE: Key = Key::char(' ');

pub(super) const fn char(c: char) -> Key {
    Key::char(c)
}

/// Keys, what they do, and the word of the footer.
pub(super) type Row = (&'static [Key], Meaning, Option<&'static str>);

pub(super) const fn run(keys: &'static [Key], action: Action, footer: Option<&'static str>) -> Row {
    (keys, Meaning::Action(action), footer)
}

pub(super) const fn control(keys: &'static [Key], control: Control, footer: Option<&'static str>) -> Row {
    (keys, Meaning::Control(control), footer)
}

pub(super) const fn step(keys: &'static [Key], motion: Motion, footer: Option<&'static str>) -> Row {
    control(keys, Control::Move(motion), footer)
}
