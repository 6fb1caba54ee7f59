//! Food You: a library of products.
//!
//! Source: FoodYou@35ab8f1, `CsvHeaders.kt`; its writer doesn't double quotes.

use crate::{
    csv::Record,
    layout::Header,
    model::{Food, Import},
    number::{self, Decimal},
};

pub(crate) fn is_library(header: &Header) -> bool {
    header.has(&["name", "serving weight (g)"])
        && header.energy(&["energy"]).is_some()
        && !header.has_any(&["date", "day"])
}

pub(crate) fn read(header: &Header, rows: &[Record], import: &mut Import) {
    import.recognised("foodyou");
    let column = |names: &[&str]| header.find(names);
    let energy = header.energy(&["energy"]);
    for record in rows.iter().filter(|record| !record.is_blank()) {
        let number = |column: Option<usize>| {
            number::parse(record.cell(column?), Decimal::Point).filter(|number| *number >= 0.0)
        };
        let name = column(&["name"])
            .map(|name| record.cell(name))
            .unwrap_or_default();
        let kcal = energy.and_then(|energy| Some(energy.unit.kcal(number(Some(energy.column))?)));
        match kcal {
            Some(kcal) if !name.is_empty() => {
                import.read += 1;
                import.foods.push(Food {
                    line: record.line,
                    name: name.to_owned(),
                    is_liquid: column(&["is liquid"]).is_some_and(|column| record.cell(column) == "1"),
                    kcal_per_100g: kcal,
                    portion_grams: number(column(&["serving weight (g)"])).filter(|grams| *grams > 0.0),
                    protein: number(column(&["proteins (g)", "protein (g)"])),
                    fat: number(column(&["fats (g)", "fat (g)"])),
                    carbohydrate: number(column(&["carbohydrates (g)"])),
                    sugar: number(column(&["sugars (g)"])),
                });
            }
            Some(_) => import.skip(record.line, "a food without a name"),
            None => import.skip(
                record.line,
                format!("{name}: no energy, which is unknown and not zero"),
            ),
        }
    }
}
