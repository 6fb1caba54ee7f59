//! Reads the quick line: `lunch 650`, `650`, `run 300`.

use caltrack_domain::{Category, MAX_KCAL, MAX_NAME_CHARS};
use jiff::Zoned;

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The category.
    pub category: String,
    /// The type.
    pub kind: String,
    /// kcal.
    pub kcal: u32,
    /// The words that are left.
    pub name: Option<String>,
}

/// The meal of this time of day: the type of a line that names none.
pub fn meal_of(now: &Zoned) -> &'static str {
    match now.hour() {
        4..=10 => "Breakfast",
        11..=14 => "Lunch",
        17..=21 => "Dinner",
        _ => "Snacks",
    }
}

/// Reads a line.
///
/// # Errors
///
/// A sentence that says what can't be understood and what would be.
pub fn read(line: &str, categories: &[Category], now: &Zoned) -> Result<Entry, String> {
    if categories.is_empty() {
        return Err("the categories are not loaded yet; wait a moment".to_owned());
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    let (numbers, rest): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| is_number(word));
    let kcal = match numbers.as_slice() {
        [] => return Err("how many kcal? try `lunch 650`".to_owned()),
        [one] => kcal(one)?,
        [first, second, ..] => {
            return Err(format!("`{first}` or `{second}`? one number of kcal is enough"));
        }
    };
    let Some((first, more)) = rest.split_first() else {
        let kind = meal_of(now);
        let (category, kind) = find(kind, categories)
            .or_else(|| any(categories))
            .ok_or("no types are known")?;
        return Ok(Entry {
            category,
            kind,
            kcal,
            name: None,
        });
    };
    let Some((category, kind)) = find(first, categories) else {
        let near = nearest(first, categories.iter().flat_map(|category| &category.types));
        let hint = near.map_or_else(String::new, |near| {
            format!("; did you mean `{}`?", near.to_lowercase())
        });
        return Err(format!("no type `{first}`{hint}"));
    };
    let name = (!more.is_empty()).then(|| more.join(" "));
    if let Some(name) = &name {
        check_name(name)?;
    }
    Ok(Entry {
        category,
        kind,
        kcal,
        name,
    })
}

fn is_number(word: &str) -> bool {
    word.strip_prefix(['-', '+'])
        .unwrap_or(word)
        .starts_with(|c: char| c.is_ascii_digit())
}

/// Reads kcal.
///
/// # Errors
///
/// A sentence that says which numbers can be.
pub fn kcal(text: &str) -> Result<u32, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(format!("how many kcal? 0 to {MAX_KCAL}"));
    }
    let digits = text.strip_suffix("kcal").unwrap_or(text).trim_end();
    digits
        .parse::<u32>()
        .ok()
        .filter(|kcal| *kcal <= MAX_KCAL && !digits.starts_with('+'))
        .ok_or_else(|| {
            format!(
                "`{}` can't be kcal: whole numbers from 0 to {MAX_KCAL}",
                short(text)
            )
        })
}

/// Checks a name's length.
///
/// # Errors
///
/// A sentence that says how long it may be.
pub fn check_name(name: &str) -> Result<(), String> {
    match name.chars().count() {
        0..=MAX_NAME_CHARS => Ok(()),
        long => Err(format!(
            "a name has at most {MAX_NAME_CHARS} characters; this one has {long}"
        )),
    }
}

/// The candidate most like what was typed, where any is like it at all.
pub fn nearest<'a>(typed: &str, candidates: impl Iterator<Item = &'a String>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    candidates
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&typed, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count() / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate.as_str())
}

fn find(kind: &str, categories: &[Category]) -> Option<(String, String)> {
    categories.iter().find_map(|category| {
        let found = category
            .types
            .iter()
            .find(|candidate| candidate.eq_ignore_ascii_case(kind))?;
        Some((category.name.clone(), found.clone()))
    })
}

fn any(categories: &[Category]) -> Option<(String, String)> {
    categories
        .iter()
        .find_map(|category| Some((category.name.clone(), category.types.first()?.clone())))
}

fn short(text: &str) -> String {
    let mut short: String = text.chars().take(20).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
