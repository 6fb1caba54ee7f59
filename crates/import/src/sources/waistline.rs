//! Waistline: the diary as a table of days, and the export in JSON.
//!
//! Source: waistline@28f540aa, `db-handler.js`, `settings.js`, `foods-meals-recipes.js`.

use std::collections::HashMap;

use jiff::{Timestamp, civil::Date};
use serde_json::Value;

use super::lines::entry;
use crate::{
    date,
    layout::{Columns, EnergyUnit, Header, Layout},
    model::{EnergyKind, ForeignEntry, Import, Weight, WeightUnit},
    number::{self, Decimal, tidy},
    table,
};

/// The diary's table; burned energy is subtracted in it already.
pub(super) fn layout(header: &Header) -> Option<Layout> {
    // Every column but the date's has a unit.
    if header
        .names()
        .iter()
        .any(|name| name != "date" && !name.is_empty() && !name.contains('('))
    {
        return None;
    }
    let columns = Columns {
        date: Some(header.find(&["date"])?),
        energy: Some(header.energy(&["calories", "energy"])?),
        weight: header.weight(),
        ..Columns::default()
    };
    Some(Layout::new("waistline", columns.with_grams(header)).of_days())
}

struct Export<'a> {
    foods: HashMap<i64, &'a Value>,
    recipes: HashMap<i64, &'a Value>,
    meals: Vec<&'a str>,
}

pub(crate) fn is_export(value: &Value) -> bool {
    value.get("foodList").is_some_and(Value::is_array) && value.get("diary").is_some_and(Value::is_array)
}

pub(crate) fn read(value: &Value, import: &mut Import) {
    import.recognised("waistline");
    let list = |name: &str| {
        value
            .get(name)
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default()
    };
    let by_id = |name: &str| {
        let items = list(name).iter();
        items
            .filter_map(|item| Some((item.get("id")?.as_i64()?, item)))
            .collect()
    };
    let names = value
        .get("settings")
        .and_then(|settings| settings.get("diary")?.get("meal-names")?.as_array());
    let export = Export {
        foods: by_id("foodList"),
        recipes: by_id("recipes"),
        meals: names
            .into_iter()
            .flatten()
            .map(|name| name.as_str().unwrap_or_default())
            .collect(),
    };
    let mut line = 0;
    for day in list("diary") {
        line += 1;
        let when = day.get("dateTime").and_then(Value::as_str).unwrap_or_default();
        // UTC's midnight of the local date.
        let Some(date) = date::parse(when, None) else {
            import.skip(line, "a day without a date");
            continue;
        };
        if let Some(weight) = day.get("stats").and_then(|stats| stats.get("weight")) {
            weigh(weight, date, line, import);
        }
        for item in day.get("items").and_then(Value::as_array).into_iter().flatten() {
            line += 1;
            match export.entry(item, date, line) {
                Ok(entry) => import.take(entry),
                Err(reason) => import.skip(line, reason),
            }
        }
    }
}

fn weigh(value: &Value, date: Date, line: u64, import: &mut Import) {
    let unit = Some(WeightUnit::Kilograms);
    match figure(value).filter(|value| table::is_plausible(*value, unit)) {
        Some(value) => import.weigh(Weight {
            line,
            date,
            value,
            unit,
        }),
        None => import.skip(line, format!("{date}: no plausible weight")),
    }
}

/// A number that may be a text with a decimal comma.
fn figure(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => {
            number::parse(text, Decimal::Point).or_else(|| number::parse(text, Decimal::Comma))
        }
        other => other.as_f64(),
    }
}

impl Export<'_> {
    fn entry(&self, item: &Value, date: Date, line: u64) -> Result<ForeignEntry, String> {
        let id = item
            .get("id")
            .and_then(Value::as_i64)
            .ok_or("an item without an id")?;
        let is_recipe = item.get("type").and_then(Value::as_str) == Some("recipe");
        let foods = if is_recipe { &self.recipes } else { &self.foods };
        let food = foods
            .get(&id)
            .ok_or_else(|| format!("an item of an unknown food ({id})"))?;
        let name = food.get("name").and_then(Value::as_str).unwrap_or("a food");
        let of = |value: &Value, member: &str| value.get(member).and_then(figure);
        let (whole, portion) = (of(food, "portion"), of(item, "portion"));
        let quantity = of(item, "quantity").unwrap_or(1.0);
        let share = match (portion, whole) {
            (_, Some(whole)) if whole <= 0.0 => return Err(format!("{name}: its portion is zero")),
            (Some(portion), Some(whole)) => portion / whole * quantity,
            (None, _) | (_, None) => quantity,
        };
        let nutrition = |member: &str| {
            food.get("nutrition")
                .and_then(|nutrition| figure(nutrition.get(member)?))
        };
        let kcal = nutrition("calories")
            .or_else(|| Some(EnergyUnit::Kilojoules.kcal(nutrition("kilojoules")?)))
            .ok_or_else(|| format!("{name}: no energy, which is unknown and not zero"))?;
        let kcal = tidy(kcal * share);
        if kcal == 0.0 || !kcal.is_finite() {
            return Err(format!("{name}: {kcal} kcal"));
        }
        let kind = if kcal < 0.0 {
            EnergyKind::Burned
        } else {
            EnergyKind::Eaten
        };
        let category = item.get("category").and_then(Value::as_u64);
        let meal = category.and_then(|at| self.meals.get(usize::try_from(at).ok()?));
        let moment: Option<Timestamp> = item
            .get("dateTime")
            .and_then(Value::as_str)
            .and_then(|text| text.parse().ok());
        let amount = portion
            .map(|portion| tidy(portion * quantity))
            .filter(|amount| *amount > 0.0);
        let unit = food.get("unit").and_then(Value::as_str).map(ToOwned::to_owned);
        Ok(ForeignEntry {
            moment,
            meal: meal
                .filter(|meal| !meal.is_empty() && kind == EnergyKind::Eaten)
                .map(|meal| (*meal).to_owned()),
            name: Some(name.to_owned()),
            quantity: amount.filter(|_| unit.is_some()),
            unit,
            protein: nutrition("proteins").map(|grams| tidy(grams * share)),
            fat: nutrition("fat").map(|grams| tidy(grams * share)),
            carbohydrate: nutrition("carbohydrates").map(|grams| tidy(grams * share)),
            ..entry("waistline", line, date, kind, kcal.abs())
        })
    }
}
