//! What is in a cell of a table besides a plain number.

/// A cell up to its last digit: a number without its unit.
pub(crate) fn figure(cell: &str) -> &str {
    with_unit(cell, |_| Some(())).map_or(cell, |(figure, ())| figure)
}

/// The number of a cell before its unit, such as `310 kcal`.
pub(crate) fn with_unit<T>(cell: &str, unit: impl Fn(&str) -> Option<T>) -> Option<(&str, T)> {
    let end = cell.rfind(|c: char| c.is_ascii_digit())? + 1;
    let (figure, word) = cell.split_at_checked(end)?;
    Some((figure, unit(word.trim())?))
}

/// Whether a cell names a sum, a mean, a goal or what is left of it.
pub(crate) fn names_a_sum(cell: &str) -> bool {
    let cell = cell.trim().trim_end_matches(':').trim_end().to_lowercase();
    let cell = cell.strip_prefix("your ").unwrap_or(&cell);
    let cell = ["daily ", "day ", "grand ", "meal ", "tages"]
        .iter()
        .find_map(|prefix| cell.strip_prefix(prefix))
        .unwrap_or(cell);
    matches!(
        cell,
        "total"
            | "totals"
            | "sum"
            | "summe"
            | "gesamt"
            | "total général"
            | "totale"
            | "totaal"
            | "somme"
            | "average"
            | "averages"
            | "goal"
            | "goals"
            | "target"
            | "remaining"
            | "budget"
            | "durchschnitt"
    )
}
