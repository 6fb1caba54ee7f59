//! Finds known names in an item, and the readings of those found.

use std::cmp::Reverse;

use super::{
    parts::{Draft, Found, ItemReader},
    shown::capitalised,
};
use crate::line::{
    amount::Amount,
    energy::{Named, figures},
    fold::{folded, stemmed},
    kind::kind,
    known::{Closeness, Known, Match},
    known_name::{LONGEST_NAME, joined},
    number::Piece,
    size::is_plain,
};

/// The words of an item in which names are looked up.
const SEARCHED: usize = 24;

impl<'a> Found<'a> {
    /// A match of a typed phrase of so many words.
    pub(super) fn of(matched: Match<'a>, is_name: Vec<bool>, length: usize, phrase: &str) -> Self {
        let last = folded(phrase.rsplit(' ').next().unwrap_or_default());
        let name = match matched.known {
            // As the user writes it.
            Known::Own(own) => own.name.clone(),
            Known::Food(_) | Known::Activity(_) => capitalised(matched.spelling),
        };
        Self {
            name,
            matched,
            is_name,
            length,
            is_plural: last.ends_with('s') && !last.ends_with("ss") && stemmed(&last) != last,
        }
    }
}

impl<'a> ItemReader<'a> {
    /// Every known name among the words.
    pub(super) fn names(&self) -> Vec<Found<'a>> {
        let all = self.words.tokens;
        let until = all.len().min(self.skipped + SEARCHED);
        let mut names = Vec::new();
        for start in self.skipped..until {
            for end in (start + 1)..=until.min(start + LONGEST_NAME) {
                let window = all.get(start..end).unwrap_or_default();
                if !self.can_be_name(start, end) {
                    continue;
                }
                let has_number = (start..end).any(|at| self.words.pieces.get(at) != Some(&Ok(Piece::Word)));
                let phrase = joined(window);
                for matched in self.setting.lookup.named(&phrase) {
                    let loosest = if has_number {
                        Closeness::Same
                    } else {
                        Closeness::Form
                    };
                    if matched.closeness <= loosest {
                        let is_name = (0..all.len()).map(|at| (start..end).contains(&at)).collect();
                        names.push(Found::of(matched, is_name, end - start, &phrase));
                    }
                }
            }
        }
        names
    }

    /// Whether words can be a name: not a number, a unit or a type alone, and none that begins or ends with `of`.
    pub(super) fn can_be_name(&self, start: usize, end: usize) -> bool {
        let lower = |at: usize| self.words.lower.get(at).map_or("", String::as_str);
        if end - start > 1 {
            let is_joint =
                |word: &str| matches!(word, "of" | "a" | "an" | "the" | "with" | "and" | "&" | "x");
            return !is_joint(lower(start)) && !is_joint(lower(end - 1));
        }
        let word = lower(start);
        let is_word = self.words.pieces.get(start) == Some(&Ok(Piece::Word));
        let is_meal =
            kind(word, self.setting.categories).is_some_and(|kind| kind.is_meal() && word.len() > 4);
        is_word && !is_plain(word.trim_end_matches(':')) && !is_meal
    }

    /// The readings of names that explain all tokens, the longest name first.
    pub(super) fn of_names(&self, found: &[(bool, Found<'_>, Amount)]) -> Vec<Draft> {
        let longest = found.iter().map(|(_, name, _)| name.length).max().unwrap_or(0);
        let mut firsts = Vec::new();
        let mut others = Vec::new();
        for (_, name, amount) in found {
            let named = Named {
                name: &name.name,
                is_plural: name.is_plural,
            };
            let mut readings = figures(name.matched.known, &named, amount, self.setting.kg).into_iter();
            if let Some(first) = readings.next() {
                let is_common = matches!(name.matched.known, Known::Food(food) if food.is_common)
                    || !matches!(name.matched.known, Known::Food(_));
                let is_own = matches!(name.matched.known, Known::Own(_));
                let draft = self.draft(first, name, amount);
                let rank = (
                    Reverse(name.length),
                    is_of_table(&name.matched.known) && amount.has_number(),
                    draft.question.is_some(),
                    name.matched.closeness,
                    !is_own,
                    !is_common,
                    // What stands behind another name is the name, the other one its unit: `1 pizza margherita pizza`.
                    Reverse(name.is_name.iter().position(|is_name| *is_name)),
                );
                firsts.push((rank, draft));
            }
            if name.length == longest {
                others.extend(readings.map(|reading| self.draft(reading, name, amount)));
            }
        }
        firsts.sort_by_key(|(rank, _)| *rank);
        let mut drafts: Vec<Draft> = firsts.into_iter().map(|(_, draft)| draft).collect();
        let at = drafts.len().min(1);
        others.retain(|draft| draft.item.is_some());
        drafts.splice(at..at, others);
        drafts
    }

    /// Matches of a search, with the same amount.
    pub(super) fn similar(&self, phrase: &str, amount: &Amount, most: usize) -> Vec<Draft> {
        if most == 0 {
            return Vec::new();
        }
        let found = self.setting.lookup.similar(phrase, most);
        let drafts = found.into_iter().filter_map(|matched| {
            let name = Found::of(matched, Vec::new(), 0, phrase);
            let named = Named {
                name: &name.name,
                is_plural: name.is_plural,
            };
            let amount = Amount {
                portions: Vec::new(),
                unknown: Vec::new(),
                ..amount.clone()
            };
            let first = figures(name.matched.known, &named, &amount, self.setting.kg)
                .into_iter()
                .find_map(Result::ok)?;
            Some(self.draft(Ok(first), &name, &amount))
        });
        drafts.filter(|draft| draft.item.is_some()).collect()
    }
}

/// Whether an own name has the figures of the tables, which know more than its last amount.
fn is_of_table(known: &Known<'_>) -> bool {
    let Known::Own(own) = known else { return false };
    let source = own.food.as_deref().unwrap_or_default();
    source.starts_with("usda:") || source.starts_with("met:")
}

pub(super) fn units<'a>(known: &Known<'a>) -> Vec<&'a str> {
    match known {
        Known::Food(food) => food.units.iter().map(|unit| unit.unit).collect(),
        Known::Own(own) => own.unit.as_deref().into_iter().collect(),
        Known::Activity(_) => Vec::new(),
    }
}
