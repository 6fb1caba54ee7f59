//! A table without a header whose rows are a date with a time, a name and kcal.
//!
//! Source: the README of calorie-insights.

use crate::{
    csv::Record,
    date,
    layout::{Columns, Energy, EnergyUnit, Layout},
    number::{self, Decimal},
};

/// The layout, if every row has these three.
pub(crate) fn layout(records: &[Record]) -> Option<Layout> {
    let mut rows = records.iter().filter(|record| !record.is_blank()).peekable();
    rows.peek()?;
    let fits = |record: &Record| {
        let (_, clock) = date::split(record.cell(0));
        let mut evidence = date::Evidence::default();
        evidence.add(record.cell(0));
        let is_date = evidence.decide(None) != date::Decision::Known(None)
            || date::parse(record.cell(0), None).is_some();
        let is_number = |text| number::parse(text, Decimal::Point).is_some();
        record.len() == 3
            && is_date
            && date::time(clock).is_some()
            && !is_number(record.cell(1))
            && is_number(record.cell(2))
    };
    let columns = Columns {
        date: Some(0),
        name: Some(1),
        energy: Some(Energy {
            column: 2,
            unit: EnergyUnit::Kilocalories,
        }),
        ..Columns::default()
    };
    rows.all(fits).then(|| Layout::new("caloriecounter", columns))
}
