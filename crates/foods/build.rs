//! Packs the tables of `assets/` for the program: column by column, deflated. A table with unequal rows fails the build.

use std::{env, error::Error, fs, path::Path};

/// Columns that the program doesn't use.
const UNUSED: [&str; 1] = ["suggested"];

fn main() -> Result<(), Box<dyn Error>> {
    let assets = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../assets");
    let mut packed = String::new();
    for table in ["foods.csv", "exercises.csv"] {
        let path = assets.join(table);
        println!("cargo::rerun-if-changed={}", path.display());
        columns(&fs::read_to_string(&path)?, table, &mut packed)?;
    }
    let deflated = miniz_oxide::deflate::compress_to_vec(packed.as_bytes(), 10);
    fs::write(Path::new(&env::var("OUT_DIR")?).join("tables.deflated"), deflated)?;
    Ok(())
}

/// Appends `column\nvalue\nvalue…\x1e` for each column, and `\x1d` behind the last one.
fn columns(text: &str, table: &str, packed: &mut String) -> Result<(), Box<dyn Error>> {
    let mut rows = text.lines().map(cells);
    let header = rows.next().ok_or("a table is empty")?;
    let rows: Vec<Vec<String>> = rows.collect();
    if let Some(row) = rows.iter().find(|row| row.len() != header.len()) {
        return Err(format!("{table}: {row:?} has {} cells, not {}", row.len(), header.len()).into());
    }
    for (at, column) in header.iter().enumerate() {
        if UNUSED.contains(&column.as_str()) {
            continue;
        }
        packed.push_str(column);
        // A code of the Compendium is the source of an activity's figures.
        let prefix = if column == "code" { "met:" } else { "" };
        for row in &rows {
            packed.push('\n');
            packed.push_str(prefix);
            packed.push_str(row.get(at).map_or("", String::as_str));
        }
        packed.push('\x1e');
    }
    packed.push('\x1d');
    Ok(())
}

/// The cells of a row (RFC 4180, without line ends in cells).
fn cells(row: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    for c in row.chars() {
        match (c, cells.last_mut()) {
            ('"', _) => is_quoted = !is_quoted,
            (',', _) if !is_quoted => cells.push(String::new()),
            (c, Some(cell)) => cell.push(c),
            (_, None) => {}
        }
    }
    cells
}
