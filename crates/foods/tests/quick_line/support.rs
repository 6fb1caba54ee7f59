//! What the tests share: the setting of an empty profile, and the comparison of a line's outcome with a case.

use std::sync::LazyLock;

use caltrack_domain::{
    Category,
    line::{Lookup, Reading, Setting, read},
};
use caltrack_foods::table;
use jiff::civil::{Date, date};
use serde_json::Value;

/// A Monday.
pub(crate) const TODAY: Date = date(2026, 11, 30);

pub(crate) fn categories() -> &'static [Category] {
    static CATEGORIES: LazyLock<Vec<Category>> = LazyLock::new(read_categories);
    &CATEGORIES
}

fn read_categories() -> Vec<Category> {
    let listed: Value =
        serde_json::from_str(include_str!("../../../../assets/activity-categories.json")).unwrap();
    let rows = listed
        .as_object()
        .unwrap()
        .values()
        .next()
        .unwrap()
        .as_array()
        .unwrap();
    rows.iter()
        .map(|row| {
            let item = &row["PutRequest"]["Item"];
            let types = item["type"]["L"].as_array().unwrap();
            Category {
                name: item["category"]["S"].as_str().unwrap().to_owned(),
                types: types
                    .iter()
                    .map(|kind| kind["S"].as_str().unwrap().to_owned())
                    .collect(),
            }
        })
        .collect()
}

pub(crate) fn read_with(line: &str, lookup: &dyn Lookup) -> Vec<Reading> {
    let setting = Setting {
        today: TODAY,
        hour: 12,
        categories: categories(),
        kg: 70.0,
        lookup,
    };
    read(line, &setting)
}

pub(crate) fn readings(line: &str) -> Vec<Reading> {
    read_with(line, table())
}

/// The likeliest reading.
pub(crate) fn first(line: &str) -> Reading {
    readings(line).into_iter().next().unwrap()
}

/// A line with its right outcome.
pub(crate) struct Case(pub(crate) Value);

impl Case {
    pub(crate) fn line(&self) -> &str {
        self.0["line"].as_str().unwrap()
    }

    fn accepts(&self, outcome: &str) -> bool {
        if let Some(accepted) = self.0["accept"].as_array() {
            return accepted.iter().any(|accepted| accepted == outcome);
        }
        let expected = self.0["expect"].as_str().unwrap();
        // `ask` and `refuse` differ in words only: nothing is booked.
        expected == outcome || expected != "log" && outcome != "log"
    }
}

/// Why the outcome of a case's line is wrong, if it is.
pub(crate) fn wrong(case: &Case) -> Option<String> {
    let reading = first(case.line());
    if let Some(question) = &reading.question {
        let outcome = if question.is_refusal() { "refuse" } else { "ask" };
        return (!case.accepts(outcome)).then(|| format!("{outcome}: {question}"));
    }
    let shown = format!("logs {} {:?}", reading.line(), reading.items);
    if !case.accepts("log") {
        return Some(shown);
    }
    let items = case.0["items"].as_array().unwrap();
    if items.len() != reading.items.len() {
        return Some(format!("SILENT, {} items: {shown}", reading.items.len()));
    }
    for (expected, item) in items.iter().zip(&reading.items) {
        let range = expected["lo"].as_f64().unwrap()..=expected["hi"].as_f64().unwrap();
        let name = item.name.as_deref().unwrap_or_default();
        let meal = case.0["meal"].as_str();
        let is_of_meal = meal.is_none_or(|meal| {
            item.category != "Food"
                || item.kind.to_lowercase().trim_end_matches('s') == meal.trim_end_matches('s')
        });
        if expected["category"] != item.category.as_str()
            || !range.contains(&f64::from(item.kcal))
            || !is_like(name, expected["name_like"].as_str().unwrap())
            || !is_of_meal
        {
            return Some(format!("SILENT, not {expected}: {shown}"));
        }
    }
    let offset = case.0["day_offset"].as_i64();
    let day = offset.map(|offset| TODAY.checked_add(jiff::Span::new().days(offset)).unwrap());
    if day.is_some_and(|day| day != reading.day.unwrap_or(TODAY)) {
        return Some(format!("SILENT, the day: {shown}"));
    }
    if let Some(date) = case.0["date"].as_str()
        && reading.day.map(|day| day.to_string()).as_deref() != Some(date)
    {
        return Some(format!("SILENT, the date: {shown}"));
    }
    if let Some(time) = case.0["time"].as_str() {
        let stated = reading.time.map(|time| time.strftime("%H:%M").to_string());
        if stated.as_deref() != Some(time) {
            return Some(format!("SILENT, the time: {shown}"));
        }
    }
    None
}

/// Whether a name has one of the patterns: `cheese ?burger|burger`, `ban+ana`, `av[ao]cado`.
fn is_like(name: &str, patterns: &str) -> bool {
    let name: Vec<char> = name.to_lowercase().chars().collect();
    patterns.split('|').any(|pattern| {
        let pattern: Vec<char> = pattern.chars().collect();
        (0..=name.len()).any(|at| begins_with(&name[at..], &pattern))
    })
}

/// A regular expression of letters, `.`, `[…]`, `*`, `+` and `?`.
fn begins_with(name: &[char], pattern: &[char]) -> bool {
    let Some(first) = pattern.first() else {
        return true;
    };
    let length = match first {
        '[' => pattern.iter().position(|c| *c == ']').unwrap() + 1,
        _ => 1,
    };
    let (atom, rest) = pattern.split_at(length);
    let matches = |c: char| match atom {
        ['.'] => true,
        ['[', letters @ .., ']'] => letters.contains(&c),
        _ => atom == [c],
    };
    let (least, most, rest) = match rest.first() {
        Some('*') => (0, usize::MAX, &rest[1..]),
        Some('+') => (1, usize::MAX, &rest[1..]),
        Some('?') => (0, 1, &rest[1..]),
        _ => (1, 1, rest),
    };
    let run = name.iter().take_while(|c| matches(**c)).count().min(most);
    (least..=run).rev().any(|taken| begins_with(&name[taken..], rest))
}
