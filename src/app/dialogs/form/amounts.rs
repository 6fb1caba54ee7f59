//! Quantity, unit and macros of the form: how they are read, and how kcal and macros follow the quantity.

use caltrack_domain::{EnergyUnit, Entry, Grams, MAX_KCAL, checked_unit, clean, shortened};

use super::fields::{Field, Fields};

/// The largest quantity of an entry.
const MAX_QUANTITY: f64 = 10_000.0;
/// Characters of an invalid quantity that an error shows.
const MAX_SHOWN: usize = 30;
/// The fields of the macros, in the order of an entry's members.
const MACROS: [Field; 3] = [Field::Protein, Field::Fat, Field::Carbohydrate];

/// How much of what an entry is about, and its macros.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Amounts {
    pub(super) quantity: Option<f64>,
    pub(super) unit: Option<String>,
    pub(super) macros: [Option<Grams>; 3],
}

impl Amounts {
    /// Reads the fields.
    ///
    /// # Errors
    ///
    /// The first field that is invalid, and why.
    pub(super) fn read(fields: &Fields) -> Result<Self, (Field, String)> {
        let quantity = parse_quantity(fields.quantity.value()).map_err(|error| (Field::Quantity, error))?;
        let unit = checked_unit(fields.unit.value()).map_err(|error| (Field::Unit, error.to_string()))?;
        let mut macros = [None; 3];
        for (place, field) in macros.iter_mut().zip(MACROS) {
            let text = fields.text(field).map_or("", |text| text.value().trim());
            if !text.is_empty() {
                let grams: Grams = text
                    .parse()
                    .map_err(|error: caltrack_domain::GramsError| (field, error.to_string()))?;
                *place = Some(grams);
            }
        }
        Ok(Self {
            quantity,
            unit,
            macros,
        })
    }
}

/// A number above 0 with a point or a comma; `None` for a blank text.
fn parse_quantity(text: &str) -> Result<Option<f64>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.replacen(',', ".", 1).parse::<f64>() {
        Ok(number) if number > 0.0 && number <= MAX_QUANTITY => Ok(Some(number)),
        Ok(_) | Err(_) => Err(format!(
            "`{}` can't be a quantity: a number above 0, at most {MAX_QUANTITY}",
            shortened(&clean(text), MAX_SHOWN)
        )),
    }
}

/// kcal and macros of a quantity, which another quantity scales.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Basis {
    quantity: f64,
    kcal: u32,
    macros: [Option<Grams>; 3],
    /// The quantity that the fields follow.
    followed: f64,
}

impl Basis {
    /// The basis of an entry; none without a quantity.
    pub(super) fn of(entry: &Entry) -> Option<Self> {
        let quantity = entry.quantity.filter(|quantity| *quantity > 0.0)?;
        Some(Self {
            quantity,
            kcal: entry.kcal,
            macros: [entry.protein, entry.fat, entry.carbohydrate],
            followed: quantity,
        })
    }

    /// Has kcal and macros follow the quantity that is typed, as far as they were not changed by hand.
    pub(super) fn rescale(&mut self, fields: &mut Fields) {
        let Ok(Some(quantity)) = parse_quantity(fields.quantity.value()) else {
            return;
        };
        let before = self.texts(self.followed, fields.energy);
        let after = self.texts(quantity, fields.energy);
        for ((field, before), (_, after)) in before.iter().zip(&after) {
            if let Some(text) = fields.text_mut(*field)
                && text.value() == before
            {
                text.set(after);
            }
        }
        self.followed = quantity;
    }

    /// The texts of the energy in a unit, and of the macros, for a quantity.
    fn texts(&self, quantity: f64, energy: EnergyUnit) -> Vec<(Field, String)> {
        let share = quantity / self.quantity;
        let kcal = (f64::from(self.kcal) * share).round().min(f64::from(MAX_KCAL));
        let mut texts = vec![(Field::Kcal, format!("{}", energy.of_estimate(kcal).round()))];
        for (field, grams) in MACROS.into_iter().zip(self.macros) {
            let scaled =
                grams.and_then(|grams| Grams::from_f64((grams.to_f64() * share * 10.0).round() / 10.0));
            texts.extend(scaled.map(|grams| (field, grams.to_string())));
        }
        texts
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("", None)]
    #[case(" 1,5 ", Some(1.5))]
    #[case("10000", Some(10_000.0))]
    fn a_quantity_is_a_number_or_blank(#[case] text: &str, #[case] expected: Option<f64>) {
        assert_eq!(parse_quantity(text), Ok(expected));
    }

    #[rstest]
    fn other_texts_are_no_quantity(#[values("0", "-1", "NaN", "1e9", "two")] text: &str) {
        assert!(parse_quantity(text).is_err_and(|error| error.contains("a number above 0")));
    }
}
