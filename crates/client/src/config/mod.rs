//! The data directory, and the backend of a profile: by flags, environment and `config.toml`.

mod data_dir;
mod display;
mod environment;
mod error;
mod file;
#[cfg(test)]
mod fuzz;
mod location;
mod resolve;
mod save;
mod themes;

pub use data_dir::{DataDir, DataDirProblem};
pub use display::save_setting;
pub use environment::variable;
pub use error::ConfigError;
pub use file::{AuthMode, ProfileSettings};
pub use location::Overrides;
pub use resolve::{BackendKind, BackendProfile, Config, LOCAL};
pub use save::{SavedProfile, save_profile};
pub use themes::ThemeFile;
