//! Workbooks of Office Open XML: the cells of their sheets as records.
//!
//! Source: ECMA-376, part 1, 18.3.1 (`worksheet`), 18.4 (shared strings).

use std::io::{BufReader, Read, Seek};

use crate::{
    archive::{Archive, Part},
    csv::{MAX_CELLS, Record},
    error::ImportError,
    xml::{Event, Reader},
};

/// The most rows of a sheet.
const MAX_ROWS: usize = 1_000_000;
/// The most bytes of shared strings, and of a sheet's cells.
const MAX_TEXT: usize = 128 << 20;

/// Whether the parts are those of a workbook.
pub(crate) fn is_workbook(parts: &[Part]) -> bool {
    parts.iter().any(|part| part.name == "xl/workbook.xml")
}

/// The sheets, by the names of their parts.
pub(crate) fn sheets<R: Read + Seek>(
    archive: &mut Archive<R>,
) -> Result<Vec<(String, Vec<Record>)>, ImportError> {
    let parts = archive.parts.clone();
    let strings = match parts.iter().find(|part| part.name == "xl/sharedStrings.xml") {
        Some(part) => shared_strings(BufReader::new(archive.read(part)?))?,
        None => Vec::new(),
    };
    let is_sheet = |part: &&Part| part.name.starts_with("xl/worksheets/sheet");
    let mut sheets = Vec::new();
    for part in parts.iter().filter(is_sheet) {
        let name = part.name.rsplit('/').next().unwrap_or_default().to_owned();
        sheets.push((name, records(BufReader::new(archive.read(part)?), &strings)?));
    }
    Ok(sheets)
}

fn shared_strings(reader: BufReader<impl Read>) -> Result<Vec<String>, ImportError> {
    let mut reader = Reader::new(reader);
    let (mut strings, mut size, mut current, mut in_text) = (Vec::new(), 0, String::new(), false);
    while let Some(event) = reader.next()? {
        match event {
            Event::Start { name, is_empty, .. } => match name.as_str() {
                "si" if is_empty => strings.push(String::new()),
                "si" => current.clear(),
                "t" => in_text = !is_empty,
                _ => {}
            },
            Event::End(name) if name == "si" => strings.push(std::mem::take(&mut current)),
            Event::End(name) if name == "t" => in_text = false,
            Event::End(_) => {}
            Event::Text(text) => {
                if in_text {
                    size += text.len();
                    current.push_str(&text);
                }
            }
        }
        if size > MAX_TEXT || strings.len() > MAX_ROWS * 10 {
            return Err(ImportError::too_large("the workbook's text", "128 MiB"));
        }
    }
    Ok(strings)
}

/// The column of a cell's reference: 0 for `A7`, 26 for `AA7`.
fn column(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.take(4).fold(0_usize, |number, letter| {
        number * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    number.checked_sub(1).filter(|column| *column < MAX_CELLS)
}

/// A cell that is being read.
#[derive(Default)]
struct Cell {
    column: usize,
    kind: String,
    value: String,
}

fn records(reader: BufReader<impl Read>, strings: &[String]) -> Result<Vec<Record>, ImportError> {
    let mut reader = Reader::new(reader);
    let (mut records, mut row, mut cell, mut size) = (Vec::new(), Vec::<String>::new(), Cell::default(), 0);
    let (mut line, mut in_value) = (0_u64, false);
    while let Some(event) = reader.next()? {
        match event {
            Event::Start {
                name,
                attributes,
                is_empty,
            } => match name.as_str() {
                "row" => {
                    line = attributes
                        .get("r")
                        .and_then(|r| r.parse().ok())
                        .unwrap_or(line + 1);
                    row.clear();
                }
                "c" => {
                    cell = Cell {
                        column: attributes.get("r").and_then(column).unwrap_or(row.len()),
                        kind: attributes.get("t").unwrap_or_default().to_owned(),
                        value: String::new(),
                    };
                }
                "v" | "t" => in_value = !is_empty,
                _ => {}
            },
            Event::Text(text) => {
                if in_value {
                    cell.value.push_str(&text);
                }
            }
            Event::End(name) => match name.as_str() {
                "v" | "t" => in_value = false,
                "c" => {
                    let value = match cell.kind.as_str() {
                        "s" => {
                            let at: Option<usize> = cell.value.trim().parse().ok();
                            at.and_then(|at| strings.get(at)).cloned().unwrap_or_default()
                        }
                        // An error such as `#REF!`.
                        "e" => String::new(),
                        _ => std::mem::take(&mut cell.value),
                    };
                    if cell.column < MAX_CELLS {
                        row.resize(row.len().max(cell.column + 1), String::new());
                        size += value.len() + 8;
                        if let Some(slot) = row.get_mut(cell.column) {
                            *slot = value;
                        }
                    }
                }
                "row" => {
                    size += row.len() * 4;
                    records.push(Record::new(line, row.iter().map(String::as_str)));
                }
                _ => {}
            },
        }
        if records.len() > MAX_ROWS || size > MAX_TEXT {
            return Err(ImportError::too_large("a sheet", "a million rows or 128 MiB"));
        }
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_placed_by_their_reference() {
        assert_eq!(column("A7"), Some(0));
        assert_eq!(column("AA1"), Some(26));
        assert_eq!(column("XFD1"), None);
        assert_eq!(column("7"), None);
        let sheet = r#"<x:worksheet xmlns:x="u"><x:sheetData><x:row r="2"><x:c r="B2" t="s"><x:v>1</x:v></x:c><x:c r="D2"><x:f>1+2</x:f><x:v>3</x:v></x:c></x:row></x:sheetData></x:worksheet>"#;
        let strings = ["zero".to_owned(), "one".to_owned()];
        let records = records(BufReader::new(sheet.as_bytes()), &strings).unwrap();
        assert_eq!(records, [Record::new(2, ["", "one", "", "3"])]);
    }
}
