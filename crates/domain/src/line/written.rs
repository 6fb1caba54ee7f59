//! An entry as text that the quick line reads.

use super::number::shown;
use crate::{Booking, Entry, Grams, clean};

/// An entry as an item of a line, with its type and its figures, without its day, time and note:
/// `Breakfast: 60 g oatmeal 350 kcal p12`.
pub fn written(entry: &Entry) -> String {
    let mut parts = vec![format!("{}:", clean(&entry.kind))];
    let quantity = entry.quantity.map(|quantity| match &entry.unit {
        Some(unit) => format!("{} {}", shown(quantity), clean(unit)),
        None => shown(quantity),
    });
    let name = entry.name.as_deref().map(clean);
    match Booking::of(&entry.category) {
        Booking::Burned => parts.extend(name.into_iter().chain(quantity)),
        Booking::Consumed | Booking::Nothing => parts.extend(quantity.into_iter().chain(name)),
    }
    parts.push(format!("{} kcal", entry.kcal));
    let macros = [("p", entry.protein), ("f", entry.fat), ("c", entry.carbohydrate)];
    for (letter, grams) in macros {
        parts.extend(grams.map(|grams| format!("{letter}{}", shown(Grams::to_f64(grams)))));
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};

    use super::*;

    fn entry(category: &str, kind: &str, kcal: u32) -> Entry {
        Entry::new(date(2026, 11, 30), Timestamp::UNIX_EPOCH, category, kind, kcal)
    }

    #[test]
    fn an_entry_is_written_as_a_line_has_it() {
        assert_eq!(written(&entry("Food", "Lunch", 650)), "Lunch: 650 kcal");
        let oatmeal = Entry {
            name: Some("oatmeal".to_owned()),
            quantity: Some(62.5),
            unit: Some("g".to_owned()),
            protein: Some(Grams::from_tenths(125)),
            note: Some("with berries".to_owned()),
            ..entry("Food", "Breakfast", 350)
        };
        assert_eq!(written(&oatmeal), "Breakfast: 62.5 g oatmeal 350 kcal p12.5");
        let run = Entry {
            name: Some("Run".to_owned()),
            quantity: Some(30.0),
            unit: Some("min".to_owned()),
            ..entry("Exercise", "Run", 300)
        };
        assert_eq!(written(&run), "Run: Run 30 min 300 kcal");
    }
}
