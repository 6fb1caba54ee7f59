//! Items without a known name: kcal alone, an unknown name, words that resemble a name.

use super::parts::{Draft, Drafts, Found, ItemReader, only};
use crate::{
    checked_name,
    line::{
        amount::Amount,
        energy::{MOST_PORTIONS, stated},
        kind::{Kind, fallback, kind, near_meal, resolve},
        known::Known,
        known_name::LONGEST_NAME,
        question::Question,
        unit::{Measure, unit},
        when::{day, time},
    },
    text::quoted,
};

impl ItemReader<'_> {
    /// An item whose words aren't a known name as they stand.
    pub(super) fn unnamed(&self, suggestions: usize) -> Drafts {
        let nothing = vec![false; self.words.tokens.len()];
        let amount = match self.words.amount(self.skipped, &nothing, &[]) {
            Ok(amount) => amount,
            Err(question) => return only(self.failed(question, Vec::new()), false),
        };
        if amount.unknown.is_empty() {
            return only(self.without_name(&amount), false);
        }
        let typed: Vec<&str> = amount.unknown.iter().map(|at| self.words.text(*at)).collect();
        let phrase = typed.join(" ");
        let kcal = amount.kcal.or(amount.behind.as_ref().map(|behind| behind.value));
        // A number alone is kcal, if it is no number of portions.
        let alone = amount
            .count
            .as_ref()
            .filter(|count| count.value > MOST_PORTIONS && !count.is_times);
        let is_alone = kcal.is_none() && amount.measures.is_empty() && alone.is_some();
        let alone = alone.filter(|_| is_alone).map(|count| count.value);
        let drafts = self.of_resembling(&amount, kcal.is_some());
        if !drafts.is_empty() {
            return Drafts {
                drafts,
                is_unknown: false,
            };
        }
        let amount = Amount {
            count: amount.count.filter(|_| alone.is_none()),
            behind: amount.behind,
            ..amount
        };
        let kcal = kcal.or(alone);
        let mut drafts = vec![self.unknown(&phrase, &amount, kcal)];
        let is_unknown = kcal.is_none();
        drafts.extend(self.similar(&phrase, &amount, suggestions.saturating_sub(1)));
        Drafts { drafts, is_unknown }
    }

    /// An item of kcal alone, or of an amount of nothing.
    pub(super) fn without_name(&self, amount: &Amount) -> Draft {
        if let Some(question) = self.two_kinds(amount) {
            return self.failed(question, amount.roles.clone());
        }
        let stated_kind = self
            .stated
            .clone()
            .or_else(|| amount.kind.clone())
            .or_else(|| self.inherited.clone());
        let kcal = amount.kcal.or(amount.behind.as_ref().map(|behind| behind.value));
        let has_amount = !amount.measures.is_empty() || amount.count.is_some() || amount.size.is_some();
        let typed = || {
            let rest: Vec<&str> = self.rest().iter().map(|token| token.text).collect();
            quoted(&rest.join(" "))
        };
        let is_steps = amount
            .measures
            .iter()
            .any(|(_, unit)| unit.measure == Measure::Steps);
        if is_steps && kcal.is_none() {
            let walk = self.setting.lookup.named("walk");
            let walk = walk
                .into_iter()
                .find(|found| matches!(found.known, Known::Activity(_)));
            if let Some(matched) = walk {
                let name = Found::of(matched, vec![false; self.words.tokens.len()], 0, "walk");
                return self
                    .of_names(&[(true, name, amount.clone())])
                    .into_iter()
                    .next()
                    .unwrap_or_else(|| self.failed(Question::NoName(typed()), amount.roles.clone()));
            }
        }
        let Some(kcal) = kcal.filter(|_| !has_amount) else {
            let question = match (&stated_kind, has_amount, kcal) {
                (Some(kind), false, None) => Question::NoKcal(kind.name.to_lowercase()),
                _ => Question::NoName(typed()),
            };
            return self.failed(question, amount.roles.clone());
        };
        let is_stated = self.stated.is_some() || amount.kind.is_some();
        // `breakfast 7-8` is rather a time.
        let is_range = amount
            .behind
            .as_ref()
            .is_some_and(|behind| behind.text.contains(['-', '–']));
        if amount.kcal.is_none() && kcal <= MOST_PORTIONS && (is_range || !is_stated) {
            return self.failed(Question::NoName(typed()), amount.roles.clone());
        }
        let kind = stated_kind
            .clone()
            .or_else(|| fallback(self.setting.hour, self.setting.categories));
        let Some(kind) = kind else {
            return self.failed(Question::NoCategories, amount.roles.clone());
        };
        self.complete(stated(amount, kcal), amount, None, &kind)
    }

    /// An item with an unknown name: its kcal are in the line, or asked for.
    pub(super) fn unknown(&self, phrase: &str, amount: &Amount, kcal: Option<f64>) -> Draft {
        let fail = |question: Question| self.failed(question, amount.roles.clone());
        let lower: Vec<String> = amount
            .unknown
            .iter()
            .map(|at| self.words.lower(*at).to_owned())
            .collect();
        let is_when = |word: &&String| {
            let word = word.trim_end_matches(':');
            day(word, self.setting.today).is_some() || time(word).is_some()
        };
        if let Some(word) = lower.iter().find(is_when) {
            return fail(Question::DayInside(quoted(word)));
        }
        if let Some(unit) = lower.iter().find(|word| unit(word).is_some()) {
            return fail(Question::UnitInside(quoted(unit)));
        }
        let name = match checked_name(phrase) {
            Ok(Some(name)) => name,
            Ok(None) => return fail(Question::Empty),
            Err(error) => return fail(error.into()),
        };
        let kinds: Vec<Kind> = lower
            .iter()
            .map(|word| word.trim_end_matches(':'))
            .filter(|word| word.len() > 2)
            .filter_map(|word| {
                let found = kind(word, self.setting.categories)?;
                let is_full = found.name.eq_ignore_ascii_case(word)
                    || found
                        .name
                        .eq_ignore_ascii_case(word.strip_suffix('s').unwrap_or(word));
                is_full.then_some(found)
            })
            .collect();
        if let Some(question) = self.two_kinds(amount) {
            return fail(question);
        }
        let stated_kind = self.stated.clone().or_else(|| amount.kind.clone());
        let kind = match (stated_kind.or_else(|| self.inherited.clone()), kinds.as_slice()) {
            (stated, []) => stated,
            (None, [only])
                if lower
                    .first()
                    .is_some_and(|word| kind(word, self.setting.categories).as_ref() == Some(only)) =>
            {
                Some(only.clone())
            }
            (Some(stated), [only]) if stated.category == only.category || only.category == "Drink" => {
                Some(stated)
            }
            (Some(stated), [only, ..]) => return fail(Question::TwoTypes(stated.name, only.name.clone())),
            (None, [first, second, ..]) => {
                return fail(Question::TwoTypes(first.name.clone(), second.name.clone()));
            }
            (None, [only]) => return fail(Question::TwoTypes(only.name.clone(), quoted(phrase))),
        };
        let Some(kcal) = kcal else {
            return fail(Question::Unknown(quoted(&name)));
        };
        let is_count = amount.kcal.is_none() && kcal <= 12.0 && amount.count.is_none();
        if is_count || amount.inside.is_some() {
            return fail(Question::Unknown(quoted(&name)));
        }
        if kind.is_none()
            && let [word] = lower.as_slice()
            && let Some(meal) = near_meal(word, self.setting.categories)
        {
            return fail(Question::NearMeal {
                word: quoted(word),
                meal,
            });
        }
        let kind = kind.or_else(|| self.kind_of_last(phrase));
        let kind = kind.or_else(|| fallback(self.setting.hour, self.setting.categories));
        let Some(kind) = kind else {
            return fail(Question::NoCategories);
        };
        self.complete(stated(amount, kcal), amount, Some(name), &kind)
    }

    /// The type of the known food or activity that a phrase ends with: `big bowl of lentil soup`.
    pub(super) fn kind_of_last(&self, phrase: &str) -> Option<Kind> {
        let words: Vec<&str> = phrase.split(' ').collect();
        (1..words.len().min(LONGEST_NAME)).find_map(|from| {
            let tail = words.get(from..)?.join(" ");
            let found = self.setting.lookup.named(&tail).into_iter().next()?;
            let (category, usual) = (found.known.category().to_owned(), found.known.kind().to_owned());
            resolve(
                &category,
                &usual,
                None,
                self.setting.hour,
                self.setting.categories,
            )
        })
    }
}
