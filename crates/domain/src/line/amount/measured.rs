//! Numbers and the units behind them.

use super::{Bare, Reader};
use crate::line::{
    count::{counted, in_words},
    fold::{folded, stemmed},
    number::Piece,
    question::Question,
    range::{joins, middle},
    reading::Role,
    unit::{MINUTES, Measure, Unit, unit},
};

/// Up to this, a number in words counts wherever it stands; a larger one behind a name is kcal, as one in digits is.
const MOST_OF_WORDS: f64 = 20.0;

impl Reader<'_> {
    /// Whether a unit begins at a word.
    pub(super) fn has_unit(&self, at: usize) -> bool {
        !self.is_name(at) && (self.own_unit(at).is_some() || unit(self.words.lower(at)).is_some())
    }

    /// A number that may be followed by a unit.
    pub(super) fn number(&mut self, at: usize, end: usize, number: f64) -> Result<usize, Question> {
        let mut number = number;
        let mut end = end;
        if let Some((middle, unit, behind)) = self.range_behind(end, number) {
            (number, end) = (middle, behind);
            if let Some(unit) = unit {
                return self.measured(at, end, number, unit);
            }
        }
        (number, end) = self.with_part(end, number);
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
        // `1/2 a pizza`
        if number < 1.0 && matches!(self.words.lower(next), "a" | "an" | "the") && !self.is_name(next) {
            self.role(next, next + 1, Role::Filler);
            next += 1;
        }
        // `a quarter of a melon`
        if self.words.lower(next) == "of"
            && matches!(self.words.lower(next + 1), "a" | "an" | "the")
            && !self.is_name(next)
            && !self.is_name(next + 1)
        {
            self.role(next, next + 2, Role::Filler);
            next += 2;
        }
        if !self.is_name(next) {
            // `2 large slices`, `2 large eggs`, `2 extra large coffees`
            if let Some(((name, factor), size_end)) = self.size_at(next) {
                let own = self.units.iter().position(|unit| *unit == name);
                match own {
                    Some(index) if !self.has_unit(size_end) => {
                        self.role(next, size_end, Role::Quantity);
                        self.amount.portions.push((number, index));
                        return Ok(size_end);
                    }
                    _ => {
                        if let Some((_, unit_end)) =
                            self.own_unit(next).filter(|(_, unit_end)| *unit_end > next + 1)
                        {
                            return Ok(self.portion(next, unit_end, number));
                        }
                        self.role(next, size_end, Role::Quantity);
                        self.amount.size = Some((name, factor));
                        next = size_end;
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
            let is_article = end == at + 1 && matches!(self.words.lower(at), "a" | "an");
            if is_article && self.first_name.is_some_and(|name| name < at) {
                self.role(at, end, Role::Filler);
                return Ok(next);
            }
            if number <= MOST_OF_WORDS {
                self.count(at, number, false)?;
                return Ok(next);
            }
        }
        let is_dozen = end
            .checked_sub(1)
            .is_some_and(|last| self.words.lower(last) == "dozen");
        let is_times = is_dozen || self.words.pieces.get(at) == Some(&Ok(Piece::Word));
        let text = self.words.text(at).to_owned();
        self.bare.push((
            at,
            Bare {
                value: number,
                text,
                is_times,
            },
        ));
        Ok(next)
    }

    /// A number with the part behind it, and the index behind both: `1 1/2`, `1 ½`, `1 and a half`; or as dozens.
    fn with_part(&self, end: usize, number: f64) -> (f64, usize) {
        let (mut number, mut end) = (number, end);
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
        if number.fract() == 0.0
            && let Some((part, behind)) = self.part_behind(end)
        {
            number += part;
            end = behind;
        }
        if self.words.lower(end) == "dozen" && !self.is_name(end) {
            number *= 12.0;
            end += 1;
        }
        (number, end)
    }

    /// The middle of the range that a number and the words behind it make, its unit if it is grown together with the second
    /// number, and the index behind it: `2 to 3`, `2 - 3g`, `two or three`.
    fn range_behind(&self, at: usize, from: f64) -> Option<(f64, Option<Unit>, usize)> {
        // `between 2 and 3`
        let is_between = self.words.lower(at) == "and"
            && at
                .checked_sub(2)
                .is_some_and(|at| self.words.lower(at) == "between");
        if !(is_between || joins(self.words.lower(at))) || self.is_name(at) || self.is_name(at + 1) {
            return None;
        }
        let (to, unit, length) = match self.words.pieces.get(at + 1)? {
            Ok(Piece::Number(to)) => (*to, None, 1),
            Ok(Piece::Measured(to, unit)) => (*to, Some(*unit), 1),
            Ok(Piece::Word) => {
                let (to, length) = self.in_words(at + 1)?;
                (to, None, length)
            }
            _ => return None,
        };
        Some((middle(from, to)?, unit, at + 1 + length))
    }

    /// The number in words that begins at a word, and how many words it has.
    pub(super) fn in_words(&self, at: usize) -> Option<(f64, usize)> {
        in_words(|index| {
            let at = at + index;
            if self.is_name(at) {
                ""
            } else {
                self.words.lower(at)
            }
        })
    }

    /// The part behind a whole number, and the index behind it: `and a half`, `and 1/2`.
    fn part_behind(&self, at: usize) -> Option<(f64, usize)> {
        let is_plain = |at: usize| !self.is_name(at);
        if !(matches!(self.words.lower(at), "and" | "&") && is_plain(at)) {
            return None;
        }
        let has_article = matches!(self.words.lower(at + 1), "a" | "an" | "one");
        let at = at + 1 + usize::from(has_article);
        let part = match self.words.pieces.get(at) {
            Some(Ok(Piece::Ratio(n, m))) if n < m && *m <= 16 => f64::from(*n) / f64::from(*m),
            Some(Ok(Piece::Number(part))) => *part,
            _ => counted(self.words.lower(at))?,
        };
        (is_plain(at) && part > 0.0 && part < 1.0).then_some((part, at + 1))
    }

    pub(super) fn portion(&mut self, at: usize, end: usize, number: f64) -> usize {
        let (number, end) = match self.part_behind(end) {
            Some((part, behind)) if number.fract() == 0.0 => (number + part, behind),
            _ => (number, end),
        };
        if let Some((index, _)) = self.own_unit(at) {
            self.amount.portions.push((number, index));
        }
        self.role(at, end, Role::Quantity);
        self.skip_of(end)
    }

    pub(super) fn unit_at(&self, at: usize) -> Option<Unit> {
        if self.is_name(at) {
            return None;
        }
        if self.words.lower(at) == "fl" && self.words.lower(at + 1).trim_end_matches('.') == "oz" {
            return unit("fl oz");
        }
        unit(self.words.lower(at).trim_end_matches('.'))
    }

    pub(super) fn skip_of(&mut self, at: usize) -> usize {
        if matches!(self.words.lower(at), "of" | "de" | "von") && !self.is_name(at) {
            self.role(at, at + 1, Role::Filler);
            return at + 1;
        }
        at
    }

    pub(super) fn measured(
        &mut self,
        at: usize,
        end: usize,
        number: f64,
        found: Unit,
    ) -> Result<usize, Question> {
        let (mut number, mut end) = self.range_of_units(end, number, found).unwrap_or((number, end));
        if let Measure::Energy(kcal) = found.measure {
            self.role(at, end, Role::Kcal);
            self.kcal(at, number * kcal)?;
            return Ok(end);
        }
        let mut found = found;
        if number.fract() == 0.0
            && let Some((part, behind)) = self.part_behind(end)
        {
            number += part;
            end = behind;
        }
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
                self.amount.measures.push((minutes, MINUTES));
                end += 1;
            }
        }
        self.amount.measures.push((number, found));
        Ok(self.skip_of(end))
    }

    /// The middle of a range of which both numbers have the unit, and the index behind it: `150 g - 200 g`.
    fn range_of_units(&self, at: usize, from: f64, found: Unit) -> Option<(f64, usize)> {
        match self.range_behind(at, from)? {
            (middle, Some(unit), end) => (unit == found).then_some((middle, end)),
            (middle, None, end) => (self.unit_at(end) == Some(found)).then_some((middle, end + 1)),
        }
    }

    /// The food's own unit that begins at a word, the longest one, and the index behind it.
    pub(super) fn own_unit(&self, at: usize) -> Option<(usize, usize)> {
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
}
