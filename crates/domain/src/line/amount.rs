//! The words of an item beside its name: numbers, units, kcal, macros, types.

use super::{
    fold::{folded, stemmed},
    kind::{Kind, kind},
    number::{Macro, Piece, counted},
    question::Question,
    reading::Role,
    size::{FILLERS, size},
    unit::{Measure, Unit, stands_alone, unit},
    words::Token,
};
use crate::{Category, text::quoted};

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
    /// A number between the words of an unknown name.
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

    fn lower(&self, at: usize) -> &str {
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
        if counted(&word).is_some() {
            let mut number = 1.0;
            let mut end = at;
            while let Some(value) = (!self.is_name(end))
                .then(|| counted(self.words.lower(end)))
                .flatten()
            {
                number *= value;
                end += 1;
            }
            return self.number(at, end, number);
        }
        if let Some(end) = self.sized(at) {
            return Ok(end);
        }
        if let Some((index, end)) = self.own_unit(at) {
            self.role(at, end, Role::Quantity);
            self.amount.portions.push((1.0, index));
            return Ok(self.skip_of(end));
        }
        if let (Some(steps), Some(Ok(Piece::Number(number)))) = (unit(&word), self.words.pieces.get(at + 1))
            && steps.measure == Measure::Steps
            && word == "steps"
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
        if FILLERS.contains(&word.as_str()) {
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
        let (name, factor) = size(self.words.lower(at))?;
        self.role(at, at + 1, Role::Quantity);
        match self.units.iter().position(|unit| *unit == name) {
            Some(index) if !self.has_unit(at + 1) => self.amount.portions.push((1.0, index)),
            _ => self.amount.size = Some((name, factor)),
        }
        Some(at + 1)
    }

    /// Whether a unit begins at a word.
    fn has_unit(&self, at: usize) -> bool {
        !self.is_name(at) && (self.own_unit(at).is_some() || unit(self.words.lower(at)).is_some())
    }

    /// A number that may be followed by a unit.
    fn number(&mut self, at: usize, end: usize, number: f64) -> Result<usize, Question> {
        let mut number = number;
        let mut end = end;
        self.role(at, end, Role::Quantity);
        // `1 1/2`, `1 ½`
        if number.fract() == 0.0 && !self.is_name(end) {
            match self.words.pieces.get(end) {
                Some(Ok(Piece::Ratio(n, m))) if n < m && *m <= 16 => {
                    number += f64::from(*n) / f64::from(*m);
                    end += 1;
                }
                Some(Ok(Piece::Number(part))) if *part < 1.0 && self.words.text(end).chars().count() == 1 => {
                    number += part;
                    end += 1;
                }
                _ => {}
            }
        }
        if self.words.lower(end) == "dozen" && !self.is_name(end) {
            number *= 12.0;
            end += 1;
        }
        self.role(at, end, Role::Quantity);
        let mut next = end;
        if matches!(self.words.lower(next), "x" | "×") && !self.is_name(next) {
            self.role(next, next + 1, Role::Filler);
            self.count(at, number, true)?;
            return Ok(next + 1);
        }
        if matches!(self.words.lower(next), "of" | "a" | "an")
            && self.has_unit(next + 1)
            && !self.is_name(next)
        {
            self.role(next, next + 1, Role::Filler);
            next += 1;
        }
        if !self.is_name(next) {
            // `2 large slices`, `2 large eggs`
            if let Some((name, factor)) = size(self.words.lower(next)) {
                let own = self.units.iter().position(|unit| *unit == name);
                match own {
                    Some(index) if !self.has_unit(next + 1) => {
                        self.role(next, next + 1, Role::Quantity);
                        self.amount.portions.push((number, index));
                        return Ok(next + 1);
                    }
                    _ => {
                        if let Some((_, unit_end)) =
                            self.own_unit(next).filter(|(_, unit_end)| *unit_end > next + 1)
                        {
                            return Ok(self.portion(next, unit_end, number));
                        }
                        self.role(next, next + 1, Role::Quantity);
                        self.amount.size = Some((name, factor));
                        next += 1;
                    }
                }
            }
            if let Some((_, unit_end)) = self.own_unit(next).filter(|_| !self.is_name(next)) {
                return Ok(self.portion(next, unit_end, number));
            }
            if let Some(found) = self.unit_at(next) {
                let unit_end = if found.name == "fl oz" && self.words.lower(next) == "fl" {
                    next + 2
                } else {
                    next + 1
                };
                return self.measured(at, unit_end, number, found);
            }
        }
        if self.words.pieces.get(at) == Some(&Ok(Piece::Word)) {
            // `a`, `two`, `half`
            let is_article = matches!(self.words.lower(at), "a" | "an");
            if is_article && self.first_name.is_some_and(|name| name < at) {
                self.role(at, end, Role::Filler);
                return Ok(next);
            }
            self.count(at, number, false)?;
            return Ok(next);
        }
        let text = self.words.text(at).to_owned();
        self.bare.push((
            at,
            Bare {
                value: number,
                text,
                is_times: false,
            },
        ));
        Ok(next)
    }

    fn portion(&mut self, at: usize, end: usize, number: f64) -> usize {
        if let Some((index, _)) = self.own_unit(at) {
            self.amount.portions.push((number, index));
        }
        self.role(at, end, Role::Quantity);
        self.skip_of(end)
    }

    fn unit_at(&self, at: usize) -> Option<Unit> {
        if self.is_name(at) {
            return None;
        }
        if self.words.lower(at) == "fl" && self.words.lower(at + 1).trim_end_matches('.') == "oz" {
            return unit("fl oz");
        }
        unit(self.words.lower(at).trim_end_matches('.'))
    }

    fn skip_of(&mut self, at: usize) -> usize {
        if self.words.lower(at) == "of" && !self.is_name(at) {
            self.role(at, at + 1, Role::Filler);
            return at + 1;
        }
        at
    }

    fn measured(&mut self, at: usize, end: usize, number: f64, found: Unit) -> Result<usize, Question> {
        let mut end = end;
        if let Measure::Energy(kcal) = found.measure {
            self.role(at, end, Role::Kcal);
            self.kcal(at, number * kcal)?;
            return Ok(end);
        }
        let (mut number, mut found) = (number, found);
        if found.measure == Measure::K
            && unit(self.words.lower(end)).is_some_and(|unit| unit.measure == Measure::Steps)
        {
            (number, found) = (number * 1000.0, unit("steps").unwrap_or(found));
            end += 1;
        }
        self.role(at, end, Role::Quantity);
        if found.name == "h" {
            // `1h 30`
            let minutes = match self.words.pieces.get(end) {
                Some(Ok(Piece::Number(minutes))) if !self.is_name(end) && *minutes < 60.0 => Some(*minutes),
                _ => None,
            };
            let is_bare = minutes.is_some() && self.unit_at(end + 1).is_none();
            if let (Some(minutes), true) = (minutes, is_bare) {
                self.role(end, end + 1, Role::Quantity);
                self.amount.measures.push((minutes, minute()));
                end += 1;
            }
        }
        self.amount.measures.push((number, found));
        Ok(self.skip_of(end))
    }

    /// The food's own unit that begins at a word, the longest one, and the index behind it.
    fn own_unit(&self, at: usize) -> Option<(usize, usize)> {
        (1..=3).rev().find_map(|length| {
            let end = at + length;
            if end > self.words.tokens.len() || (at..end).any(|at| self.is_name(at)) {
                return None;
            }
            let typed: Vec<String> = (at..end)
                .map(|at| stemmed(&folded(self.words.lower(at))))
                .collect();
            let typed = typed.join(" ");
            let same = |unit: &&str| {
                let unit: Vec<String> = unit.split(' ').map(|word| stemmed(&folded(word))).collect();
                unit.join(" ") == typed
            };
            self.units.iter().position(same).map(|index| (index, end))
        })
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
        let last = self.amount.unknown.last().copied();
        for (at, bare) in std::mem::take(&mut self.bare) {
            if self.first_name.is_none()
                && name.is_some_and(|name| name < at)
                && last.is_some_and(|last| at < last)
            {
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

fn minute() -> Unit {
    Unit {
        name: "min",
        measure: Measure::Time(1.0),
    }
}
