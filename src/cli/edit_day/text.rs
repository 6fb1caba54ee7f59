//! A day as text: a line for each entry, whose cells bars divide. A line that wasn't touched changes nothing, and of a
//! touched one only the cells that differ.

use std::collections::HashMap;

use caltrack_domain::{Activity, ActivityPatch, Entry, Grams, clean, parse_kcal, parse_time};
use jiff::civil::{Date, Time};

use crate::cli::{now::Now, values};

/// The columns, in order.
const COLUMNS: [&str; 12] = [
    "time", "category", "type", "kcal", "name", "quantity", "unit", "protein", "fat", "carbs", "note", "id",
];
/// Characters of an id, if that tells the day's entries apart.
const SHORT_ID: usize = 8;

/// What a text changes of a day.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Changes {
    /// Entries to be logged, with the number of their line.
    pub(super) created: Vec<(usize, Entry)>,
    /// Lines of the quick line's syntax.
    pub(super) typed: Vec<(usize, String)>,
    pub(super) edited: Vec<(Activity, ActivityPatch)>,
    pub(super) deleted: Vec<Activity>,
}

impl Changes {
    pub(super) const fn is_empty(&self) -> bool {
        self.created.is_empty() && self.typed.is_empty() && self.edited.is_empty() && self.deleted.is_empty()
    }
}

/// The text of a day.
pub(super) fn written(date: Date, entries: &[Activity], now: &Now) -> String {
    let mut lines = vec![
        format!("# {date}. Change lines, remove them or add new ones; save and close to see what that changes."),
        "# A new line has no id, or is in the syntax of `add`: lunch 650. Cells are divided by bars; \\| is a bar.".to_owned(),
        format!("# {}", COLUMNS.join(" | ")),
    ];
    lines.extend(entries.iter().map(|entry| line(entry, entries, now)));
    lines.join("\n") + "\n"
}

fn line(entry: &Activity, all: &[Activity], now: &Now) -> String {
    let mut cells: Vec<String> = cells(&entry.entry, now)
        .into_iter()
        .map(|cell| escaped(&cell))
        .collect();
    cells.push(short_id(entry, all));
    cells.join(" | ")
}

/// The cells of an entry without its id.
fn cells(entry: &Entry, now: &Now) -> [String; 11] {
    let text = |text: &Option<String>| text.as_deref().map(clean).unwrap_or_default();
    let grams = |grams: Option<Grams>| grams.map(|grams| grams.to_string()).unwrap_or_default();
    [
        now.clock.shown(entry.moment).strftime("%H:%M").to_string(),
        clean(&entry.category),
        clean(&entry.kind),
        entry.kcal.to_string(),
        text(&entry.name),
        entry
            .quantity
            .map(|quantity| quantity.to_string())
            .unwrap_or_default(),
        text(&entry.unit),
        grams(entry.protein),
        grams(entry.fat),
        grams(entry.carbohydrate),
        text(&entry.note),
    ]
}

fn short_id(entry: &Activity, all: &[Activity]) -> String {
    let ending = |id: &str| {
        let start = id.char_indices().rev().nth(SHORT_ID - 1).map_or(0, |(at, _)| at);
        id.get(start..).unwrap_or(id).to_owned()
    };
    let short = ending(&entry.id);
    let is_unique = all.iter().filter(|other| ending(&other.id) == short).count() == 1;
    if is_unique { short } else { entry.id.clone() }
}

fn escaped(text: &str) -> String {
    text.trim().replace('\\', "\\\\").replace('|', "\\|")
}

/// The cells of a line; none if it has no bars.
fn divided(line: &str) -> Option<Vec<String>> {
    let mut cells = vec![String::new()];
    let mut characters = line.chars();
    let mut has_bars = false;
    while let Some(c) = characters.next() {
        match c {
            '|' => {
                has_bars = true;
                cells.push(String::new());
            }
            '\\' => {
                if let (Some(cell), Some(next)) = (cells.last_mut(), characters.next()) {
                    cell.push(next);
                }
            }
            c => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(c);
                }
            }
        }
    }
    let trimmed = cells.iter().map(|cell| cell.trim().to_owned()).collect();
    has_bars.then_some(trimmed)
}

/// What an edited text changes, or the number of a line and why it can't be read.
pub(super) fn changes(
    text: &str,
    date: Date,
    entries: &[Activity],
    now: &Now,
) -> Result<Changes, (usize, String)> {
    let mut changes = Changes::default();
    let mut left: HashMap<String, &Activity> = entries
        .iter()
        .map(|entry| (short_id(entry, entries), entry))
        .collect();
    for (typed, number) in text.lines().zip(1..) {
        let typed = typed.trim().trim_start_matches('\u{feff}');
        if typed.is_empty() || typed.starts_with('#') {
            continue;
        }
        let Some(cells) = divided(typed) else {
            changes.typed.push((number, typed.to_owned()));
            continue;
        };
        let refused = |reason: String| (number, reason);
        if cells.len() > COLUMNS.len() {
            return Err(refused(format!(
                "{} cells; a line has {}: {} (write a bar as \\|)",
                cells.len(),
                COLUMNS.len(),
                COLUMNS.join(", ")
            )));
        }
        let id = cells
            .get(COLUMNS.len() - 1)
            .map(String::as_str)
            .unwrap_or_default();
        if id.is_empty() {
            let entry = created(&cells, date, now).map_err(refused)?;
            changes.created.push((number, entry));
            continue;
        }
        let is_known = entries.iter().any(|entry| short_id(entry, entries) == id);
        match left.remove(id) {
            Some(before) => {
                // Untouched.
                if line(before, entries, now) == typed {
                    continue;
                }
                let patch = edited(&cells, before, now).map_err(refused)?;
                if before.entry.edited(&patch) != before.entry {
                    changes.edited.push((before.clone(), patch));
                }
            }
            None if is_known => {
                let entry = created(&cells, date, now).map_err(refused)?;
                changes.created.push((number, entry));
            }
            None => {
                return Err(refused(format!(
                    "this day has no entry `{id}`; a new line has no id"
                )));
            }
        }
    }
    let deleted = entries
        .iter()
        .filter(|entry| left.contains_key(&short_id(entry, entries)));
    changes.deleted = deleted.cloned().collect();
    Ok(changes)
}

fn time(text: &str) -> Result<Time, String> {
    parse_time(text).map_err(|error| error.to_string())
}

/// A new entry of a line with cells.
fn created(cells: &[String], date: Date, now: &Now) -> Result<Entry, String> {
    let cell = |at: usize| cells.get(at).map(String::as_str).unwrap_or_default();
    if cell(1).is_empty() || cell(2).is_empty() {
        return Err("a new entry needs a category and a type, such as Food | Lunch".to_owned());
    }
    let moment = match cell(0) {
        "" => now.clock.moved_to(now.moment, date),
        text => now.clock.moment_on(date, time(text)?),
    };
    let moment = moment.map_err(|error| error.to_string())?;
    let kcal = parse_kcal(cell(3)).map_err(|error| error.to_string())?;
    let mut entry = Entry::new(date, moment, cell(1), cell(2), kcal);
    let mut patch = ActivityPatch::default();
    for at in 4..COLUMNS.len() - 1 {
        set(&mut patch, at, cell(at))?;
    }
    entry.apply(&patch);
    Ok(entry)
}

/// The cells of a line that differ from those of its entry.
fn edited(typed: &[String], before: &Activity, now: &Now) -> Result<ActivityPatch, String> {
    let mut patch = ActivityPatch::default();
    for (at, known) in cells(&before.entry, now).iter().enumerate() {
        let cell = typed.get(at).map(String::as_str).unwrap_or_default();
        if cell == known.trim() {
            continue;
        }
        match at {
            0 => {
                let moment = now.clock.moment_on(before.entry.date, time(cell)?);
                patch.moment = Some(moment.map_err(|error| error.to_string())?);
            }
            3 => patch.kcal = Some(parse_kcal(cell).map_err(|error| error.to_string())?),
            _ => set(&mut patch, at, cell)?,
        }
    }
    // A type means nothing without its category.
    if patch.category.is_some() || patch.kind.is_some() {
        patch
            .category
            .get_or_insert_with(|| before.entry.category.clone());
        patch.kind.get_or_insert_with(|| before.entry.kind.clone());
    }
    Ok(patch)
}

/// Sets the member of a column.
fn set(patch: &mut ActivityPatch, at: usize, cell: &str) -> Result<(), String> {
    let grams = || {
        let grams = (!cell.is_empty()).then(|| cell.parse::<Grams>()).transpose();
        grams.map_err(|error| error.to_string())
    };
    let reason = |error: crate::cli::error::CommandError| error.message().to_owned();
    match at {
        1 | 2 if cell.is_empty() => return Err(format!("no {}", if at == 1 { "category" } else { "type" })),
        1 => patch.category = Some(cell.to_owned()),
        2 => patch.kind = Some(cell.to_owned()),
        4 => patch.name = Some(values::name(cell).map_err(reason)?),
        5 => patch.quantity = Some(values::quantity(cell).map_err(reason)?),
        6 => patch.unit = Some(values::unit(cell).map_err(reason)?),
        7 => patch.protein = Some(grams()?),
        8 => patch.fat = Some(grams()?),
        9 => patch.carbohydrate = Some(grams()?),
        10 => patch.note = Some(values::note(cell).map_err(reason)?),
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn now() -> Now {
        Now {
            clock: caltrack_domain::DayClock::at_midnight(jiff::tz::TimeZone::UTC),
            moment: "2026-11-23T12:00:00Z".parse().unwrap(),
        }
    }

    fn day() -> Date {
        date(2026, 11, 23)
    }

    fn lunch(id: &str) -> Activity {
        Activity {
            id: id.to_owned(),
            owner: "u".to_owned(),
            entry: Entry {
                name: Some("a | b \\ \"c\"".to_owned()),
                quantity: Some(1.5),
                unit: Some("bowl".to_owned()),
                protein: Some(Grams::from_tenths(125)),
                ..Entry::new(
                    day(),
                    "2026-11-23T07:30:12.345Z".parse().unwrap(),
                    "Food",
                    "Lunch",
                    650,
                )
            },
            rev: 1,
        }
    }

    fn entries() -> Vec<Activity> {
        vec![lunch("0193-aaaa-00000001"), lunch("0193-aaaa-00000002")]
    }

    #[test]
    fn one_cell_changes_one_member() {
        let text = written(day(), &entries(), &now()).replacen("| 650 |", "| 700 |", 1);
        let changes = changes(&text, day(), &entries(), &now()).unwrap();
        let patch = ActivityPatch {
            kcal: Some(700),
            ..ActivityPatch::default()
        };
        assert_eq!(changes.edited, [(lunch("0193-aaaa-00000001"), patch)]);
        assert!(changes.created.is_empty() && changes.deleted.is_empty());
    }

    #[test]
    fn lines_are_removed_added_copied_and_typed() {
        let text = written(day(), &entries(), &now());
        let second = text.lines().last().unwrap();
        let text = format!("{second}\n{second}\n18:00 | Food | Dinner | 2*300 | stew\nlunch 650\n");
        let changes = changes(&text, day(), &entries(), &now()).unwrap();
        assert_eq!(changes.deleted, [lunch("0193-aaaa-00000001")]);
        assert_eq!(changes.typed, [(4, "lunch 650".to_owned())]);
        let kcal: Vec<u32> = changes.created.iter().map(|(_, entry)| entry.kcal).collect();
        assert_eq!(kcal, [650, 600]);
        assert_eq!(changes.created[0].1.name, lunch("x").entry.name);
    }

    #[test]
    fn what_can_not_be_read_is_named_by_its_line() {
        for (text, says) in [
            ("07:30 | Food | Lunch | many | x", "kcal"),
            ("07:30 | Food | Lunch | 1 | x | | | | | | | zzz", "no entry `zzz`"),
            ("99:99 | Food | Lunch | 1", "time"),
            ("07:30 | Food | | 1", "type"),
            ("a|b|c|d|e|f|g|h|i|j|k|l|m", "13 cells"),
        ] {
            let (line, reason) = changes(text, day(), &entries(), &now()).unwrap_err();
            assert_eq!(line, 1);
            assert!(reason.contains(says), "{reason}");
        }
    }

    proptest! {
        #[test]
        fn a_text_that_was_not_touched_changes_nothing(
            name in "\\PC{0,20}",
            note in "(\\PC|\n){0,20}",
            quantity in proptest::option::of(0.001..9_999.0_f64),
            kcal in 0..99_999_u32,
        ) {
            let mut entries = entries();
            entries[0].entry.name = Some(name);
            entries[0].entry.note = Some(note);
            entries[0].entry.quantity = quantity;
            entries[0].entry.kcal = kcal;
            let text = written(day(), &entries, &now());
            prop_assert_eq!(changes(&text, day(), &entries, &now()), Ok(Changes::default()));
        }
    }
}
