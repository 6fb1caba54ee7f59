//! From a file to its rows: what kind of file it is, and which source wrote it.

use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};

use serde_json::Value;

use crate::{
    Options,
    archive::{Archive, Part},
    csv::{self, MAX_CELLS, Record, Records},
    encoding,
    error::{ImportError, Unclear},
    layout::{Header, Layout},
    mapping,
    model::{Import, Weight, WeightUnit},
    number::{self, Decimal},
    own,
    sources::{
        self, applehealth, cronometer, fatsecret, fitbit, foodyou, headerless, lines, opennutritracker,
        waistline,
    },
    spreadsheet,
    table::{self, Origin},
};

/// The largest table or JSON in bytes, and all those of an archive together.
const MAX_TEXT: u64 = 128 << 20;
/// The most rows of a table.
const MAX_ROWS: usize = 1_000_000;
/// Rows before the header, such as titles.
const MAX_PREAMBLE: usize = 40;
/// How deep archives may be in one another.
const MAX_DEPTH: u8 = 3;
/// Bytes by which the kind of a file is recognised.
const HEAD: u64 = 4 << 10;

/// Reads a file. `name` is only used where its content leaves a doubt.
///
/// # Errors
///
/// [`ImportError`]; an error about a part of an archive names the part.
pub fn read<R: Read + Seek>(name: &str, mut file: R, options: &Options) -> Result<Import, ImportError> {
    let mut head = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    if is_archive(&head) {
        return archive(file, options, &mut Unpacking::default());
    }
    let import = content(name, &head, file, options)?;
    Ok(import.numbered())
}

/// Whether bytes are the beginning of a zip archive.
fn is_archive(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Whether bytes are the beginning of XML.
fn is_xml(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    head.trim_ascii_start().starts_with(b"<")
}

/// Reads a file that is no archive.
fn content(name: &str, head: &[u8], file: impl Read, options: &Options) -> Result<Import, ImportError> {
    if is_xml(head) {
        let mut import = Import::default();
        if !head.windows(11).any(|window| window == b"<HealthData") {
            return Err(ImportError::unknown());
        }
        applehealth::read(BufReader::new(file), &mut import)?;
        return Ok(import);
    }
    let mut bytes = Vec::new();
    file.take(MAX_TEXT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_TEXT {
        return Err(ImportError::too_large("the file", "128 MiB"));
    }
    text(name, &encoding::text(bytes), options)
}

/// What was unpacked of an archive so far, with the archives in it.
#[derive(Debug, Default)]
struct Unpacking {
    /// The number of archives around the present one.
    depth: u8,
    /// Bytes of all parts that are read whole.
    total: u64,
}

impl Unpacking {
    /// Counts a part that is read whole.
    fn add(&mut self, size: u64) -> Result<(), ImportError> {
        self.total = self.total.saturating_add(size);
        if self.total > MAX_TEXT {
            return Err(ImportError::too_large("the archive", "128 MiB"));
        }
        Ok(())
    }
}

fn archive<R: Read + Seek>(
    file: R,
    options: &Options,
    unpacking: &mut Unpacking,
) -> Result<Import, ImportError> {
    let mut archive = Archive::open(file)?;
    let mut import = Import::default();
    if spreadsheet::is_workbook(&archive.parts) {
        for (name, rows) in spreadsheet::sheets(&mut archive)? {
            let mut sheet = Import::default();
            match records(&rows, Origin::Spreadsheet, options, &mut sheet) {
                Ok(()) => import.append(sheet.numbered(), &name),
                Err(ImportError::Unknown { .. }) => {
                    import.warn(format!("{name} has nothing that is imported"));
                }
                Err(error) => return Err(error),
            }
        }
    } else {
        parts(&mut archive, options, &mut import, unpacking)?;
    }
    if import.sources.is_empty() {
        return Err(ImportError::unknown());
    }
    Ok(import)
}

/// Whether a part of an archive may be imported, by the ending of its name.
fn is_wanted(part: &Part) -> bool {
    let name = part.name.to_lowercase();
    let is_hidden =
        name.contains("__macosx") || name.rsplit('/').next().is_some_and(|name| name.starts_with('.'));
    let endings = [".csv", ".tsv", ".txt", ".json", ".xml", ".zip", ".xlsx"];
    !is_hidden && endings.iter().any(|end| name.ends_with(end))
}

fn parts<R: Read + Seek>(
    archive: &mut Archive<R>,
    options: &Options,
    import: &mut Import,
    unpacking: &mut Unpacking,
) -> Result<(), ImportError> {
    let wanted: Vec<Part> = archive
        .parts
        .iter()
        .filter(|part| is_wanted(part))
        .cloned()
        .collect();
    for part in wanted {
        if !part.name.to_lowercase().ends_with(".xml") {
            unpacking.add(part.size)?;
        }
        let name = part.name.rsplit('/').next().unwrap_or_default().to_owned();
        let content = archive.read(&part)?;
        match self::part(&name, content, options, unpacking) {
            Ok(part) => import.append(part, &name),
            Err(ImportError::Unknown { .. }) => import.warn(format!("{name} has nothing that is imported")),
            Err(ImportError::Ask {
                unclear,
                question,
                next,
            }) => {
                return Err(ImportError::Ask {
                    unclear,
                    question: format!("{name}: {question}"),
                    next,
                });
            }
            Err(error) => return Err(ImportError::Damaged(format!("{name}: {error}"))),
        }
    }
    Ok(())
}

/// Reads a part of an archive, which may be an archive itself.
fn part(
    name: &str,
    mut content: impl Read,
    options: &Options,
    unpacking: &mut Unpacking,
) -> Result<Import, ImportError> {
    let mut head = Vec::new();
    content.by_ref().take(HEAD).read_to_end(&mut head)?;
    let mut whole = Cursor::new(head.clone()).chain(content);
    if !is_archive(&head) {
        return Ok(self::content(name, &head, whole, options)?.numbered());
    }
    if unpacking.depth >= MAX_DEPTH {
        return Err(ImportError::unknown());
    }
    let mut bytes = Vec::new();
    whole.by_ref().take(MAX_TEXT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_TEXT {
        return Err(ImportError::too_large("the archive", "128 MiB"));
    }
    unpacking.depth += 1;
    let import = archive(Cursor::new(bytes), options, unpacking);
    unpacking.depth -= 1;
    import
}

fn text(name: &str, text: &str, options: &Options) -> Result<Import, ImportError> {
    let mut import = Import::default();
    let trimmed = text.trim_start();
    if trimmed.starts_with('{') || trimmed.starts_with('[') {
        json(trimmed, &mut import)?;
    } else if trimmed.is_empty() {
        return Err(ImportError::unknown());
    } else if lines::is_lines(text) {
        lines::read(text, name, &mut import)?;
    } else {
        let delimiter = csv::delimiter(text);
        let mut rows = Vec::new();
        for record in Records::new(text, delimiter) {
            if record.len() >= MAX_CELLS {
                return Err(ImportError::too_large("a row", format!("{MAX_CELLS} columns")));
            }
            if record.is_broken {
                import.skip(
                    record.line,
                    "the quote of a cell isn't closed, or it has more than 64 KiB",
                );
            } else {
                rows.push(record);
            }
            if rows.len() > MAX_ROWS {
                return Err(ImportError::too_large("the table", "a million rows"));
            }
        }
        records(&rows, Origin::Text, options, &mut import)?;
    }
    Ok(import)
}

fn json(text: &str, import: &mut Import) -> Result<(), ImportError> {
    if own::format(text).is_some() {
        return own::read_json(text, import);
    }
    let value: Value = serde_json::from_str(text).map_err(|error| ImportError::Damaged(error.to_string()))?;
    match value.as_array() {
        Some(list) if opennutritracker::is_list(list) => opennutritracker::read(list, import),
        Some(list) if list.is_empty() => import.recognised("opennutritracker"),
        _ if waistline::is_export(&value) => waistline::read(&value, import),
        _ => return Err(ImportError::unknown()),
    }
    Ok(())
}

/// Reads the records of a table: finds the header, then the source that has such columns.
fn records(
    rows: &[Record],
    origin: Origin,
    options: &Options,
    import: &mut Import,
) -> Result<(), ImportError> {
    let preamble = || {
        rows.iter()
            .enumerate()
            .filter(|(_, record)| !record.is_blank())
            .take(MAX_PREAMBLE)
    };
    if let Some(mapping) = &options.mapping {
        return mapped(mapping, rows, origin, options, import);
    }
    if preamble().any(|(_, record)| fitbit::is_title(record)) {
        return fitbit::read(rows, options, import);
    }
    for (at, record) in preamble() {
        let header = Header::of(record);
        let rest = rows.get(at + 1..).unwrap_or_default();
        if own::is_table(&header) {
            own::read_table(&header, rest, import);
        } else if fatsecret::is_header(&header) {
            fatsecret::read(&header, rest, options, import)?;
        } else if let Some(biometrics) = cronometer::biometrics(&header) {
            measurements(&biometrics, rest, options, import);
        } else if foodyou::is_library(&header) {
            foodyou::read(&header, rest, import);
        } else if let Some(layout) = sources::layout(&header) {
            table::read(&layout, &header, rest, origin, options, import)?;
        } else {
            continue;
        }
        return Ok(());
    }
    if let Some(layout) = headerless::layout(rows) {
        let header = Header::of(&Record::default());
        return table::read(&layout, &header, rows, origin, options, import);
    }
    Err(unknown(rows, origin))
}

/// The error of a table without a known layout: a question with the proposed mapping, or that its source is unknown.
fn unknown(rows: &[Record], origin: Origin) -> ImportError {
    let first = rows.iter().find(|record| !record.is_blank());
    let header = first.map(Header::of);
    let columns = first
        .filter(|_| origin == Origin::Text)
        .map_or_else(Vec::new, |first| mapping::described(first, rows));
    if let Some(proposal) = header
        .as_ref()
        .and_then(mapping::proposal)
        .filter(|_| origin == Origin::Text)
    {
        return ImportError::Ask {
            question: format!("no tracker is known that writes these columns; they may be {proposal}"),
            next: format!("confirm or correct it: --map '{proposal}'; nothing was imported"),
            unclear: Unclear::Mapping { proposal, columns },
        };
    }
    let shown = header.map(|header| {
        let names = header.names().join(", ");
        caltrack_domain::shortened(&caltrack_domain::clean(&names), 200)
    });
    ImportError::Unknown {
        header: shown,
        columns,
    }
}

fn mapped(
    mapping: &str,
    rows: &[Record],
    origin: Origin,
    options: &Options,
    import: &mut Import,
) -> Result<(), ImportError> {
    let mut filled = rows.iter().enumerate().filter(|(_, record)| !record.is_blank());
    let Some((at, first)) = filled.next() else {
        return Err(ImportError::unknown());
    };
    let header = Header::of(first);
    let columns = mapping::columns(mapping, &header)?;
    let layout = Layout::new("table", columns);
    // Without a header, the first row is one of the others.
    let is_row = columns_hold_a_date(&layout, first, options);
    let rest = rows.get(if is_row { at } else { at + 1 }..).unwrap_or_default();
    let header = if is_row {
        Header::of(&Record::default())
    } else {
        header
    };
    table::read(&layout, &header, rest, origin, options, import)
}

fn columns_hold_a_date(layout: &Layout, record: &Record, options: &Options) -> bool {
    let order = options.day_order.or(Some(crate::date::DayOrder::DayFirst));
    let cell = layout
        .columns
        .date
        .map(|column| record.cell(column))
        .unwrap_or_default();
    crate::date::parse(cell, order).is_some()
        || crate::date::parse(cell, Some(crate::date::DayOrder::MonthFirst)).is_some()
}

/// Cronometer's biometrics, of which weights are imported.
fn measurements(columns: &cronometer::Biometrics, rows: &[Record], options: &Options, import: &mut Import) {
    import.recognised("cronometer");
    for record in rows.iter().filter(|record| !record.is_blank()) {
        let metric = record.cell(columns.metric);
        // `Weight (Apple Health)` too.
        let metric = metric.split('(').next().unwrap_or_default().trim();
        if !metric.eq_ignore_ascii_case("weight") {
            import.skip(record.line, format!("{metric}: no weight"));
            continue;
        }
        let date = crate::date::parse(record.cell(columns.date), options.day_order);
        let unit = WeightUnit::parse(record.cell(columns.unit));
        let value = number::parse(
            record.cell(columns.amount),
            options.decimal().unwrap_or(Decimal::Point),
        );
        let value = value.filter(|value| table::is_plausible(*value, unit));
        if let (Some(date), Some(value)) = (date, value) {
            import.weigh(Weight {
                line: record.line,
                date,
                value,
                unit,
            });
        } else {
            let amount = record.cell(columns.amount);
            import.skip(record.line, format!("{amount}: no plausible weight, or no date"));
        }
    }
}
