//! The files of an import.

use std::{fs::File, io, path::Path};

use caltrack_domain::{clean, shortened};
use caltrack_import::{ForeignEntry, Import, ImportError, Options, read};
use uuid::Uuid;

/// Characters of a name of the history.
const MAX_NAME: usize = 40;

/// What the files contain.
#[derive(Debug)]
pub(crate) struct ReadFiles {
    pub(crate) import: Import,
    /// The files' names, for the history.
    pub(super) name: String,
    /// Distinguishes this import from others of files with the same names.
    pub(super) mark: String,
}

impl ReadFiles {
    /// What files contain, by their names.
    pub(crate) fn of(files: Vec<(String, Import)>, again: bool) -> Self {
        let name = match files.as_slice() {
            [(one, _)] => short(one),
            [(first, _), others @ ..] => format!("{} and {} more", short(first), others.len()),
            [] => String::new(),
        };
        let is_one = files.len() == 1;
        let mut whole = Import::default();
        for (name, import) in files {
            if is_one {
                whole = import;
            } else {
                whole.append(import, &name);
            }
        }
        let import = whole.settled();
        Self {
            mark: mark(&import, again),
            import,
            name,
        }
    }
}

/// Reads a file.
///
/// # Errors
///
/// [`ImportError`]; also for a directory.
pub(crate) fn open(path: &Path, options: &Options) -> Result<Import, ImportError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(ImportError::Unreadable(io::Error::from(
            io::ErrorKind::IsADirectory,
        )));
    }
    read(&name, file, options)
}

/// A short hash of what was read.
fn mark(import: &Import, again: bool) -> String {
    let mut rows: Vec<String> = import.entries.iter().map(ForeignEntry::row).collect();
    rows.extend(import.own.iter().map(|own| own.new.id.clone()));
    rows.extend(
        import
            .weights
            .iter()
            .map(|weight| format!("{} {}", weight.date, weight.value)),
    );
    rows.extend(import.foods.iter().map(|food| food.name.clone()));
    rows.push(again.to_string());
    let hash = Uuid::new_v5(&Uuid::NAMESPACE_OID, rows.join("\n").as_bytes())
        .simple()
        .to_string();
    hash.get(..8).unwrap_or(&hash).to_owned()
}

/// A name for the history.
fn short(name: &str) -> String {
    shortened(&clean(name), MAX_NAME)
}
