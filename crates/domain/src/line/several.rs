//! Several items in one: joined by `and`, or side by side, each with its amount.

use super::{
    count::counted,
    energy::MOST_PORTIONS,
    fold::{folded, stemmed},
    item::{Draft, Drafts, drafts},
    kind::Kind,
    known::Known,
    known_name::joined,
    number::{Piece, piece},
    setting::Setting,
    size::is_plain,
    unit::{Measure, unit},
    words::Token,
};

/// An item's words and its readings.
pub(super) struct ReadItem<'a> {
    pub(super) tokens: Vec<Token<'a>>,
    pub(super) drafts: Vec<Draft>,
}

/// Whether a word parts two items.
fn is_joint(token: &Token<'_>) -> bool {
    matches!(
        token.lower().as_str(),
        "and" | "&" | "+" | "plus" | "und" | "et" | "y"
    ) || is_with(token)
        || is_on(token)
}

fn is_with(token: &Token<'_>) -> bool {
    matches!(token.lower().as_str(), "with" | "w/" | "mit" | "avec" | "con")
}

fn is_on(token: &Token<'_>) -> bool {
    matches!(token.lower().as_str(), "on" | "auf")
}

/// Whether a number counts what stands in front of `and` alone, unless the user has logged it by that name: `2 eggs and toast`
/// is no egg and toast twice, `2 eggs on toast` no two toasts, and `double vodka and coke` has one coke.
pub(super) fn counts_the_first(tokens: &[Token<'_>], setting: &Setting<'_>) -> bool {
    let Some((first, name)) = tokens.split_first() else {
        return false;
    };
    let (Some(joint), Some(last)) = (name.iter().position(is_joint), name.last()) else {
        return false;
    };
    let before = joint.checked_sub(1).and_then(|at| name.get(at));
    let is_of_top = || name.get(joint).is_some_and(is_on) && begins_amount(first) && !is_article(first);
    let is_several = matches!(piece(first.text), Ok(Piece::Number(number)) if number > 1.0)
        && before.is_some_and(is_plural)
        && !is_plural(last);
    let is_measure = || {
        let spirit = setting
            .lookup
            .named(&joined(name.get(..joint).unwrap_or_default()));
        spirit
            .first()
            .is_some_and(|found| found.known.category() == "Drink")
    };
    let is_of_table = || {
        let named = setting.lookup.named(&joined(name));
        !named.is_empty() && named.iter().all(|found| !matches!(found.known, Known::Own(_)))
    };
    let is_double = matches!(first.lower().as_str(), "double" | "triple");
    (is_several || is_of_top() || is_double && is_measure()) && is_of_table()
}

fn is_article(token: &Token<'_>) -> bool {
    matches!(token.lower().as_str(), "a" | "an" | "1" | "one")
}

fn is_plural(token: &Token<'_>) -> bool {
    let word = folded(token.text);
    word.ends_with('s') && stemmed(&word) != word
}

/// Two or more items that `and`, `with`, `&` or `+` parts, if each is certain. What follows `with` has no amount of its own:
/// it could be that of both.
pub(super) fn joined_items<'a>(
    tokens: &[Token<'a>],
    meal: Option<&Kind>,
    setting: &Setting<'_>,
) -> Option<Vec<ReadItem<'a>>> {
    let mut items = Items::new(meal, setting);
    let mut rest = tokens;
    let mut joint: Option<&Token<'a>> = None;
    loop {
        let end = rest.iter().position(is_joint).unwrap_or(rest.len());
        let (part, behind) = rest.split_at_checked(end)?;
        let is_side = joint.is_some_and(is_with);
        if part.is_empty() || is_side && part.iter().any(|token| piece(token.text) != Ok(Piece::Word)) {
            return None;
        }
        items.read(part)?;
        match behind.split_first() {
            Some((next, behind)) => (joint, rest) = (Some(next), behind),
            None => return items.several(),
        }
    }
}

/// Two or more items without a word between them, if each is certain: each begins with its amount, `1 apple 2 bananas`, or
/// each ends with it, `chicken 200g rice 150g`.
pub(super) fn side_by_side<'a>(
    tokens: &[Token<'a>],
    meal: Option<&Kind>,
    setting: &Setting<'_>,
) -> Option<Vec<ReadItem<'a>>> {
    let is_amount: Vec<bool> = tokens.iter().map(is_amount).collect();
    let is = |at: usize| is_amount.get(at).copied().unwrap_or(false);
    if let Some(sugared) = sugared(tokens, meal, setting) {
        return Some(sugared);
    }
    let begins_at = |at: &usize| {
        let token = tokens.get(*at);
        token.is_some_and(begins_amount)
            || token.is_some_and(|token| matches!(piece(token.text), Ok(Piece::Number(_))))
                && tokens.get(at + 1).is_some_and(is_unit)
    };
    let begins = |at: &usize| *at > 0 && !is(at - 1) && begins_at(at);
    let ends = |at: &usize| *at > 0 && is(at - 1) && !is(*at);
    let of = |cuts: Vec<usize>| -> Option<Vec<ReadItem<'a>>> {
        let mut items = Items::new(meal, setting);
        let ends = cuts.iter().copied().skip(1).chain([tokens.len()]);
        for (from, to) in cuts.iter().copied().zip(ends) {
            items.read(tokens.get(from..to)?)?;
        }
        items.several()
    };
    let cuts = |is_cut: &dyn Fn(&usize) -> bool| -> Vec<usize> {
        std::iter::once(0)
            .chain((1..tokens.len()).filter(|at| is_cut(at)))
            .collect()
    };
    // The first one has its amount in front too, perhaps behind its type.
    let first = (0..tokens.len()).find(begins_at).unwrap_or(tokens.len());
    let firsts = cuts(&|at: &usize| *at > first && begins(at));
    if firsts.len() > 1
        && let Some(read) = of(firsts)
    {
        return Some(read);
    }
    if is(0) || !is(tokens.len().saturating_sub(1)) {
        return None;
    }
    of(cuts(&ends))
}

/// A drink and the sugar in it: `latte 1 sugar`, `tea with 2 sugars`.
fn sugared<'a>(
    tokens: &[Token<'a>],
    meal: Option<&Kind>,
    setting: &Setting<'_>,
) -> Option<Vec<ReadItem<'a>>> {
    let (drink, sugar) = tokens.split_at_checked(tokens.len().checked_sub(2)?)?;
    let [number, name] = sugar else { return None };
    if stemmed(&folded(name.text)) != "sugar" || !begins_amount(number) {
        return None;
    }
    let drink = match drink.split_last() {
        Some((joint, drink)) if is_joint(joint) => drink,
        _ => drink,
    };
    let mut items = Items::new(meal, setting);
    items.read(drink)?;
    let first = items.read.first()?.drafts.first()?.item.as_ref()?;
    if first.category != "Drink" {
        return None;
    }
    items.read(sugar)?;
    items.several()
}

/// Whether a word is a unit that is none of energy.
fn is_unit(token: &Token<'_>) -> bool {
    unit(&token.lower()).is_some_and(|unit| !matches!(unit.measure, Measure::Energy(_)))
}

/// Whether a word begins an amount: a number, which is not one of kcal.
fn begins_amount(token: &Token<'_>) -> bool {
    match piece(token.text) {
        Ok(Piece::Number(number)) => number <= MOST_PORTIONS,
        Ok(Piece::Ratio(n, m)) => n < m,
        Ok(Piece::Times(_)) => true,
        Ok(Piece::Measured(_, unit)) => !matches!(unit.measure, Measure::Energy(_)),
        Ok(Piece::Word) => counted(&token.lower()).is_some(),
        _ => false,
    }
}

/// Whether a word belongs to an amount.
fn is_amount(token: &Token<'_>) -> bool {
    piece(token.text) != Ok(Piece::Word) || is_plain(token.lower().trim_end_matches('.'))
}

/// Items that are read one after the other.
struct Items<'a, 's> {
    read: Vec<ReadItem<'a>>,
    meal: Option<Kind>,
    setting: &'s Setting<'s>,
}

impl<'a, 's> Items<'a, 's> {
    fn new(meal: Option<&Kind>, setting: &'s Setting<'s>) -> Self {
        Self {
            read: Vec::new(),
            meal: meal.cloned(),
            setting,
        }
    }

    /// Reads an item, if it has a name and is certain.
    fn read(&mut self, part: &[Token<'a>]) -> Option<()> {
        let Drafts { mut drafts, .. } = self.drafts(part);
        let first = drafts.first()?;
        if first.question.is_some() || first.item.as_ref()?.name.is_none() {
            return None;
        }
        if let Some(hot) = self.hot_chips(part) {
            drafts.splice(0..0, hot);
        }
        self.meal = drafts.first()?.meal.clone().or(self.meal.take());
        self.read.push(ReadItem {
            tokens: part.to_vec(),
            drafts,
        });
        Some(())
    }

    fn drafts(&self, part: &[Token<'_>]) -> Drafts {
        drafts(part, self.meal.as_ref(), self.setting, 0)
    }

    /// What `chips` are beside a hot dish: `steak and chips`. Alone, and beside a sandwich, they may be crisps.
    fn hot_chips(&self, part: &[Token<'_>]) -> Option<Vec<Draft>> {
        let [chips] = part else { return None };
        let dish = self.read.last()?.tokens.last()?;
        let dish = stemmed(&folded(dish.text));
        let is_hot = BESIDE_FRIES.iter().any(|hot| stemmed(hot) == dish);
        if chips.lower() != "chips" || !is_hot {
            return None;
        }
        let hot = Token {
            text: "hot chips",
            start: chips.start,
        };
        let found = self.drafts(&[hot]).drafts;
        found.first()?.question.is_none().then_some(found)
    }

    fn several(self) -> Option<Vec<ReadItem<'a>>> {
        (self.read.len() > 1).then_some(self.read)
    }
}

/// Hot dishes that are served with fries.
const BESIDE_FRIES: [&str; 31] = [
    "steak",
    "burger",
    "hamburger",
    "cheeseburger",
    "sausage",
    "bratwurst",
    "currywurst",
    "hotdog",
    "egg",
    "omelette",
    "ham",
    "gammon",
    "bacon",
    "fish",
    "cod",
    "haddock",
    "plaice",
    "scampi",
    "mussels",
    "chicken",
    "nuggets",
    "fingers",
    "wings",
    "ribs",
    "kebab",
    "pie",
    "pasty",
    "schnitzel",
    "beans",
    "peas",
    "gravy",
];
