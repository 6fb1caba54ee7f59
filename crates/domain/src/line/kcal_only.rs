//! The quick line: an entry in one line of text. `lunch 650`, `650`, `run 300`, `oatmeal 350`, `food lunch 650 soup`.

use jiff::{Timestamp, civil::Date};

use super::kind::meal_of;
use crate::{Category, Entry, KcalError, TextError, UnknownName, checked_name, parse_kcal, text::quoted};

/// What a line logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The category's name, as listed.
    pub category: String,
    /// The type's name, as listed.
    pub kind: String,
    /// kcal, 0 to [`crate::MAX_KCAL`].
    pub kcal: u32,
    /// The remaining words, if there are any.
    pub name: Option<String>,
}

impl Line {
    /// The entry that the line logs.
    pub fn entry(self, date: Date, moment: Timestamp) -> Entry {
        Entry {
            name: self.name,
            ..Entry::new(date, moment, self.category, self.kind, self.kcal)
        }
    }
}

/// A line that can't be logged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// There are no categories to choose from.
    #[error("the categories are not loaded yet; try again in a moment")]
    NoCategories,
    /// The line has no number.
    #[error("how many kcal? Try `lunch 650`")]
    NoKcal,
    /// The line has two numbers.
    #[error("`{0}` or `{1}`? One number of kcal is enough")]
    TwoNumbers(String, String),
    /// A quantity such as `30m`, which this version can't convert to kcal.
    #[error("`{0}` has a unit; give kcal, as in `run 300`")]
    Unit(String),
    /// The number is no valid kcal value.
    #[error(transparent)]
    Kcal(#[from] KcalError),
    /// The words are no valid name.
    #[error(transparent)]
    Name(#[from] TextError),
    /// The word after a category is not one of its types, but looks like a typo of one.
    #[error(transparent)]
    Unknown(#[from] UnknownName),
}

/// Parses a line typed at an hour of the day (0 to 23).
///
/// The first word may be a category, followed by one of its types, or a type, in upper or lower case, or an unambiguous prefix
/// of a type. All other words are the entry's name. The default type is the meal of the hour.
///
/// # Errors
///
/// [`LineError`], a sentence with an example of what is valid.
pub fn read_line(line: &str, categories: &[Category], hour: i8) -> Result<Line, LineError> {
    if categories.iter().all(|category| category.types.is_empty()) {
        return Err(LineError::NoCategories);
    }
    let words: Vec<&str> = line.split_whitespace().filter(|word| *word != "kcal").collect();
    let (numbers, mut words): (Vec<&str>, Vec<&str>) = words.into_iter().partition(|word| is_number(word));
    let kcal = match numbers.as_slice() {
        [] => return Err(LineError::NoKcal),
        [number] if has_unit(number) => return Err(LineError::Unit(quoted(number))),
        [number] => parse_kcal(number)?,
        [first, second, ..] => return Err(LineError::TwoNumbers(quoted(first), quoted(second))),
    };
    let (category, kind) = named(&mut words, categories)?
        .or_else(|| find_type(meal_of(hour), categories))
        .or_else(|| any_type(categories))
        .ok_or(LineError::NoCategories)?;
    let name = checked_name(&words.join(" "))?;
    Ok(Line {
        category,
        kind,
        kcal,
        name,
    })
}

/// Removes a category or a type from the front of the words.
fn named(words: &mut Vec<&str>, categories: &[Category]) -> Result<Option<(String, String)>, UnknownName> {
    let Some(first) = words.first().copied() else {
        return Ok(None);
    };
    if let Some(found) = find_type(first, categories) {
        words.remove(0);
        return Ok(Some(found));
    }
    let Some(category) = categories
        .iter()
        .find(|category| category.name.eq_ignore_ascii_case(first))
    else {
        return match near_type(first, words.len(), categories) {
            Some(unknown) => Err(unknown),
            None => Ok(None),
        };
    };
    words.remove(0);
    if let Some(second) = words.first().copied() {
        let only = std::slice::from_ref(category);
        if let Some(found) = find_type(second, only) {
            words.remove(0);
            return Ok(Some(found));
        }
    }
    Ok(any_type(std::slice::from_ref(category)))
}

/// The error for a single word that is nearly a type's name: it is taken for a typo, not for an entry's name.
fn near_type(word: &str, words: usize, categories: &[Category]) -> Option<UnknownName> {
    const SLIP: usize = 2;
    if words > 1 || word.chars().count() <= SLIP {
        return None;
    }
    let word = word.to_lowercase();
    let slip = |name: &str| strsim::osa_distance(&word, &name.to_lowercase()) <= SLIP.min(name.len() / 3);
    let near = categories
        .iter()
        .flat_map(|category| &category.types)
        .find(|name| slip(name))?;
    Some(UnknownName {
        what: "type",
        name: quoted(&word),
        nearest: Some(near.clone()),
        listed: Vec::new(),
    })
}

fn find_type(word: &str, categories: &[Category]) -> Option<(String, String)> {
    let all = || {
        categories
            .iter()
            .flat_map(|category| category.types.iter().map(move |kind| (category, kind)))
    };
    let exact = all().find(|(_, kind)| kind.eq_ignore_ascii_case(word));
    let start = || {
        let word = word.to_lowercase();
        let mut starting =
            all().filter(|(_, kind)| word.len() >= 3 && kind.to_lowercase().starts_with(&word));
        let first = starting.next()?;
        starting.next().is_none().then_some(first)
    };
    exact
        .or_else(start)
        .map(|(category, kind)| (category.name.clone(), kind.clone()))
}

fn any_type(categories: &[Category]) -> Option<(String, String)> {
    categories
        .iter()
        .find_map(|category| Some((category.name.clone(), category.types.first()?.clone())))
}

fn is_number(word: &str) -> bool {
    word.trim_start_matches(['-', '+', '('])
        .starts_with(|c: char| c.is_ascii_digit())
}

/// `30m`, `2h`, `250g`: digits that end in letters other than `kcal`.
fn has_unit(number: &str) -> bool {
    let bare = number.strip_suffix("kcal").unwrap_or(number);
    bare.ends_with(|c: char| c.is_alphabetic()) && bare.chars().next().is_some_and(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn categories() -> Vec<Category> {
        let category = |name: &str, types: [&str; 4]| Category {
            name: name.to_owned(),
            types: types.map(str::to_owned).to_vec(),
        };
        vec![
            category("Drink", ["Tea", "Coffee", "Shake", "Juice"]),
            category("Exercise", ["Walk", "Run", "Cardio", "Weights"]),
            category("Food", ["Breakfast", "Lunch", "Dinner", "Snacks"]),
        ]
    }

    #[rstest]
    #[case(3, "Snacks")]
    #[case(4, "Breakfast")]
    #[case(10, "Breakfast")]
    #[case(11, "Lunch")]
    #[case(14, "Lunch")]
    #[case(15, "Snacks")]
    #[case(16, "Snacks")]
    #[case(17, "Dinner")]
    #[case(21, "Dinner")]
    #[case(22, "Snacks")]
    fn a_number_alone_is_the_meal_of_the_hour(#[case] hour: i8, #[case] meal: &str) {
        let read = read_line("650", &categories(), hour).unwrap();
        assert_eq!((read.category.as_str(), read.kind.as_str()), ("Food", meal));
    }

    #[test]
    fn the_entry_of_a_line_has_all_of_it() {
        let day = jiff::civil::date(2026, 11, 23);
        let moment = "2026-11-23T12:00:00Z".parse().unwrap();
        let entry = read_line("lunch 650 soup", &categories(), 12)
            .unwrap()
            .entry(day, moment);
        let expected = Entry {
            name: Some("soup".to_owned()),
            ..Entry::new(day, moment, "Food", "Lunch", 650)
        };
        assert_eq!(entry, expected);
    }

    #[rstest]
    #[case("lunch 650", "Food", "Lunch", 650, None)]
    #[case("LUNCH 650kcal", "Food", "Lunch", 650, None)]
    #[case("650 kcal lunch", "Food", "Lunch", 650, None)]
    #[case("650", "Food", "Dinner", 650, None)]
    #[case("run 300", "Exercise", "Run", 300, None)]
    #[case("food lunch 650", "Food", "Lunch", 650, None)]
    #[case("exercise 200", "Exercise", "Walk", 200, None)]
    #[case("break 300", "Food", "Breakfast", 300, None)]
    #[case("oatmeal 350", "Food", "Dinner", 350, Some("oatmeal"))]
    #[case("lunch 650 chicken salad", "Food", "Lunch", 650, Some("chicken salad"))]
    #[case("coffee 0 black", "Drink", "Coffee", 0, Some("black"))]
    #[case("lunch 130*4", "Food", "Lunch", 520, None)]
    #[case("lunhc soup 650", "Food", "Dinner", 650, Some("lunhc soup"))]
    #[case("txx 5", "Food", "Dinner", 5, Some("txx"))]
    #[case("🍕 פיצה 800", "Food", "Dinner", 800, Some("🍕 פיצה"))]
    fn a_line_is_parsed(
        #[case] line: &str,
        #[case] category: &str,
        #[case] kind: &str,
        #[case] kcal: u32,
        #[case] name: Option<&str>,
    ) {
        let read = read_line(line, &categories(), 19).unwrap();
        assert_eq!(
            (
                read.category.as_str(),
                read.kind.as_str(),
                read.kcal,
                read.name.as_deref()
            ),
            (category, kind, kcal, name)
        );
    }

    #[rstest]
    #[case("", "how many kcal? Try `lunch 650`")]
    #[case("lunch", "how many kcal? Try `lunch 650`")]
    #[case("lunch -0.4", "`-0.4` is negative; kcal are 0 to 99999")]
    #[case("lunch -5", "`-5` is negative; kcal are 0 to 99999")]
    #[case(
        "lunch 1000000000000",
        "`1000000000000` is too much for one entry; kcal are 0 to 99999"
    )]
    #[case("lunch 3 400", "`3` or `400`? One number of kcal is enough")]
    #[case("run 30m", "`30m` has a unit; give kcal, as in `run 300`")]
    #[case("lunhc 650", "unknown type `lunhc`; did you mean `Lunch`?")]
    #[case("tae 5", "unknown type `tae`; did you mean `Tea`?")]
    fn an_invalid_line_is_refused_with_a_reason(#[case] line: &str, #[case] error: &str) {
        assert_eq!(read_line(line, &categories(), 12).unwrap_err().to_string(), error);
    }

    proptest! {
        #[test]
        fn any_line_is_parsed_or_refused(line in ".{0,60}", hour in 0..24_i8) {
            if let Ok(read) = read_line(&line, &categories(), hour) {
                prop_assert!(read.kcal <= crate::MAX_KCAL);
                prop_assert!(!read.kind.is_empty());
            }
        }
    }
}
