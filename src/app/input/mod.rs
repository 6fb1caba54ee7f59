//! Keys, what they mean, and what they are typed into.

pub mod action;
pub mod bindings;
pub mod context;
pub mod key;
pub mod keymap;
pub mod mouse;
pub mod picker;
mod rebind;
pub mod text_field;
