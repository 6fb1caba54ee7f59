//! Known names for words that name nothing as they stand: with modifiers, in another order, with a typo.

use super::{
    names::units,
    parts::{Draft, Found, ItemReader},
    shown::capitalised,
};
use crate::line::{
    amount::Amount,
    known::{Closeness, Known, Match},
    reading::Role,
};

/// The most words in front of a name that may be its unit: `2 slices homemade bread`.
const UNIT_WORDS: usize = 3;

/// Words that change the energy of a food little: how it is made, and the shop that it is from.
const MODIFIERS: [&str; 36] = [
    "decaf",
    "gluten",
    "free",
    "tesco",
    "sainsburys",
    "asda",
    "aldi",
    "lidl",
    "waitrose",
    "morrisons",
    "costa",
    "starbucks",
    "nero",
    "walmart",
    "costco",
    "fresh",
    "ripe",
    "organic",
    "homemade",
    "home-made",
    "sliced",
    "chopped",
    "diced",
    "grated",
    "warm",
    "hot",
    "cold",
    "chilled",
    "grilled",
    "steamed",
    "boiled",
    "cooked",
    "raw",
    "frozen",
    "plain",
    "leftover",
];

fn is_modifier(word: &str) -> bool {
    MODIFIERS.contains(&word.to_lowercase().as_str())
}

impl<'a> ItemReader<'a> {
    /// The readings of names that the unknown words of an amount resemble.
    pub(super) fn of_resembling(&self, amount: &Amount, has_kcal: bool) -> Vec<Draft> {
        let is_parted = is_parted(&amount.unknown, &amount.roles);
        let all = amount.unknown.as_slice();
        // `porridge with 1 tbsp honey` has an amount of the honey.
        let is_joint = |at: &usize| matches!(self.words.lower(*at), "with" | "and" | "&" | "mit");
        let amounts = amount.measures.len() + usize::from(amount.count.is_some());
        if is_parted && (amounts > 1 || all.iter().any(is_joint)) {
            return Vec::new();
        }
        let first = self.of_words(all, has_kcal, is_parted);
        if !first.is_empty() {
            return first;
        }
        // Units of the food in front, behind which a modifier begins the name.
        let tails = (1..all.len().min(UNIT_WORDS + 1)).filter_map(|from| all.get(from..));
        tails
            .filter(|tail| tail.first().is_some_and(|at| is_modifier(self.words.text(*at))))
            .map(|tail| self.of_words(tail, true, is_parted))
            .find(|drafts| !drafts.is_empty())
            .unwrap_or_default()
    }

    /// The readings of names that words resemble.
    fn of_words(&self, unknown: &[usize], has_kcal: bool, is_parted: bool) -> Vec<Draft> {
        let typed: Vec<&str> = unknown.iter().map(|at| self.words.text(*at)).collect();
        let phrase = typed.join(" ");
        let has_modifier = typed.len() > 1 && typed.iter().any(|word| is_modifier(word));
        let mut found = Vec::new();
        for matched in self.resembling(&phrase, unknown, has_kcal, is_parted) {
            let is_name = (0..self.words.tokens.len())
                .map(|at| unknown.contains(&at))
                .collect();
            let is_whole = matched.closeness != Closeness::Similar;
            let mut name = Found::of(matched, is_name, unknown.len(), &phrase);
            if is_whole && has_modifier {
                name.name = capitalised(&phrase);
            }
            let units = units(&name.matched.known);
            if let Ok(amount) = self.words.amount(self.skipped, &name.is_name, &units)
                && amount.unknown.is_empty()
                && amount.inside.is_none()
            {
                found.push((true, name, amount));
            }
        }
        self.of_names(&found)
    }

    /// Known names for words that name nothing as they stand: in another order, without modifiers, with a typo if no amount
    /// parts them.
    fn resembling(&self, phrase: &str, unknown: &[usize], has_kcal: bool, is_parted: bool) -> Vec<Match<'a>> {
        let lookup = self.setting.lookup;
        let found = lookup.named(phrase);
        if !found.is_empty() {
            return found;
        }
        let bare: Vec<&str> = unknown
            .iter()
            .map(|at| self.words.text(*at))
            .filter(|word| !is_modifier(word))
            .collect();
        let bare = bare.join(" ");
        if !bare.is_empty() && bare != phrase {
            let typed: Vec<String> = unknown
                .iter()
                .map(|at| self.words.lower(*at).to_owned())
                .collect();
            let mut found = lookup.named(&bare);
            let is_of_bare = !found.is_empty();
            found.retain(|found| keeps_state(&found.known, &typed));
            if !found.is_empty() || is_of_bare {
                return found;
            }
        }
        // With kcal, a name is kept as it is typed.
        if has_kcal || is_parted || bare.is_empty() {
            return Vec::new();
        }
        // `steak frites` is no `steak fries`.
        let is_known = |at: &usize| {
            let named = lookup.named(self.words.text(*at));
            named.iter().any(|found| found.closeness <= Closeness::Form)
        };
        if unknown.len() > 1 && unknown.iter().all(is_known) {
            return Vec::new();
        }
        let found = lookup.misspelt(phrase);
        if found.is_empty() && bare != phrase {
            let typed: Vec<String> = unknown
                .iter()
                .map(|at| self.words.lower(*at).to_owned())
                .collect();
            let mut found = lookup.misspelt(&bare);
            found.retain(|found| keeps_state(&found.known, &typed));
            found
        } else {
            found
        }
    }
}

/// Whether an amount stands between the words of a name. Several items may be meant, and no typo of another name.
fn is_parted(unknown: &[usize], roles: &[Role]) -> bool {
    let (Some(first), Some(last)) = (unknown.first(), unknown.last()) else {
        return false;
    };
    let between = roles.get(*first..*last).unwrap_or_default();
    between
        .iter()
        .any(|role| matches!(role, Role::Quantity | Role::Kcal))
}

/// Whether a food has about the same energy raw and cooked, where that is what the words say of it: a weight of raw meat
/// or grain isn't one of the cooked food.
fn keeps_state(known: &Known<'_>, typed: &[String]) -> bool {
    let Known::Food(food) = known else { return true };
    let says = |words: &[&str]| typed.iter().any(|word| words.contains(&word.as_str()));
    let is_raw_elsewhere = (100.0..450.0).contains(&food.kcal);
    let is_dry = food.kcal > 300.0;
    !(says(&["raw"]) && is_raw_elsewhere || says(&["cooked", "boiled", "steamed"]) && is_dry)
}
