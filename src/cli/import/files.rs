//! The files of an import, read before anything is opened.

use std::{
    fs::File,
    io::{Cursor, IsTerminal as _, Read as _},
    path::Path,
};

use caltrack_domain::{clean, shortened};
use caltrack_import::{DayOrder, ForeignEntry, Import, ImportError, Options, WeightUnit, read as read_file};
use uuid::Uuid;

use crate::cli::{arguments::ImportArguments, error::CommandError};

/// The longest standard input in bytes.
const MAX_INPUT: u64 = 128 << 20;
/// Characters of a name of the history.
const MAX_NAME: usize = 40;

/// What the options of the command decide.
#[derive(Debug)]
pub(in crate::cli) struct Choices {
    pub(super) dry_run: bool,
    pub(super) again: bool,
    pub(super) weight_unit: Option<WeightUnit>,
    /// The name of the source in ids, for tables of unknown ones.
    pub(super) source: Option<String>,
}

/// What the files contain.
#[derive(Debug)]
pub(in crate::cli) struct ReadFiles {
    pub(super) import: Import,
    /// The files' names, for the history.
    pub(super) name: String,
    /// Tells this import from others of files with the same names.
    pub(super) mark: String,
}

/// Reads the files of the arguments.
pub(in crate::cli) fn read(arguments: &ImportArguments) -> Result<(ReadFiles, Choices), CommandError> {
    let options = options(arguments)?;
    let weight_unit = match arguments.weights.as_deref() {
        None => None,
        Some(unit) => Some(
            WeightUnit::parse(unit)
                .ok_or_else(|| CommandError::value(format!("`{unit}` is no unit of weight: kg, lb or st")))?,
        ),
    };
    let mut whole = Import::default();
    for path in &arguments.files {
        let shown = shown(path);
        let import = open(path, &options).map_err(|error| refused(&shown, error))?;
        check_source(arguments.source.as_deref(), &import, &shown)?;
        if let [_] = arguments.files.as_slice() {
            whole = import;
        } else {
            whole.append(import, &shown);
        }
    }
    let import = whole.settled();
    let name = match arguments.files.as_slice() {
        [one] => short(&shown(one)),
        [first, others @ ..] => format!("{} and {} more", short(&shown(first)), others.len()),
        [] => String::new(),
    };
    let files = ReadFiles {
        mark: mark(&import, arguments.again),
        import,
        name,
    };
    let choices = Choices {
        dry_run: arguments.dry_run,
        again: arguments.again,
        weight_unit,
        source: arguments.source.clone(),
    };
    Ok((files, choices))
}

fn options(arguments: &ImportArguments) -> Result<Options, CommandError> {
    let day_order = match arguments.dates.as_deref() {
        None => None,
        Some("day-first") => Some(DayOrder::DayFirst),
        Some("month-first") => Some(DayOrder::MonthFirst),
        Some(other) => {
            return Err(CommandError::value(format!(
                "`{other}` is no order of dates: day-first or month-first"
            )));
        }
    };
    let decimal_comma = match arguments.decimal.as_deref() {
        None => None,
        Some("comma") => Some(true),
        Some("point") => Some(false),
        Some(other) => {
            return Err(CommandError::value(format!(
                "`{other}` is no decimal sign: point or comma"
            )));
        }
    };
    Ok(Options {
        day_order,
        decimal_comma,
        mapping: arguments.map.clone(),
    })
}

fn open(path: &Path, options: &Options) -> Result<Import, ImportError> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        let stdin = std::io::stdin();
        if stdin.is_terminal() {
            crate::cli::notice::notice("reading standard input; Ctrl-D ends it");
        }
        stdin.lock().take(MAX_INPUT + 1).read_to_end(&mut bytes)?;
        return read_file("-", Cursor::new(bytes), options);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(ImportError::Unreadable(std::io::Error::from(
            std::io::ErrorKind::IsADirectory,
        )));
    }
    read_file(&name, file, options)
}

fn shown(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

fn refused(name: &str, error: ImportError) -> CommandError {
    match error {
        ImportError::Ask { question, next } => CommandError::ask(format!("{name}: {question}")).advising(next),
        ImportError::Unreadable(error) => CommandError::usage(format!("{name} can't be read: {error}"))
            .advising("check the path; nothing was imported"),
        ImportError::Mapping(_) => CommandError::value(format!("{name}: {error}"))
            .advising("correct --map; nothing was imported"),
        ImportError::Unknown { .. } => CommandError::value(format!("{name}: {error}")).advising(
            "`import` reads what docs/data.md lists, and any CSV by --map date=COLUMN,kcal=COLUMN,…; nothing was imported",
        ),
        ImportError::TooLarge { .. } | ImportError::Damaged(_) => {
            CommandError::value(format!("{name}: {error}")).advising("export it again; nothing was imported")
        }
    }
}

/// Fails if a file isn't of the tracker that the user names.
fn check_source(source: Option<&str>, import: &Import, name: &str) -> Result<(), CommandError> {
    let Some(source) = source else { return Ok(()) };
    let plain = |text: &str| text.to_lowercase().replace([' ', '-', '_', '!'], "");
    let wanted = plain(source);
    let is_known = import
        .sources
        .iter()
        .all(|known| matches!(known.as_str(), "table" | "weights") || plain(known).starts_with(&wanted));
    if is_known {
        return Ok(());
    }
    Err(CommandError::value(format!(
        "{name} is of {}, not of {source}",
        import.sources.join(", ")
    ))
    .advising("leave out --source; nothing was imported"))
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
