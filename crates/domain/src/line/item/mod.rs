//! The readings of one item of a line.

mod leading;
mod names;
mod parts;
mod resembling;
mod shown;
mod unnamed;

pub(super) use self::parts::{Draft, Drafts};

use self::{
    leading::leading,
    names::units,
    parts::{Found, ItemReader, only},
};
use super::{
    amount::{Amount, Words},
    kind::Kind,
    number::{Piece, macro_behind, nutrient, piece},
    question::Question,
    reading::Item,
    setting::Setting,
    unit::{Measure, unit},
    words::Token,
};
use crate::clean;

/// Reads an item. `inherited` is the meal of the items before it. `suggestions` are added, up to this number.
pub(super) fn drafts(
    tokens: &[Token<'_>],
    inherited: Option<&Kind>,
    setting: &Setting<'_>,
    suggestions: usize,
) -> Drafts {
    let lower: Vec<String> = tokens.iter().map(Token::lower).collect();
    let mut pieces = pieces(tokens);
    label_macros(&mut pieces, &lower);
    let words = Words {
        tokens,
        lower: &lower,
        pieces: &pieces,
        categories: setting.categories,
    };
    let mut reader = ItemReader {
        words,
        setting,
        skipped: 0,
        stated: None,
        is_category: false,
        inherited: inherited.cloned(),
    };
    reader.take_kind();
    reader.read(suggestions)
}

/// What each word with digits means. Macros may stand behind their numbers where there are several.
fn pieces(tokens: &[Token<'_>]) -> Vec<Result<Piece, Question>> {
    let mut pieces: Vec<Result<Piece, Question>> =
        tokens.iter().map(|token| piece(&clean(token.text))).collect();
    let behind: Vec<Option<Piece>> = tokens
        .iter()
        .map(|token| macro_behind(&clean(token.text)))
        .collect();
    if behind.iter().flatten().count() > 1 {
        for (piece, found) in pieces.iter_mut().zip(behind) {
            if let Some(found) = found {
                *piece = Ok(found);
            }
        }
    }
    pieces
}

/// Reads `40g protein 20g fat`, and `protein 40 fat 20`, where there are several, or kcal beside one.
fn label_macros(pieces: &mut [Result<Piece, Question>], lower: &[String]) {
    let grams = |at: usize| match pieces.get(at) {
        Some(Ok(Piece::Measured(grams, unit))) if unit.name == "g" => Some(*grams),
        Some(Ok(Piece::Number(grams))) => Some(*grams),
        _ => None,
    };
    let nutrient_at = |at: usize| nutrient(lower.get(at).map_or("", String::as_str));
    let is_word = |at: usize| pieces.get(at) == Some(&Ok(Piece::Word)) && nutrient_at(at).is_none();
    let is_energy = |word: &str| unit(word).is_some_and(|unit| matches!(unit.measure, Measure::Energy(_)));
    let mut found: Vec<(usize, usize, Piece)> = Vec::new();
    let mut at = 0;
    while at < lower.len() {
        // The number, the word, and the index behind both.
        let behind = || {
            let has_unit = lower.get(at + 1).is_some_and(|unit| unit == "g");
            let word = at + 1 + usize::from(has_unit);
            Some((at, word, word + 1, grams(at)?, nutrient_at(word)?)).filter(|_| !is_word(word + 1))
        };
        // Of `fat 55 kcal`, the number is the energy's.
        let is_free = |at: usize| !lower.get(at).is_some_and(|word| is_energy(word));
        let before =
            || Some((at + 1, at, at + 2, grams(at + 1)?, nutrient_at(at)?)).filter(|_| is_free(at + 2));
        match behind().or_else(before) {
            Some((number, word, next, grams, nutrient)) => {
                found.push((number, word, Piece::Macro(nutrient, grams)));
                at = next;
            }
            None => at += 1,
        }
    }
    // With a word of energy, or as a number that is nothing else's.
    let has_kcal = lower
        .iter()
        .any(|word| is_energy(word.trim_start_matches(|c: char| c.is_ascii_digit())));
    let is_taken = |at: usize| found.iter().any(|(number, ..)| *number == at);
    let has_kcal = has_kcal
        || pieces
            .iter()
            .enumerate()
            .any(|(at, piece)| matches!(piece, Ok(Piece::Number(_))) && !is_taken(at));
    if found.is_empty() || found.len() < 2 && !has_kcal {
        return;
    }
    for (number, word, value) in found {
        for (place, piece) in pieces
            .iter_mut()
            .enumerate()
            .take(number.max(word) + 1)
            .skip(number.min(word))
        {
            *piece = Ok(if place == number { value } else { Piece::Label });
        }
    }
}

impl<'a> ItemReader<'a> {
    fn rest(&self) -> &'a [Token<'a>] {
        self.words.tokens.get(self.skipped..).unwrap_or_default()
    }

    /// Takes a category, a type with a colon, or a meal off the front.
    fn take_kind(&mut self) {
        if let Some(leading) = leading(self.words.tokens, self.words.lower, self.setting) {
            self.skipped = leading.words;
            self.stated = leading.kind;
            self.is_category = leading.is_category;
        }
    }

    fn read(&self, suggestions: usize) -> Drafts {
        if self
            .setting
            .categories
            .iter()
            .all(|category| category.types.is_empty())
        {
            return only(self.failed(Question::NoCategories, Vec::new()), false);
        }
        if self.rest().is_empty() {
            let kind = self
                .stated
                .as_ref()
                .map_or("lunch".to_owned(), |kind| kind.name.to_lowercase());
            return only(self.failed(Question::NoKcal(kind), Vec::new()), false);
        }
        let mut found: Vec<(bool, Found<'_>, Amount)> = Vec::new();
        let mut doubtful: Option<(usize, Question)> = None;
        for name in self.names() {
            let units = units(&name.matched.known);
            match self.words.amount(self.skipped, &name.is_name, &units) {
                Ok(amount) if amount.inside.is_none() => {
                    found.push((amount.unknown.is_empty(), name, amount));
                }
                Err(question) if doubtful.as_ref().is_none_or(|(length, _)| *length < name.length) => {
                    doubtful = Some((name.length, question));
                }
                Ok(_) | Err(_) => {}
            }
        }
        found.retain(|(is_whole, _, _)| *is_whole);
        let longest = found.iter().map(|(_, name, _)| name.length).max();
        if let Some((_, question)) =
            doubtful.filter(|(length, _)| longest.is_none_or(|longest| longest < *length))
        {
            return only(self.failed(question, Vec::new()), false);
        }
        let mut drafts = self.of_names(&found);
        if drafts.is_empty() {
            return self.unnamed(suggestions);
        }
        if let Some((_, name, amount)) = found.first().filter(|_| drafts.len() < suggestions) {
            let more = self.similar(&name.name, amount, suggestions - drafts.len());
            let known: Vec<_> = drafts
                .iter()
                .filter_map(|draft| draft.item.as_ref())
                .map(figures_of)
                .collect();
            let is_new = |draft: &Draft| {
                !draft
                    .item
                    .as_ref()
                    .map(figures_of)
                    .is_some_and(|item| known.contains(&item))
            };
            drafts.extend(more.into_iter().filter(is_new));
        }
        Drafts {
            drafts,
            is_unknown: false,
        }
    }
}

/// What differs between two foods: their source and kcal.
fn figures_of(item: &Item) -> (Option<String>, u32) {
    (item.food.clone(), item.kcal)
}
