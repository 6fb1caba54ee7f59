//! The readings of one item of a line.

mod leading;
mod names;
mod parts;
mod shown;
mod unnamed;

pub(super) use self::{
    leading::{joined, known_words},
    parts::{Draft, Drafts},
};

use self::{
    leading::leading,
    names::units,
    parts::{Found, ItemReader, only},
};
use super::{
    amount::{Amount, Words},
    kind::Kind,
    number::{Piece, macro_behind, piece},
    question::Question,
    reading::Item,
    setting::Setting,
    words::Token,
};
/// Reads an item. `inherited` is the meal of the items before it. `suggestions` are added, up to this number.
pub(super) fn drafts(
    tokens: &[Token<'_>],
    inherited: Option<&Kind>,
    setting: &Setting<'_>,
    suggestions: usize,
) -> Drafts {
    let lower: Vec<String> = tokens.iter().map(Token::lower).collect();
    let pieces = pieces(tokens);
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
        inherited: inherited.cloned(),
    };
    reader.take_kind();
    reader.read(suggestions)
}

/// What each word with digits means. Macros may stand behind their numbers where there are several.
fn pieces(tokens: &[Token<'_>]) -> Vec<Result<Piece, Question>> {
    let mut pieces: Vec<Result<Piece, Question>> = tokens.iter().map(|token| piece(token.text)).collect();
    let behind: Vec<Option<Piece>> = tokens.iter().map(|token| macro_behind(token.text)).collect();
    if behind.iter().flatten().count() > 1 {
        for (piece, found) in pieces.iter_mut().zip(behind) {
            if let Some(found) = found {
                *piece = Ok(found);
            }
        }
    }
    pieces
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
                Ok(amount) => found.push((amount.unknown.is_empty(), name, amount)),
                Err(question) if doubtful.as_ref().is_none_or(|(length, _)| *length < name.length) => {
                    doubtful = Some((name.length, question));
                }
                Err(_) => {}
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
