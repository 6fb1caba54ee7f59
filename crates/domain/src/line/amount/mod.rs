//! The words of an item beside its name: numbers, units, kcal, macros, types.

mod measured;

use super::{
    count::counted,
    kind::{Kind, kind},
    number::{Macro, Piece},
    question::Question,
    reading::Role,
    size::{is_filler, is_verb, size},
    unit::{Measure, Unit, stands_alone, unit},
    words::Token,
};
use crate::{Category, text::quoted};

/// A sum up to this counts, as a number does.
const LEAST_SUM: f64 = 20.0;

/// A number without a unit, and its text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bare {
    pub(super) value: f64,
    pub(super) text: String,
    /// Whether it says that it counts: `30x`.
    pub(super) is_times: bool,
}

/// What the words beside a name mean.
#[derive(Debug, Clone, Default)]
pub(super) struct Amount {
    /// The number in front of the name.
    pub(super) count: Option<Bare>,
    /// The number behind the name.
    pub(super) behind: Option<Bare>,
    /// A number between the words of a name.
    pub(super) inside: Option<Bare>,
    /// Units of the food itself: number, and index among its units.
    pub(super) portions: Vec<(f64, usize)>,
    pub(super) measures: Vec<(f64, Unit)>,
    /// A size that is no unit of the food: its name and how it compares to the usual one.
    pub(super) size: Option<(&'static str, f64)>,
    /// kcal with their unit, or as an expression.
    pub(super) kcal: Option<f64>,
    pub(super) macros: [Option<f64>; 3],
    pub(super) kind: Option<Kind>,
    /// The indices of the words that mean none of these.
    pub(super) unknown: Vec<usize>,
    pub(super) roles: Vec<Role>,
}

impl Amount {
    /// Whether it states how much, apart from kcal with their unit.
    pub(super) fn has_number(&self) -> bool {
        let has_bare = self.count.is_some() || self.behind.is_some();
        has_bare || !self.measures.is_empty() || !self.portions.is_empty() || self.size.is_some()
    }
}

/// An item's words, and what is known about them.
pub(super) struct Words<'a> {
    pub(super) tokens: &'a [Token<'a>],
    pub(super) lower: &'a [String],
    pub(super) pieces: &'a [Result<Piece, Question>],
    pub(super) categories: &'a [Category],
}

impl Words<'_> {
    /// Reads the words from `from` on that aren't in the name. `units` are the known food's own.
    pub(super) fn amount(&self, from: usize, is_name: &[bool], units: &[&str]) -> Result<Amount, Question> {
        let mut reader = Reader {
            words: self,
            is_name,
            units,
            first_name: is_name.iter().position(|is_name| *is_name),
            bare: Vec::new(),
            amount: Amount {
                roles: vec![Role::Name; self.tokens.len()],
                ..Amount::default()
            },
        };
        let mut at = from;
        while at < self.tokens.len() {
            at = if reader.is_name(at) {
                at + 1
            } else {
                reader.word(at)?
            };
        }
        reader.finish()
    }

    pub(super) fn lower(&self, at: usize) -> &str {
        self.lower.get(at).map_or("", String::as_str)
    }

    pub(super) fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.text)
    }
}

struct Reader<'a> {
    words: &'a Words<'a>,
    is_name: &'a [bool],
    units: &'a [&'a str],
    first_name: Option<usize>,
    /// Numbers without units, by the index of their word.
    bare: Vec<(usize, Bare)>,
    amount: Amount,
}

impl Reader<'_> {
    fn is_name(&self, at: usize) -> bool {
        self.is_name.get(at).copied().unwrap_or(false)
    }

    fn role(&mut self, from: usize, to: usize, role: Role) {
        for place in self.amount.roles.iter_mut().take(to).skip(from) {
            *place = role;
        }
    }

    /// Reads what begins at a word; returns the index behind it.
    fn word(&mut self, at: usize) -> Result<usize, Question> {
        let piece = match self.words.pieces.get(at) {
            Some(Ok(piece)) => *piece,
            Some(Err(question)) => return Err(question.clone()),
            None => Piece::Word,
        };
        match piece {
            Piece::Number(number) => self.number(at, at + 1, number),
            Piece::Times(number) => {
                self.role(at, at + 1, Role::Quantity);
                // `2x 150g` and `2x espresso`; `espresso x2` too.
                self.count(at, number, true)?;
                Ok(at + 1)
            }
            Piece::Ratio(n, m) if n > 0 && n < m && m <= 16 => {
                self.number(at, at + 1, f64::from(n) / f64::from(m))
            }
            Piece::Ratio(..) => Err(Question::DayInside(quoted(self.words.text(at)))),
            Piece::Measured(number, unit) => self.measured(at, at + 1, number, unit),
            // `2+2 eggs`
            Piece::Sum(number) if f64::from(number) <= LEAST_SUM => {
                self.number(at, at + 1, f64::from(number))
            }
            Piece::Sum(kcal) => {
                self.role(at, at + 1, Role::Kcal);
                self.kcal(at, f64::from(kcal))?;
                Ok(at + 1)
            }
            Piece::Macro(nutrient, grams) => {
                self.role(at, at + 1, Role::Macro);
                let [protein, fat, carbohydrate] = &mut self.amount.macros;
                let place = match nutrient {
                    Macro::Protein => protein,
                    Macro::Fat => fat,
                    Macro::Carbohydrate => carbohydrate,
                };
                if let Some(before) = place.replace(grams) {
                    let before = super::number::shown(before);
                    return Err(Question::TwoNumbers(before, quoted(self.words.text(at))));
                }
                Ok(at + 1)
            }
            Piece::Label => {
                self.role(at, at + 1, Role::Macro);
                Ok(at + 1)
            }
            Piece::Word => self.plain(at),
        }
    }

    /// A word without digits.
    fn plain(&mut self, at: usize) -> Result<usize, Question> {
        let word = self.words.lower(at).to_owned();
        if let Some((index, end)) = self.own_unit(at).filter(|(_, end)| *end > at + 1) {
            self.role(at, end, Role::Quantity);
            self.amount.portions.push((1.0, index));
            return Ok(end);
        }
        if let Some((number, length)) = self.in_words(at) {
            return self.number(at, at + length, number);
        }
        // `eggs x 3`
        if let ("x" | "×" | "*", Some(Ok(Piece::Number(number)))) =
            (word.as_str(), self.words.pieces.get(at + 1))
            && !self.is_name(at + 1)
            && self.unit_at(at + 2).is_none()
        {
            self.role(at, at + 2, Role::Quantity);
            self.count(at + 1, *number, true)?;
            return Ok(at + 2);
        }
        if let Some(end) = self.sized(at) {
            return Ok(end);
        }
        if let Some((_, end)) = self.own_unit(at) {
            return Ok(self.portion(at, end, 1.0));
        }
        // `kcal 300`
        if let (Some(energy), Some(Ok(Piece::Number(number)))) =
            (unit(word.trim_end_matches(':')), self.words.pieces.get(at + 1))
            && matches!(energy.measure, Measure::Energy(_))
            && !self.is_name(at + 1)
            && self.unit_at(at + 2).is_none()
        {
            return self.measured(at, at + 2, *number, energy);
        }
        if let (Some(steps), Some(Ok(Piece::Number(number)))) =
            (unit(word.trim_end_matches(':')), self.words.pieces.get(at + 1))
            && steps.measure == Measure::Steps
            && word.starts_with("steps")
            && self.unit_at(at + 2).is_none()
        {
            return self.measured(at, at + 2, *number, steps);
        }
        if let Some(found) = unit(&word).filter(|found| {
            let measures = matches!(
                found.measure,
                Measure::Household(_) | Measure::Volume(_) | Measure::Time(_) | Measure::Distance(_)
            );
            measures && stands_alone(&word)
        }) {
            return self.measured(at, at + 1, 1.0, found);
        }
        if word == "for"
            && kind(self.words.lower(at + 1), self.words.categories).is_some_and(|kind| kind.is_meal())
        {
            self.role(at, at + 1, Role::Filler);
            return Ok(at + 1);
        }
        // `5 miles in 45 minutes`, `walk for 1 h`
        let is_time = |unit: Unit| matches!(unit.measure, Measure::Time(_));
        // `for about an hour`
        let next = (at + 1..self.words.tokens.len())
            .find(|at| !is_filler(self.words.lower(*at)))
            .unwrap_or(at + 1);
        let next_is_time = match self.words.pieces.get(next) {
            Some(Ok(Piece::Measured(_, unit))) => is_time(*unit),
            Some(Ok(Piece::Number(_))) => unit(self.words.lower(next + 1)).is_some_and(is_time),
            // `for half an hour`
            Some(Ok(Piece::Word)) if counted(self.words.lower(next)).is_some() => {
                let is_time_at = |at: usize| unit(self.words.lower(at)).is_some_and(is_time);
                is_time_at(next + 1) || is_time_at(next + 2)
            }
            _ => false,
        };
        let is_front = self.amount.unknown.is_empty() && self.first_name.is_none_or(|name| at < name);
        let is_article = |word: &str| matches!(word, "a" | "an");
        if word == "between" && matches!(self.words.pieces.get(at + 1), Some(Ok(Piece::Number(_)))) {
            self.role(at, at + 1, Role::Filler);
            return Ok(at + 1);
        }
        // `200 g or so`
        if word == "or" && matches!(self.words.lower(at + 1), "so" | "thereabouts") {
            self.role(at, at + 2, Role::Filler);
            return Ok(at + 2);
        }
        if is_filler(&word)
            || matches!(word.as_str(), "in" | "for") && next_is_time
            || is_front && is_verb(&word)
            || is_front && word == "for" && is_article(self.words.lower(at + 1))
        {
            self.role(at, at + 1, Role::Filler);
            return Ok(at + 1);
        }
        let is_full = word.len() > 4;
        if let Some(found) = kind(&word, self.words.categories).filter(|kind| kind.is_meal() && is_full) {
            self.role(at, at + 1, Role::Kind);
            if let Some(before) = self.amount.kind.replace(found.clone()) {
                return Err(Question::TwoTypes(before.name, found.name));
            }
            return Ok(at + 1);
        }
        self.amount.unknown.push(at);
        Ok(at + 1)
    }

    /// A size: a unit of the food, or a factor.
    fn sized(&mut self, at: usize) -> Option<usize> {
        let ((name, factor), end) = self.size_at(at)?;
        self.role(at, end, Role::Quantity);
        match self.units.iter().position(|unit| *unit == name) {
            Some(index) if !self.has_unit(end) => self.amount.portions.push((1.0, index)),
            _ => self.amount.size = Some((name, factor)),
        }
        Some(end)
    }

    /// A size and the index behind it: `large`, `extra large`.
    fn size_at(&self, at: usize) -> Option<((&'static str, f64), usize)> {
        let is_extra = self.words.lower(at) == "extra" && !self.is_name(at + 1);
        if is_extra && matches!(self.words.lower(at + 1), "large" | "big") {
            return size("xl").map(|size| (size, at + 2));
        }
        size(self.words.lower(at)).map(|size| (size, at + 1))
    }

    fn count(&mut self, at: usize, number: f64, is_times: bool) -> Result<(), Question> {
        let text = self.words.text(at).to_owned();
        if let Some(before) = self.amount.count.replace(Bare {
            value: number,
            text,
            is_times,
        }) {
            return Err(Question::TwoNumbers(
                quoted(&before.text),
                quoted(self.words.text(at)),
            ));
        }
        Ok(())
    }

    fn kcal(&mut self, at: usize, kcal: f64) -> Result<(), Question> {
        if let Some(before) = self.amount.kcal.replace(kcal) {
            return Err(Question::TwoNumbers(
                super::number::shown(before),
                quoted(self.words.text(at)),
            ));
        }
        Ok(())
    }

    /// Numbers without units: in front of the name a count, behind it kcal.
    fn finish(mut self) -> Result<Amount, Question> {
        let name = self.first_name.or(self.amount.unknown.first().copied());
        let last_name = self.is_name.iter().rposition(|is_name| *is_name);
        let last = last_name.or(self.amount.unknown.last().copied());
        for (at, bare) in std::mem::take(&mut self.bare) {
            if name.is_some_and(|name| name < at) && last.is_some_and(|last| at < last) {
                self.amount.inside = Some(bare);
                continue;
            }
            let place = if name.is_some_and(|name| at < name) {
                &mut self.amount.count
            } else {
                self.role(at, at + 1, Role::Kcal);
                &mut self.amount.behind
            };
            if let Some(before) = place.replace(bare.clone()) {
                return Err(Question::TwoNumbers(quoted(&before.text), quoted(&bare.text)));
            }
        }
        if let (Some(behind), Some(kcal)) = (&self.amount.behind, self.amount.kcal) {
            return Err(Question::TwoNumbers(
                quoted(&behind.text),
                super::number::shown(kcal) + " kcal",
            ));
        }
        Ok(self.amount)
    }
}
