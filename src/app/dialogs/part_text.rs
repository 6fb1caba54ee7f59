//! Amounts of the parts of a recipe, and other numbers of the library, as text.

use caltrack_domain::{EnergyUnit, counted_unit, library::Ingredient, parse_energy};

/// The largest weight, quantity and number of portions.
const MAX_NUMBER: f64 = 100_000.0;

/// The amount of a part: `200 g`, or its energy.
pub(super) fn amount(part: &Ingredient, energy: EnergyUnit) -> String {
    match (part.quantity, &part.unit) {
        (Some(quantity), Some(unit)) => format!("{quantity} {}", counted_unit(quantity, unit)),
        (Some(quantity), None) => quantity.to_string(),
        (None, _) => format!("{} {}", energy.of_kcal(part.kcal.into()), energy.symbol()),
    }
}

/// A part with the amount that is typed: a quantity in its unit, or an energy. None where it is removed.
pub(super) fn changed(
    part: &Ingredient,
    text: &str,
    energy: EnergyUnit,
) -> Result<Option<Ingredient>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    if text == amount(part, energy) {
        return Ok(Some(part.clone()));
    }
    let unit = part.unit.as_deref().unwrap_or_default();
    let lower = text.to_lowercase();
    let is_energy = part.quantity.is_none() || lower.ends_with("kcal") || lower.ends_with("kj");
    if is_energy {
        let kcal = parse_energy(text, energy).map_err(|error| format!("{}: {error}", part.name))?;
        return Ok(Some(part.with_kcal(kcal)));
    }
    let plural = counted_unit(MAX_NUMBER, unit);
    let quantity = text.strip_suffix(&*plural).or_else(|| text.strip_suffix(unit));
    let quantity = quantity.unwrap_or(text).trim_end();
    let quantity = number(&format!("the amount of {}", part.name), quantity)?;
    Ok(quantity.map(|quantity| part.with_quantity(quantity)))
}

/// A number above 0 with a point or a comma; none for a blank text.
pub(super) fn number(what: &str, text: &str) -> Result<Option<f64>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    match text.replacen(',', ".", 1).parse::<f64>() {
        Ok(number) if number > 0.0 && number <= MAX_NUMBER => Ok(Some(number)),
        Ok(_) | Err(_) => Err(format!("{what} is a number above 0, such as `2` or `1.5`")),
    }
}
