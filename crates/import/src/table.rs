//! The rows of a table by its layout.

use jiff::civil::{Date, Time};

use crate::{
    Options,
    cell::{figure, names_a_sum, with_unit},
    csv::Record,
    date,
    error::{ImportError, Unclear},
    layout::{EnergyUnit, Header, Layout, Negative},
    model::{EnergyKind, ForeignEntry, Import, Weight, WeightUnit},
    number::{self, Decimal},
};

/// How the cells of a table are read.
struct Style {
    order: Option<date::DayOrder>,
    decimal: Decimal,
    /// Whether dates may be a spreadsheet's serial numbers.
    has_serials: bool,
}

/// A cell that isn't empty.
fn text(record: &Record, column: Option<usize>) -> Option<&str> {
    let cell = record.cell(column?);
    (!cell.is_empty()).then_some(cell)
}

/// Where a table comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    Text,
    Spreadsheet,
}

/// Reads the rows of a table after its header.
pub(crate) fn read(
    layout: &Layout,
    header: &Header,
    rows: &[Record],
    origin: Origin,
    options: &Options,
    import: &mut Import,
) -> Result<(), ImportError> {
    import.recognised(layout.source);
    for warning in &layout.warnings {
        import.warn(*warning);
    }
    let style = style(layout, header, rows, origin, options)?;
    let table = Table {
        layout,
        header,
        style,
    };
    for record in rows.iter().filter(|record| !record.is_blank()) {
        table.row(record, import);
    }
    Ok(())
}

/// Decides how dates and numbers are written, from all of them.
fn style(
    layout: &Layout,
    header: &Header,
    rows: &[Record],
    origin: Origin,
    options: &Options,
) -> Result<Style, ImportError> {
    let columns = &layout.columns;
    let (mut numbers, mut energies) = (number::Evidence::default(), number::Evidence::default());
    let numeric = [
        columns.energy.map(|energy| energy.column),
        columns.quantity,
        columns.protein,
        columns.fat,
        columns.carbohydrate,
    ];
    for record in rows {
        for column in numeric.into_iter().flatten() {
            numbers.add(figure(record.cell(column)));
        }
        if let Some(energy) = columns.energy {
            energies.add(figure(record.cell(energy.column)));
        }
        if let Some((column, _)) = columns.weight {
            numbers.add_small(figure(record.cell(column)));
        }
    }
    let dates = rows.iter().filter_map(|record| text(record, columns.date));
    let order = date_order(&dates.collect::<Vec<_>>(), layout, options)?;
    let usual = (layout.has_points || origin == Origin::Spreadsheet).then_some(Decimal::Point);
    // A day has no `2.145` kcal, whatever its source writes otherwise.
    let is_doubtful =
        layout.is_day_total && options.decimal().is_none() && energies.has_only_grouped_points();
    let decimal = numbers
        .decide(options.decimal().or(usual))
        .filter(|decimal| !(is_doubtful && *decimal == Decimal::Point));
    let decimal = decimal.ok_or_else(|| ImportError::Ask {
        unclear: Unclear::Decimal(unclear_number(&numeric, rows)),
        question: format!(
            "the numbers of `{}` may have thousands or decimals",
            columns
                .energy
                .and_then(|energy| header.names().get(energy.column))
                .map_or("a column", String::as_str)
        ),
        next: "decide by --decimal point or --decimal comma; nothing was imported".to_owned(),
    })?;
    Ok(Style {
        order,
        decimal: options.decimal().unwrap_or(decimal),
        has_serials: origin == Origin::Spreadsheet,
    })
}

/// A number of the table with one sign that may be before decimals or between thousands.
fn unclear_number(columns: &[Option<usize>], rows: &[Record]) -> String {
    let cells = rows
        .iter()
        .flat_map(|record| columns.iter().flatten().map(|column| record.cell(*column)));
    let mut unclear = cells.filter(|cell| cell.contains(['.', ',']));
    unclear.next().unwrap_or_default().chars().take(30).collect()
}

/// The order that a user decides, else that of the dates, else that of the source.
fn date_order(
    dates: &[&str],
    layout: &Layout,
    options: &Options,
) -> Result<Option<date::DayOrder>, ImportError> {
    match options.day_order {
        Some(order) => Ok(Some(order)),
        None => date::order(dates, layout.order),
    }
}

struct Table<'a> {
    layout: &'a Layout,
    header: &'a Header,
    style: Style,
}

impl Table<'_> {
    fn number(&self, record: &Record, column: Option<usize>) -> Option<f64> {
        let cell = text(record, column)?;
        let is_gram = |unit: &str| matches!(unit, "g" | "G").then_some(());
        let figure = with_unit(cell, is_gram).map_or(cell, |(figure, ())| figure);
        number::parse(figure, self.style.decimal).filter(|number| *number >= 0.0)
    }

    /// What people recognise a row by.
    fn label(&self, record: &Record) -> String {
        let columns = &self.layout.columns;
        let cells = [columns.name, columns.meal, columns.date];
        let mut known = cells.into_iter().filter_map(|column| text(record, column));
        known.next().unwrap_or("a row").chars().take(60).collect()
    }

    fn row(&self, record: &Record, import: &mut Import) {
        let columns = &self.layout.columns;
        if Header::of(record) == *self.header {
            import.skip(record.line, "the header again");
            return;
        }
        let skip = |import: &mut Import, reason: &str| {
            import.skip(record.line, format!("{}: {reason}", self.label(record)));
        };
        let is_sum = |column: Option<usize>| names_a_sum(text(record, column).unwrap_or_default());
        if is_sum(columns.date) || is_sum(columns.meal) || (is_sum(columns.name) && columns.meal.is_some()) {
            skip(import, "a sum of other rows");
            return;
        }
        let deleted = text(record, columns.deleted).unwrap_or_default().to_lowercase();
        if matches!(deleted.as_str(), "true" | "1" | "yes") {
            skip(import, "deleted in the tracker");
            return;
        }
        let Some((date, time, moment)) = self.when(record) else {
            let cell = text(record, columns.date).unwrap_or("nothing");
            skip(
                import,
                &format!("`{}` is no date", cell.chars().take(30).collect::<String>()),
            );
            return;
        };
        let weighed = self.weight(record, date, import);
        if columns.energy.is_none() {
            return;
        }
        match self.energy(record) {
            Ok((kcal, kind)) => import.take(ForeignEntry {
                source: self.layout.source,
                line: record.line,
                kind,
                date,
                time,
                moment,
                ..self.described(record, kind, kcal)
            }),
            // The row of a weight need not have energy.
            Err(None) if weighed => {}
            Err(None) => skip(import, "no energy, which is unknown and not zero"),
            Err(Some(reason)) => skip(import, &reason),
        }
    }

    /// kcal above 0 and what they are, or why there are none; `None` if the cell is empty.
    fn energy(&self, record: &Record) -> Result<(f64, EnergyKind), Option<String>> {
        let columns = &self.layout.columns;
        let energy = columns.energy.ok_or(None)?;
        let cell = record.cell(energy.column);
        if number::is_absent(cell) {
            return Err(None);
        }
        let (figure, unit) = with_unit(cell, EnergyUnit::parse).unwrap_or((cell, energy.unit));
        let number = number::parse(figure, self.style.decimal).ok_or_else(|| {
            Some(format!(
                "`{}` is no number",
                cell.chars().take(30).collect::<String>()
            ))
        })?;
        let kcal = unit.kcal(number);
        let is_exercise = |column| {
            let kind = text(record, column).unwrap_or_default();
            kind.eq_ignore_ascii_case("exercise")
        };
        let kind = if is_exercise(columns.kind) || is_exercise(columns.meal) {
            EnergyKind::Burned
        } else {
            self.layout.rows
        };
        if kcal == 0.0 {
            return Err(Some("0 kcal".to_owned()));
        }
        if kcal > 0.0 {
            return Ok((kcal, kind));
        }
        if kind == EnergyKind::Burned && self.layout.negative == Negative::Burned {
            return Ok((-kcal, kind));
        }
        Err(Some("negative energy, an adjustment".to_owned()))
    }

    /// Adds the weight of a row; returns whether it has one.
    fn weight(&self, record: &Record, date: Date, import: &mut Import) -> bool {
        let Some((column, unit)) = self.layout.columns.weight else {
            return false;
        };
        let is_alone = self.layout.columns.energy.is_none();
        let unit = unit.or_else(|| WeightUnit::parse(text(record, self.layout.columns.unit)?));
        let cell = record.cell(column);
        if number::is_absent(cell) {
            if is_alone {
                import.skip(record.line, format!("{date}: no weight"));
            }
            return false;
        }
        let (figure, unit) = match with_unit(cell, WeightUnit::parse) {
            Some((figure, unit)) => (figure, Some(unit)),
            None => (cell, unit),
        };
        let value = number::parse(figure, self.style.decimal);
        let Some(value) = value.filter(|value| is_plausible(*value, unit)) else {
            let cell: String = cell.chars().take(30).collect();
            import.skip(record.line, format!("{date}: `{cell}` is no plausible weight"));
            return false;
        };
        import.weigh(Weight {
            line: record.line,
            date,
            value,
            unit,
        });
        true
    }

    fn when(&self, record: &Record) -> Option<(Date, Option<Time>, Option<jiff::Timestamp>)> {
        let columns = &self.layout.columns;
        let cell = text(record, columns.date)?;
        let serial = || {
            let serial = number::parse(cell, Decimal::Point).filter(|_| self.style.has_serials)?;
            date::of_serial(serial)
        };
        let (_, clock) = date::split(cell);
        let (day, mut time) = if let Some(day) = date::parse(cell, self.style.order) {
            (day, date::time(clock))
        } else {
            let (day, time) = serial()?;
            (day, (time != Time::midnight()).then_some(time))
        };
        if let Some(cell) = text(record, columns.time) {
            let serial = || {
                let fraction = number::parse(cell, Decimal::Point).filter(|_| self.style.has_serials)?;
                date::of_serial(1.0 + fraction.fract()).map(|(_, time)| time)
            };
            time = date::time(cell).or_else(serial).or(time);
        }
        let Some(time) = time else {
            return Some((day, None, None));
        };
        if let Some(offset) = text(record, columns.offset).and_then(date::offset) {
            // The columns are UTC.
            let moment = date::moment(day, time, jiff::SignedDuration::ZERO)?;
            let local = day.to_datetime(time).checked_add(offset).ok()?;
            return Some((local.date(), Some(local.time()), Some(moment)));
        }
        let moment = date::offset(clock).and_then(|offset| date::moment(day, time, offset));
        Some((day, Some(time), moment))
    }

    /// What was eaten or done, as the file names it.
    fn name(&self, record: &Record) -> Option<String> {
        let columns = &self.layout.columns;
        let code = || {
            let (column, name) = columns.code?;
            name(text(record, Some(column))?)
        };
        let named = text(record, columns.name).or_else(|| text(record, columns.other_name));
        named.or_else(code).map(ToOwned::to_owned)
    }

    /// The members that describe what was eaten or done.
    fn described(&self, record: &Record, kind: EnergyKind, kcal: f64) -> ForeignEntry {
        let columns = &self.layout.columns;
        let owned = |column| text(record, column).map(ToOwned::to_owned);
        let (mut quantity, mut unit) = (self.number(record, columns.quantity), owned(columns.unit));
        if let Some((number, rest)) = text(record, columns.amount).and_then(|amount| amount.split_once(' ')) {
            quantity = number::parse(number, self.style.decimal).filter(|number| *number > 0.0);
            unit = Some(rest.trim().to_owned());
        }
        let of_milliseconds = |duration: f64| (duration / 6_000.0).round() / 10.0;
        let minutes = self
            .number(record, columns.minutes)
            .or_else(|| self.number(record, columns.milliseconds).map(of_milliseconds));
        if let Some(minutes) = minutes.filter(|minutes| *minutes > 0.0) {
            (quantity, unit) = (Some(minutes), Some("min".to_owned()));
        }
        let is_type_of_exercise = kind == EnergyKind::Burned && columns.meal == columns.kind;
        ForeignEntry {
            source: self.layout.source,
            line: record.line,
            kind,
            date: Date::default(),
            time: None,
            moment: None,
            meal: owned(columns.meal).filter(|_| !is_type_of_exercise),
            name: self.name(record),
            note: owned(columns.note),
            kcal,
            quantity: quantity.filter(|quantity| *quantity > 0.0),
            unit,
            protein: self.number(record, columns.protein),
            fat: self.number(record, columns.fat),
            carbohydrate: self.number(record, columns.carbohydrate),
            is_day_total: self.layout.is_day_total,
            ordinal: 0,
        }
    }
}

/// Whether a person may weigh so much.
pub(crate) fn is_plausible(value: f64, unit: Option<WeightUnit>) -> bool {
    let kilograms = value * unit.map_or(1.0, WeightUnit::kilograms);
    let most = if unit.is_some() { 400.0 } else { 900.0 };
    (20.0..=most).contains(&kilograms)
}
