//! The files of an import, read before anything is opened.

use std::{
    io::{Cursor, IsTerminal as _, Read as _},
    path::Path,
};

use caltrack_import::{DayOrder, Import, ImportError, Options, WeightUnit, read as read_bytes};

use crate::{
    cli::{arguments::ImportArguments, error::CommandError, notice::notice},
    importer::{Choices, ReadFiles, open},
};

/// The longest standard input in bytes.
const MAX_INPUT: u64 = 128 << 20;

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
    let mut files = Vec::new();
    for path in &arguments.files {
        let shown = shown(path);
        let import = if path == Path::new("-") {
            standard_input(&options)
        } else {
            open(path, &options)
        };
        let import = import.map_err(|error| refused(&shown, error))?;
        check_source(arguments.source.as_deref(), &import, &shown)?;
        files.push((shown, import));
    }
    let choices = Choices {
        again: arguments.again,
        weight_unit,
        source: arguments.source.clone(),
    };
    Ok((ReadFiles::of(files, arguments.again), choices))
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

fn standard_input(options: &Options) -> Result<Import, ImportError> {
    let mut bytes = Vec::new();
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        notice("reading standard input; Ctrl-D ends it");
    }
    stdin.lock().take(MAX_INPUT + 1).read_to_end(&mut bytes)?;
    read_bytes("-", Cursor::new(bytes), options)
}

fn shown(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

fn refused(name: &str, error: ImportError) -> CommandError {
    match error {
        ImportError::Ask { question, next, .. } => {
            CommandError::ask(format!("{name}: {question}")).advising(next)
        }
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
