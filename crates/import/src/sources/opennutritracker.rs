//! `OpenNutriTracker`: intakes and activities in JSON. An intake has no kcal, but an amount and the kcal of 100 g.
//!
//! Source: OpenNutriTracker@2b893cb, `*_dbo.g.dart`.

use serde_json::Value;

use super::lines::entry;
use crate::{
    date,
    model::{EnergyKind, ForeignEntry, Import},
    number::tidy,
};

/// Whether a list is one of the export's.
pub(crate) fn is_list(list: &[Value]) -> bool {
    list.first().is_some_and(|first| {
        (first.get("meal").is_some() && first.get("amount").is_some())
            || first.get("burnedKcal").is_some()
            || first.get("calorieGoal").is_some()
    })
}

pub(crate) fn read(list: &[Value], import: &mut Import) {
    import.recognised("opennutritracker");
    for (item, line) in list.iter().zip(1..) {
        if item.get("calorieGoal").is_some() {
            import.warn("tracked days hold sums and goals of days: they are not imported");
        } else if let Some(kcal) = item.get("burnedKcal") {
            activity(item, kcal.as_f64(), line, import);
        } else {
            intake(item, line, import);
        }
    }
}

fn activity(item: &Value, kcal: Option<f64>, line: u64, import: &mut Import) {
    let activity = item.get("physicalActivityDBO");
    let name = activity.and_then(|activity| activity.get("specificActivity")?.as_str());
    let when = item.get("date").and_then(Value::as_str).unwrap_or_default();
    let (Some(date), Some(kcal)) = (date::parse(when, None), kcal.filter(|kcal| *kcal > 0.0)) else {
        import.skip(
            line,
            format!("{}: no date or no energy", name.unwrap_or("an activity")),
        );
        return;
    };
    let minutes = item
        .get("duration")
        .and_then(Value::as_f64)
        .filter(|minutes| *minutes > 0.0);
    import.take(ForeignEntry {
        time: date::time(date::split(when).1),
        name: name.map(ToOwned::to_owned),
        quantity: minutes,
        unit: minutes.map(|_| "min".to_owned()),
        ..entry(
            "opennutritracker-activity",
            line,
            date,
            EnergyKind::Burned,
            tidy(kcal),
        )
    });
}

fn intake(item: &Value, line: u64, import: &mut Import) {
    let meal = item.get("meal");
    let name = meal.and_then(|meal| meal.get("name")?.as_str());
    let figure = |name: &str| meal.and_then(|meal| meal.get("nutriments")?.get(name)?.as_f64());
    let amount = item.get("amount").and_then(Value::as_f64);
    let of = |name: &str| Some(tidy(figure(name)? * amount? / 100.0));
    let when = item.get("dateTime").and_then(Value::as_str).unwrap_or_default();
    let label = name.unwrap_or("an intake");
    let Some(date) = date::parse(when, None) else {
        import.skip(line, format!("{label}: no date"));
        return;
    };
    let Some(kcal) = of("energyKcal100") else {
        import.skip(line, format!("{label}: no energy, which is unknown and not zero"));
        return;
    };
    if kcal <= 0.0 {
        import.skip(line, format!("{label}: {kcal} kcal"));
        return;
    }
    let text = |name: &str| Some(item.get(name)?.as_str()?.to_owned());
    import.take(ForeignEntry {
        time: date::time(date::split(when).1),
        meal: text("type"),
        name: name.map(ToOwned::to_owned),
        quantity: amount.filter(|amount| *amount > 0.0),
        unit: Some(base_unit(&text("unit").unwrap_or_default(), meal).to_owned()),
        protein: of("proteins100"),
        fat: of("fat100"),
        carbohydrate: of("carbohydrates100"),
        ..entry("opennutritracker", line, date, EnergyKind::Eaten, kcal)
    });
}

/// The unit of an intake's amount. Amounts are stored in g or ml, whatever the unit in which they were entered.
///
/// Source: `OpenNutriTracker`, `meal_quantity_converter.dart`.
fn base_unit(entered: &str, meal: Option<&Value>) -> &'static str {
    let of_meal = |name: &str| meal.and_then(|meal| meal.get(name)?.as_str());
    match entered {
        "g" | "oz" => "g",
        "ml" | "fl.oz" | "fl oz" => "ml",
        _ if of_meal("servingUnit").or_else(|| of_meal("mealUnit")) == Some("ml") => "ml",
        _ => "g",
    }
}
