//! What the files of an item's reading share: its words, a found name, a reading.

use super::{leading::leading, shown::text};
use crate::line::{
    amount::{Amount, Words},
    energy::Figures,
    head::Head,
    kind::{Kind, resolve},
    known::Match,
    question::Question,
    reading::{Item, Role},
    setting::Setting,
    words::{Token, split},
};

/// One way to understand an item.
#[derive(Debug, Clone)]
pub(in crate::line) struct Draft {
    pub(in crate::line) item: Option<Item>,
    pub(in crate::line) question: Option<Question>,
    /// The role of each word.
    pub(in crate::line) roles: Vec<Role>,
    /// The item's text behind its type.
    pub(in crate::line) labelled: Option<String>,
    /// Whether the item is shown behind its type although the line has none. Then items of other types are too, as they
    /// would be of this type else.
    pub(in crate::line) is_labelled: bool,
    /// The meal that the item begins with, or has.
    pub(in crate::line) meal: Option<Kind>,
}

/// The readings of an item, likeliest first; at least one.
pub(in crate::line) struct Drafts {
    pub(in crate::line) drafts: Vec<Draft>,
    /// Whether the item has a name that is not known.
    pub(in crate::line) is_unknown: bool,
}

/// A name found in an item.
pub(super) struct Found<'a> {
    pub(super) matched: Match<'a>,
    pub(super) is_name: Vec<bool>,
    /// The number of words of the name.
    pub(super) length: usize,
    /// The name as the entry has it.
    pub(super) name: String,
    pub(super) is_plural: bool,
}

/// Reads an item.
pub(super) struct ItemReader<'a> {
    pub(super) words: Words<'a>,
    pub(super) setting: &'a Setting<'a>,
    /// The number of leading words that state a type.
    pub(super) skipped: usize,
    pub(super) stated: Option<Kind>,
    /// Whether only the category of `stated` is.
    pub(super) is_category: bool,
    pub(super) inherited: Option<Kind>,
}

impl ItemReader<'_> {
    /// The reading of a known name with its figures.
    pub(super) fn draft(
        &self,
        figures: Result<Figures, Question>,
        found: &Found<'_>,
        amount: &Amount,
    ) -> Draft {
        let known = &found.matched.known;
        let meal = self.stated.clone().or_else(|| amount.kind.clone());
        if let Some(question) = self.two_kinds(amount) {
            return self.failed(question, amount.roles.clone());
        }
        let category = known.category();
        let other_category = |kind: &Kind| {
            let fits = kind.category == category || kind.is_meal() && category != "Exercise";
            !fits
        };
        if let Some(kind) = meal.as_ref().filter(|kind| other_category(kind)) {
            let question = Question::OtherCategory {
                name: found.name.clone(),
                kind: kind.name.clone(),
            };
            return self.failed(question, amount.roles.clone());
        }
        let stated = meal
            .or_else(|| self.inherited.clone())
            .filter(|kind| !other_category(kind));
        let kind = resolve(
            category,
            known.kind(),
            stated.as_ref().filter(|_| !self.is_category),
            self.setting.hour,
            self.setting.categories,
        );
        match kind {
            Some(kind) => self.of_kind(
                figures,
                amount,
                Some(found.name.clone()),
                &kind,
                !self.is_category,
            ),
            None => self.failed(Question::NoCategories, amount.roles.clone()),
        }
    }

    /// The question about an item with two types.
    pub(super) fn two_kinds(&self, amount: &Amount) -> Option<Question> {
        let (first, second) = self.stated.as_ref().zip(amount.kind.as_ref())?;
        Some(Question::TwoTypes(first.name.clone(), second.name.clone()))
    }

    /// A reading whose type is shown if the line states it.
    pub(super) fn complete(
        &self,
        figures: Result<Figures, Question>,
        amount: &Amount,
        name: Option<String>,
        kind: &Kind,
    ) -> Draft {
        self.of_kind(figures, amount, name, kind, true)
    }

    fn of_kind(
        &self,
        figures: Result<Figures, Question>,
        amount: &Amount,
        name: Option<String>,
        kind: &Kind,
        shows_stated: bool,
    ) -> Draft {
        let figures = match figures {
            Ok(figures) => figures,
            Err(question) => return self.failed(question, amount.roles.clone()),
        };
        let stated = self
            .stated
            .as_ref()
            .filter(|_| shows_stated)
            .or(amount.kind.as_ref());
        let shown = |prefix| text(&figures, name.as_deref(), &kind.category, prefix, amount.macros);
        let bare = shown(None);
        let needs_kind = stated.is_some()
            || self.is_of_another_category(&figures, name.as_deref(), kind)
            || self.begins_with_kind(&bare)
            || self.has_when(&bare);
        let labelled = shown(Some(kind));
        let text = if needs_kind { labelled.clone() } else { bare };
        let [protein, fat, carbohydrate] = figures.macros;
        Draft {
            item: Some(Item {
                category: kind.category.clone(),
                kind: kind.name.clone(),
                name,
                quantity: figures.quantity,
                unit: figures.unit,
                kcal: figures.kcal,
                protein,
                fat,
                carbohydrate,
                food: figures.food,
                text,
            }),
            question: None,
            labelled: Some(labelled),
            is_labelled: needs_kind && stated.is_none(),
            roles: self.roles(amount.roles.clone()),
            meal: stated.cloned().filter(Kind::is_meal),
        }
    }

    /// Whether the name of an activity alone would mean a food: `Cardio: Squash 350 kcal`.
    fn is_of_another_category(&self, figures: &Figures, name: Option<&str>, kind: &Kind) -> bool {
        let is_doubtful = kind.category == "Exercise" && figures.unit.is_none();
        let named = name
            .filter(|_| is_doubtful)
            .map(|name| self.setting.lookup.named(name));
        let is_food = |found: &Match<'_>| found.known.category() != "Exercise";
        named.is_some_and(|named| named.iter().any(is_food))
    }

    /// Whether the first word of an item's text would be taken for its type: `31 lun` names the entry `lun`, and
    /// `lun 31 kcal` is a lunch.
    fn begins_with_kind(&self, text: &str) -> bool {
        let items = split(text).items;
        let Some(tokens) = items.first() else {
            return false;
        };
        let lower: Vec<String> = tokens.iter().map(Token::lower).collect();
        leading(tokens, &lower, self.setting).is_some()
    }

    /// Whether words of an item's text would be taken for a day or a time: of `nov*20`, `20 nov 520 kcal`.
    fn has_when(&self, text: &str) -> bool {
        let mut head = Head::default();
        head.take(&mut split(text).items, self.setting).is_err() || head.has_when()
    }

    pub(super) fn failed(&self, question: Question, roles: Vec<Role>) -> Draft {
        Draft {
            item: None,
            question: Some(question),
            labelled: None,
            is_labelled: false,
            roles: self.roles(roles),
            meal: self.stated.clone().filter(Kind::is_meal),
        }
    }

    pub(super) fn roles(&self, mut roles: Vec<Role>) -> Vec<Role> {
        roles.resize(self.words.tokens.len(), Role::Name);
        for place in roles.iter_mut().take(self.skipped) {
            *place = Role::Kind;
        }
        roles
    }
}

pub(super) fn only(draft: Draft, is_unknown: bool) -> Drafts {
    Drafts {
        drafts: vec![draft],
        is_unknown,
    }
}
