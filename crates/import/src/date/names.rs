//! The names of months and weekdays in the languages of the trackers.

use jiff::civil::Weekday;

/// English, German, French, Spanish, Italian, Portuguese and Dutch.
const MONTHS: [[&str; 12]; 7] = [
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ],
    [
        "januar",
        "februar",
        "märz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
    ],
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    [
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ],
    [
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ],
    [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
];

/// From Monday, in the order of the languages of [`MONTHS`].
const DAYS: [[&str; 7]; 7] = [
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ],
    [
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag",
        "sonntag",
    ],
    [
        "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
    ],
    [
        "lunes",
        "martes",
        "miércoles",
        "jueves",
        "viernes",
        "sábado",
        "domingo",
    ],
    [
        "lunedì",
        "martedì",
        "mercoledì",
        "giovedì",
        "venerdì",
        "sabato",
        "domenica",
    ],
    [
        "segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo",
    ],
    [
        "maandag",
        "dinsdag",
        "woensdag",
        "donderdag",
        "vrijdag",
        "zaterdag",
        "zondag",
    ],
];

/// The month of a word, or of its first letters if they are those of one month alone in a language.
pub(super) fn month_of(word: &str) -> Option<i8> {
    let word = word.to_lowercase();
    if word.chars().count() < 3 {
        return None;
    }
    let whole = MONTHS
        .iter()
        .find_map(|names| names.iter().position(|name| *name == word));
    let begun = || {
        MONTHS
            .iter()
            .find_map(|names| names.iter().position(|name| name.starts_with(&word)))
    };
    let at = whole.or_else(begun).or((word == "sept").then_some(8))?;
    i8::try_from(at + 1).ok()
}

/// The weekday of a word or of its first letters.
pub(super) fn weekday_of(word: &str) -> Option<Weekday> {
    let word = word.to_lowercase();
    if word.len() < 2 {
        return None;
    }
    let begins = |names: &[&str; 7]| names.iter().position(|day| day.starts_with(&word));
    let at = DAYS.iter().find_map(begins)?;
    Weekday::from_monday_zero_offset(i8::try_from(at).ok()?).ok()
}

/// Whether a word only joins the parts of a date: `2 de noviembre de 2026`, `segunda-feira`.
pub(super) fn is_joint(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "de" | "of" | "the" | "den" | "feira" | "le" | "di"
    )
}
