//! Themes: how each role of the screens looks, as plain data.

mod built_in;
mod choice;
mod color;
mod paint;
mod roles;

pub use choice::{NamedTheme, Themes};
pub use color::{Ansi, Color, Depth};
pub use paint::Paint;
pub use roles::Theme;
