//! The theme files: `themes/*.toml` beside the configuration file.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{file::read_text, resolve::Config};

/// The most files that are read.
const MAX_FILES: usize = 200;

/// A theme file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeFile {
    /// The theme's name: that of the file without `.toml`.
    pub name: String,
    /// How each role is painted; or why the file can't be read, for people.
    pub roles: Result<BTreeMap<String, String>, String>,
}

impl Config {
    /// The directory of the user's theme files, which may be absent.
    pub fn themes(&self) -> PathBuf {
        let parent = self.file.parent().unwrap_or_else(|| Path::new("."));
        parent.join("themes")
    }

    /// The user's themes, by name.
    pub fn theme_files(&self) -> Vec<ThemeFile> {
        let Ok(directory) = self.themes().read_dir() else {
            return Vec::new();
        };
        let mut files: Vec<ThemeFile> = directory
            .filter_map(Result::ok)
            .filter_map(|file| read(&file.path()))
            .take(MAX_FILES)
            .collect();
        files.sort_by(|one, other| one.name.cmp(&other.name));
        files
    }
}

fn read(path: &Path) -> Option<ThemeFile> {
    if path.extension()? != "toml" {
        return None;
    }
    let name = path.file_stem()?.to_str()?.to_owned();
    let text = read_text(path).map_err(|error| error.to_string());
    let roles = text.and_then(|text| toml::from_str(&text).map_err(|error| error.message().to_owned()));
    Some(ThemeFile { name, roles })
}
