//! Fitbit: several tables in one file, each after a line with its title.
//!
//! Source: the shape that two public parsers read.

use crate::{
    Options,
    csv::Record,
    date,
    error::ImportError,
    layout::{Columns, Header, Layout},
    model::Import,
    table::{self, Origin},
};

const TITLES: [&str; 6] = ["foods", "activities", "body", "sleep", "food log", "heart rate"];

/// Whether a line is the title of a table of Fitbit.
pub(crate) fn is_title(record: &Record) -> bool {
    let title = record.cell(0).to_lowercase();
    let is_alone = record.cells().skip(1).all(str::is_empty);
    is_alone
        && TITLES
            .iter()
            .any(|known| title == *known || title.starts_with(&format!("{known} ")))
}

pub(crate) fn read(records: &[Record], options: &Options, import: &mut Import) -> Result<(), ImportError> {
    import.recognised("fitbit");
    let options = &with_order(records, options)?;
    for section in records.split(Record::is_blank) {
        let Some((first, rest)) = section.split_first() else {
            continue;
        };
        let (title, header, rows) = match rest.split_first() {
            Some((header, rows)) if is_title(first) => (first.cell(0).to_lowercase(), header, rows),
            _ => (String::new(), first, rest),
        };
        let header = Header::of(header);
        let Some(date) = header.find(&["date"]) else {
            // One a day: `Food Log 20261102`.
            let name = title.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
            if !name.is_empty() {
                import.warn(format!("the tables `{name}` are not imported"));
            }
            continue;
        };
        let columns = Columns {
            date: Some(date),
            ..Columns::default()
        };
        if let Some(energy) = header.energy(&["calories in"]) {
            let columns = Columns {
                energy: Some(energy),
                ..columns
            };
            let layout = Layout {
                has_points: true,
                ..Layout::new("fitbit", columns).of_days()
            };
            table::read(&layout, &header, rows, Origin::Text, options, import)?;
        } else if header.has_any(&["calories burned", "activity calories"]) {
            import.warn(
                "Calories Burned is the expenditure of the whole day, at rest included: it is never an exercise",
            );
        } else if let Some(weight) = header.weight() {
            let columns = Columns {
                weight: Some(weight),
                ..columns
            };
            let layout = Layout::new("fitbit", columns);
            table::read(&layout, &header, rows, Origin::Text, options, import)?;
        } else if !title.is_empty() {
            import.warn(format!("the table `{title}` has nothing that is imported"));
        }
    }
    Ok(())
}

/// Options with the order of day and month that the dates of all tables have together.
fn with_order(records: &[Record], options: &Options) -> Result<Options, ImportError> {
    let dates = records.iter().map(|record| record.cell(0));
    let dates: Vec<&str> = dates
        .filter(|cell| cell.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    let order = match options.day_order {
        Some(order) => Some(order),
        None => date::order(&dates, None)?,
    };
    Ok(Options {
        day_order: order,
        ..options.clone()
    })
}
