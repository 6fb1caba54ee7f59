//! What an item says to be without: `coffee no sugar`.

use super::{fold::folded, known::Known, known_name::joined, setting::Setting, words::Token};

/// g of sugar in 100 g of a food that has no added sugar, at most.
const LITTLE_SUGAR: f64 = 5.0;
/// kcal in 100 g of a coffee or tea with nothing in it, at most.
const PLAIN_DRINK: f64 = 5.0;

/// Whether a word in lower case denies what follows it: `no`, `without`.
pub fn is_negation(word: &str) -> bool {
    matches!(
        word,
        "no" | "not" | "without" | "w/o" | "minus" | "ohne" | "sans" | "sin" | "senza"
    )
}

/// The number of words in front of `no sugar` and the like, if the food that they name has none of it anyway.
pub(super) fn without(tokens: &[Token<'_>], setting: &Setting<'_>) -> Option<usize> {
    let at = tokens
        .iter()
        .position(|token| is_negation(&token.lower()))
        .filter(|at| *at > 0)?;
    let (before, behind) = tokens.split_at_checked(at)?;
    let missing: Vec<String> = behind
        .iter()
        .map(|token| folded(token.text))
        .filter(|word| !matches!(word.as_str(), "or" | "and" | "any" | "added") && !is_negation(word))
        .collect();
    // The longest name at the end of the words in front.
    let found = (0..before.len()).find_map(|from| {
        let named = setting.lookup.named(&joined(before.get(from..)?));
        named.into_iter().next()
    })?;
    let Known::Food(food) = found.known else {
        return None;
    };
    let is_missing = |word: &String| match word.as_str() {
        "sugar" | "sweetener" | "syrup" | "zucker" => food.sugar.is_some_and(|sugar| sugar <= LITTLE_SUGAR),
        "milk" | "cream" | "milch" => {
            matches!(food.kind, "Coffee" | "Tea") && food.kcal <= PLAIN_DRINK || food.category == "Food"
        }
        "ice" | "lemon" => food.category == "Drink",
        "salt" | "butter" => food.category == "Food",
        _ => false,
    };
    (!missing.is_empty() && missing.iter().all(is_missing)).then_some(at)
}
