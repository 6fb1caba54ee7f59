//! Numbers as they are typed: `2`, `1,5`, `½`, `150g`, `1h30`, `2x`, `500kJ`, `130*4`, `p30`.

use super::{
    clock::clock,
    question::Question,
    range::{ends, middle},
    unit::{MINUTES, Unit, unit},
};
use crate::{parse_kcal, text::quoted};

/// What a single word with digits, or a word for a number, means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Piece {
    Number(f64),
    /// `11/20`: a fraction or a date.
    Ratio(u32, u32),
    /// A number grown together with its unit.
    Measured(f64, Unit),
    /// `2x`
    Times(f64),
    /// `130*4`: kcal.
    Sum(u32),
    /// Protein, fat or carbohydrate in g.
    Macro(Macro, f64),
    /// A word that belongs to the number beside it.
    Label,
    /// No number.
    Word,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Macro {
    Protein,
    Fat,
    Carbohydrate,
}

const VULGAR: [(char, f64); 10] = [
    ('½', 0.5),
    ('¼', 0.25),
    ('¾', 0.75),
    ('⅓', 1.0 / 3.0),
    ('⅔', 2.0 / 3.0),
    ('⅛', 0.125),
    ('⅜', 0.375),
    ('⅝', 0.625),
    ('⅞', 0.875),
    ('⅕', 0.2),
];

/// The longest word that is read as a number.
const LONGEST: usize = 60;

pub(super) fn piece(word: &str) -> Result<Piece, Question> {
    if word.len() > LONGEST {
        return Ok(Piece::Word);
    }
    let lower = word.trim_start_matches(['~', '≈']).to_lowercase();
    let lower = lower.as_str();
    if let Some(number) = lower
        .strip_prefix(['-', '−', '–'])
        .filter(|rest| begins_with_digit(rest))
    {
        // `-2d` is a day; days are taken off before.
        return match head(number).1 {
            "d" => Ok(Piece::Word),
            _ => Err(Question::Negative(quoted(word))),
        };
    }
    if let Some(found) = grown_macro(lower)? {
        return Ok(found);
    }
    if let Some(number) = lower
        .strip_prefix(['x', '×', '*'])
        .filter(|rest| begins_with_digit(rest))
    {
        return Ok(decimal(number)?.map_or(Piece::Word, Piece::Times));
    }
    if let Some(number) = lower
        .strip_suffix('*')
        .filter(|number| number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
        .filter(|number| !number.is_empty())
    {
        return Ok(decimal(number)?.map_or(Piece::Word, Piece::Times));
    }
    if lower.starts_with('(')
        || lower.contains(['*', '×', '+']) && lower.starts_with(|c: char| c.is_ascii_digit())
    {
        return sum(lower);
    }
    if let Some((from, to)) = ends(lower)
        && let Some(found) = ranged(from, to)?
    {
        return Ok(found);
    }
    if let Some((number, unit)) = clock(lower)? {
        return Ok(Piece::Measured(number, unit));
    }
    let lower = lower.strip_suffix("ish").unwrap_or(lower);
    let (number, tail) = head(lower.trim_end_matches('-'));
    if number.is_empty() {
        return Ok(Piece::Word);
    }
    if let Some((n, m)) = ratio(number).filter(|_| tail.is_empty()) {
        return Ok(Piece::Ratio(n, m));
    }
    let tail = tail.trim_end_matches('.');
    // `30-minute walk`
    let tail = tail
        .strip_prefix('-')
        .filter(|tail| unit(tail).is_some())
        .unwrap_or(tail);
    if tail.is_empty() {
        return Ok(amount(number)?.map_or(Piece::Word, Piece::Number));
    }
    if matches!(tail, "x" | "×") {
        return Ok(amount(number)?.map_or(Piece::Word, Piece::Times));
    }
    if matches!(tail, "'" | "′" | "’") {
        return Ok(amount(number)?.map_or(Piece::Word, |number| Piece::Measured(number, MINUTES)));
    }
    if let Some(unit) = unit(tail) {
        return Ok(amount(number)?.map_or(Piece::Word, |number| Piece::Measured(number, unit)));
    }
    hours_and_minutes(number, tail)
}

/// `2-3`, `150-200g`, `1h-2h`
fn ranged(from: &str, to: &str) -> Result<Option<Piece>, Question> {
    Ok(match (piece(from)?, piece(to)?) {
        (Piece::Number(from), Piece::Number(to)) => middle(from, to).map(Piece::Number),
        (Piece::Number(from), Piece::Times(to)) => middle(from, to).map(Piece::Times),
        (Piece::Number(from), Piece::Measured(to, unit)) => {
            middle(from, to).map(|number| Piece::Measured(number, unit))
        }
        (Piece::Measured(from, unit), Piece::Measured(to, other)) if unit == other => {
            middle(from, to).map(|number| Piece::Measured(number, unit))
        }
        _ => None,
    })
}

fn begins_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || (c == '.' && text.len() > 1))
}

/// The number at the beginning of a text, and what follows.
fn head(text: &str) -> (&str, &str) {
    let is_number = |c: char| c.is_ascii_digit() || VULGAR.iter().any(|(vulgar, _)| *vulgar == c);
    if !text.starts_with(|c| is_number(c) || c == '.') {
        return ("", text);
    }
    let end = text
        .char_indices()
        .find(|(_, c)| !(is_number(*c) || matches!(c, '.' | ',' | '/')))
        .map_or(text.len(), |(at, _)| at);
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn ratio(text: &str) -> Option<(u32, u32)> {
    let (n, m) = text.split_once('/')?;
    Some((n.parse().ok()?, m.parse().ok()?))
}

/// `2`, `1,5`, `½`, `1½`, `1/2`
fn amount(text: &str) -> Result<Option<f64>, Question> {
    if let Some((n, m)) = ratio(text) {
        return Ok((m > 0).then(|| f64::from(n) / f64::from(m)));
    }
    let mut chars = text.chars();
    let last = chars.next_back();
    let Some((_, part)) = VULGAR.iter().find(|(vulgar, _)| Some(*vulgar) == last) else {
        return decimal(text);
    };
    let whole = chars.as_str();
    if whole.is_empty() {
        return Ok(Some(*part));
    }
    Ok(decimal(whole)?.map(|whole| whole + part))
}

/// A number with a decimal comma or point. Three digits behind its only mark are a question: `1,200`.
pub(super) fn decimal(text: &str) -> Result<Option<f64>, Question> {
    let text = text.strip_suffix(['.', ',']).unwrap_or(text);
    if !text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
    {
        return Ok(None);
    }
    let marks: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| !c.is_ascii_digit()).collect();
    let number = match marks.as_slice() {
        [] => text.parse().ok(),
        [(at, _)] => {
            let (whole, fraction) = (text.get(..*at), text.get(at + 1..));
            let (Some(whole), Some(fraction)) = (whole, fraction) else {
                return Ok(None);
            };
            if fraction.len() == 3 && !whole.trim_start_matches('0').is_empty() {
                return Err(Question::Grouped {
                    text: quoted(text),
                    whole: quoted(&format!("{whole}{fraction}")),
                    decimal: quoted(
                        format!("{whole}.{fraction}")
                            .trim_end_matches('0')
                            .trim_end_matches('.'),
                    ),
                });
            }
            format!("0{whole}.{fraction}").parse().ok()
        }
        [first, .., last] => grouped(text, *first, *last),
    };
    Ok(number.filter(|number: &f64| number.is_finite()))
}

/// `1,200,000` and `1.200,5`
fn grouped(text: &str, first: (usize, char), last: (usize, char)) -> Option<f64> {
    let (whole, fraction) = if first.1 == last.1 {
        (text, "")
    } else {
        (text.get(..last.0)?, text.get(last.0 + 1..)?)
    };
    let mut groups = whole.split(first.1);
    let leads = groups.next().is_some_and(|lead| (1..=3).contains(&lead.len()));
    let is_grouped = leads && groups.all(|group| group.len() == 3 && !group.contains(['.', ',']));
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    is_grouped.then(|| format!("{digits}.{fraction}0").parse().ok())?
}

/// `p30`, `f5.5g`
fn grown_macro(lower: &str) -> Result<Option<Piece>, Question> {
    let nutrient = match lower.chars().next() {
        Some('p') => Macro::Protein,
        Some('f') => Macro::Fat,
        Some('c') => Macro::Carbohydrate,
        _ => return Ok(None),
    };
    let number = lower.get(1..).unwrap_or_default();
    let number = number.strip_suffix('g').unwrap_or(number);
    if !begins_with_digit(number) {
        return Ok(None);
    }
    Ok(decimal(number)?.map(|grams| Piece::Macro(nutrient, grams)))
}

/// `30p`, `5.5f`, `12c`. One alone could be anything, such as cups.
pub(super) fn macro_behind(word: &str) -> Option<Piece> {
    let lower = word.to_lowercase();
    let (number, nutrient) = lower.split_at_checked(lower.len().checked_sub(1)?)?;
    let nutrient = match nutrient {
        "p" => Macro::Protein,
        "f" => Macro::Fat,
        "c" => Macro::Carbohydrate,
        _ => return None,
    };
    let grams = decimal(number)
        .ok()
        .flatten()
        .filter(|_| begins_with_digit(number))?;
    Some(Piece::Macro(nutrient, grams))
}

/// The nutrient of a word in lower case: `40 g protein`.
pub(super) fn nutrient(word: &str) -> Option<Macro> {
    Some(match word.trim_end_matches(':') {
        "protein" | "proteins" | "prot" => Macro::Protein,
        "fat" | "fats" => Macro::Fat,
        "carbs" | "carb" | "carbohydrate" | "carbohydrates" => Macro::Carbohydrate,
        _ => return None,
    })
}

fn sum(lower: &str) -> Result<Piece, Question> {
    if lower.bytes().any(|byte| byte.is_ascii_alphabetic()) && !lower.ends_with("kcal") {
        return Ok(Piece::Word);
    }
    Ok(parse_kcal(lower).map(Piece::Sum)?)
}

/// `1h30`, `1h30m`, `1h30min`
fn hours_and_minutes(number: &str, tail: &str) -> Result<Piece, Question> {
    let Some(minutes) = tail.strip_prefix('h') else {
        return Ok(Piece::Word);
    };
    let minutes = ["minutes", "mins", "min", "m"]
        .iter()
        .find_map(|unit| minutes.strip_suffix(unit))
        .unwrap_or(minutes);
    let (Some(hours), Some(minutes)) = (decimal(number)?, decimal(minutes)?) else {
        return Ok(Piece::Word);
    };
    if minutes >= 60.0 {
        return Ok(Piece::Word);
    }
    Ok(Piece::Measured(hours * 60.0 + minutes, MINUTES))
}

/// A number without a needless fraction: `1.5`, `0.3333`. Exactly three decimals behind a whole number would be asked about.
pub(super) fn shown(number: f64) -> String {
    let long = format!("{number:.4}");
    let short = long.trim_end_matches('0').trim_end_matches('.');
    match short.split_once('.') {
        Some((whole, decimals)) if decimals.len() == 3 && whole != "0" => long,
        _ => short.to_owned(),
    }
}

/// A quantity as it is kept: with at most four decimals, which [`shown`] shows.
pub(super) fn kept(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2", Piece::Number(2.0))]
    #[case("1,5", Piece::Number(1.5))]
    #[case("1.5", Piece::Number(1.5))]
    #[case(".5", Piece::Number(0.5))]
    #[case("0.125", Piece::Number(0.125))]
    #[case("½", Piece::Number(0.5))]
    #[case("1½", Piece::Number(1.5))]
    #[case("~150", Piece::Number(150.0))]
    #[case("1,200,000", Piece::Number(1_200_000.0))]
    #[case("1,200.5", Piece::Number(1200.5))]
    #[case("1/2", Piece::Ratio(1, 2))]
    #[case("2x", Piece::Times(2.0))]
    #[case("x2", Piece::Times(2.0))]
    #[case("*2", Piece::Times(2.0))]
    #[case("2*", Piece::Times(2.0))]
    #[case("130*4", Piece::Sum(520))]
    #[case("(100+30)*4", Piece::Sum(520))]
    #[case("p30", Piece::Macro(Macro::Protein, 30.0))]
    #[case("f5.5g", Piece::Macro(Macro::Fat, 5.5))]
    #[case("c12", Piece::Macro(Macro::Carbohydrate, 12.0))]
    #[case("7up", Piece::Word)]
    #[case("v8", Piece::Word)]
    #[case("2%", Piece::Word)]
    #[case("80/20", Piece::Ratio(80, 20))]
    #[case("2-3", Piece::Number(2.5))]
    #[case("2–3x", Piece::Times(2.5))]
    #[case("7-2", Piece::Word)]
    #[case("5ish", Piece::Number(5.0))]
    fn a_word_is_a_number(#[case] word: &str, #[case] expected: Piece) {
        assert_eq!(piece(word), Ok(expected));
    }

    #[rstest]
    #[case("150g", 150.0, "g")]
    #[case("0,5l", 0.5, "l")]
    #[case("1h30", 90.0, "min")]
    #[case("1h30m", 90.0, "min")]
    #[case("1.5h", 1.5, "h")]
    #[case("500kJ", 500.0, "kJ")]
    #[case("30m", 30.0, "m")]
    #[case("90'", 90.0, "min")]
    #[case("½l", 0.5, "l")]
    #[case("1/2l", 0.5, "l")]
    #[case("150-200g", 175.0, "g")]
    #[case("150g–200g", 175.0, "g")]
    #[case("200g-ish", 200.0, "g")]
    #[case("45:00", 45.0, "min")]
    #[case("30-minute", 30.0, "min")]
    #[case("1:15:30", 75.5, "min")]
    #[case("1:30h", 90.0, "min")]
    fn a_number_has_its_unit(#[case] word: &str, #[case] number: f64, #[case] name: &str) {
        match piece(word) {
            Ok(Piece::Measured(found, unit)) => assert_eq!((found, unit.name), (number, name)),
            other => panic!("{word}: {other:?}"),
        }
    }

    #[rstest]
    #[case("1,200", "is `1,200` 1200 or 1.2? write one of them")]
    #[case("1.200g", "is `1.200` 1200 or 1.2? write one of them")]
    #[case(
        "-5",
        "`-5` is negative; write how much it was, as in `2 eggs` or `lunch 650`"
    )]
    fn a_doubtful_number_is_a_question(#[case] word: &str, #[case] message: &str) {
        assert_eq!(piece(word).unwrap_err().to_string(), message);
    }
}
