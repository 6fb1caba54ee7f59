//! The readings of one item of a line.

mod names;
mod parts;
mod shown;
mod unnamed;

pub(super) use self::{
    names::known_words,
    parts::{Draft, Drafts},
};

use self::{
    names::units,
    parts::{Found, ItemReader, only},
};
use super::{
    amount::{Amount, Words},
    kind::{Kind, category, kind, resolve},
    number::{Piece, piece},
    question::Question,
    reading::Item,
    setting::Setting,
    words::Token,
};
use crate::Category;

/// Reads an item. `inherited` is the meal of the items before it. `suggestions` are added, up to this number.
pub(super) fn drafts(
    tokens: &[Token<'_>],
    inherited: Option<&Kind>,
    setting: &Setting<'_>,
    suggestions: usize,
) -> Drafts {
    let lower: Vec<String> = tokens.iter().map(Token::lower).collect();
    let pieces: Vec<Result<Piece, Question>> = tokens.iter().map(|token| piece(token.text)).collect();
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

impl<'a> ItemReader<'a> {
    fn rest(&self) -> &'a [Token<'a>] {
        self.words.tokens.get(self.skipped..).unwrap_or_default()
    }

    /// Takes a category, a type with a colon, or a meal off the front.
    fn take_kind(&mut self) {
        let Some(first) = self.words.lower.first() else {
            return;
        };
        let categories = self.setting.categories;
        let (word, has_colon) = match first.strip_suffix(':') {
            Some(word) => (word, true),
            None => (
                first.as_str(),
                self.words.lower.get(1).is_some_and(|next| next == ":"),
            ),
        };
        let is_name = !has_colon && known_words(self.words.tokens, self.setting) > 1;
        if is_name {
            return;
        }
        let behind = if has_colon && !first.ends_with(':') { 2 } else { 1 };
        if let Some(category) = category(word, categories) {
            let only = std::slice::from_ref(category);
            let second = self
                .words
                .lower
                .get(behind)
                .and_then(|word| kind(word.trim_end_matches(':'), only));
            self.skipped = behind + usize::from(second.is_some());
            self.stated = second.or_else(|| first_kind(category, self.setting.hour, categories));
            return;
        }
        let Some(found) = kind(word, categories) else {
            return;
        };
        let is_food = || !self.setting.lookup.named(word).is_empty();
        let is_full = word.len() > 4 || found.name.eq_ignore_ascii_case(word);
        if has_colon || found.is_meal() && (is_full || !is_food()) {
            self.skipped = behind;
            self.stated = Some(found);
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

/// The type of a category without one: the meal of the hour for foods, else its first.
fn first_kind(category: &Category, hour: i8, categories: &[Category]) -> Option<Kind> {
    if category.name == "Food" {
        return resolve(&category.name, "", None, hour, categories);
    }
    let first = category.types.first()?;
    kind(first, std::slice::from_ref(category))
}

/// What differs between two foods: their source and kcal.
fn figures_of(item: &Item) -> (Option<String>, u32) {
    (item.food.clone(), item.kcal)
}
